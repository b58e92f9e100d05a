#include "app/telemetry.hpp"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <sstream>

#include "tests/app/metric_value.hpp"

namespace mutirao::app {
namespace {

class still_clock final : public clock {
 public:
  instant now() const override { return instant{std::chrono::milliseconds(0)}; }
  date today() const override { return date{}; }
};

std::string written(log_level least, const std::function<void(service_telemetry&)>& act) {
  std::ostringstream text;
  const still_clock time;
  {
    service_telemetry telemetry(least, time,
                                std::make_shared<spdlog::sinks::ostream_sink_mt>(text));
    act(telemetry);
  }  // writes what waits
  return text.str();
}

TEST(Telemetry, AnEventIsOneLine) {
  EXPECT_EQ(written(log_level::info,
                    [](service_telemetry& to) {
                      to.log(log_level::warning, "job_failed", {{"user", std::int64_t{7}}});
                    }),
            "ts=1970-01-01T00:00:00.000Z level=warning event=job_failed user=7\n");
}

TEST(Telemetry, ValuesAreNoFormats) {
  const std::string text = written(log_level::info, [](service_telemetry& to) {
    to.log(log_level::info, "x", {{"a", std::string_view("{}%v%n{0}")}});
  });
  EXPECT_EQ(text, "ts=1970-01-01T00:00:00.000Z level=info event=x a={}%v%n{0}\n");
}

TEST(Telemetry, LinesBelowTheLevelAreLeftOut) {
  const std::string text = written(log_level::warning, [](service_telemetry& to) {
    to.log(log_level::debug, "a", {});
    to.log(log_level::info, "b", {});
    to.log(log_level::warning, "c", {});
    to.log(log_level::error, "d", {});
  });
  EXPECT_EQ(text,
            "ts=1970-01-01T00:00:00.000Z level=warning event=c\n"
            "ts=1970-01-01T00:00:00.000Z level=error event=d\n");
}

TEST(Telemetry, LinesKeepTheirOrder) {
  const std::string text = written(log_level::info, [](service_telemetry& to) {
    for (int i = 0; i < 1000; ++i) to.log(log_level::info, std::to_string(i), {});
  });
  std::string wanted;
  for (int i = 0; i < 1000; ++i) {
    wanted += "ts=1970-01-01T00:00:00.000Z level=info event=" + std::to_string(i) + "\n";
  }
  EXPECT_EQ(text, wanted);
}

TEST(Telemetry, EveryCounterAndGaugeHasAMeasure) {
  metrics all;
  for (int i = 0; i <= static_cast<int>(counter::plans_stale); ++i) {
    all.add(static_cast<counter>(i), i + 1);
  }
  for (int i = 0; i <= static_cast<int>(gauge::batches_out); ++i) {
    all.set(static_cast<gauge>(i), i + 10);
  }
  const std::string text = all.render();
  EXPECT_EQ(metric_value(text, "mutirao_companies_planned_total"), "1");
  EXPECT_EQ(metric_value(text, "mutirao_rows_written_total"), "2");
  EXPECT_EQ(metric_value(text, "mutirao_commits_total"), "3");
  EXPECT_EQ(metric_value(text, "mutirao_jobs_started_total"), "4");
  EXPECT_EQ(metric_value(text, "mutirao_jobs_completed_total"), "5");
  EXPECT_EQ(metric_value(text, "mutirao_jobs_failed_total"), "6");
  EXPECT_EQ(metric_value(text, "mutirao_jobs_cancelled_total"), "7");
  EXPECT_EQ(metric_value(text, "mutirao_batches_retried_total"), "8");
  EXPECT_EQ(metric_value(text, "mutirao_plans_stale_total"), "9");
  EXPECT_EQ(metric_value(text, "mutirao_store_queue_commands"), "10");
  EXPECT_EQ(metric_value(text, "mutirao_pool_queue_batches"), "11");
  EXPECT_EQ(metric_value(text, "mutirao_live_jobs"), "12");
  EXPECT_EQ(metric_value(text, "mutirao_batches_out"), "13");
}

TEST(Telemetry, RequestsAreCountedByRouteAndStatus) {
  metrics all;
  all.request_took("/a/:id", 200, std::chrono::milliseconds(2));
  all.request_took("/a/:id", 200, std::chrono::milliseconds(3));
  all.request_took("/a/:id", 404, std::chrono::milliseconds(1));
  const std::string text = all.render();
  const std::string name = "mutirao_http_request_duration_seconds_";
  EXPECT_EQ(metric_value(text, name + "count{route=\"/a/:id\",status=\"200\"}"), "2");
  EXPECT_EQ(metric_value(text, name + "count{route=\"/a/:id\",status=\"404\"}"), "1");
  EXPECT_EQ(metric_value(text, name + "bucket{route=\"/a/:id\",status=\"200\",le=\"0.0025\"}"),
            "1");
  EXPECT_EQ(metric_value(text, name + "bucket{route=\"/a/:id\",status=\"200\",le=\"0.005\"}"), "2");
}

TEST(Telemetry, MoreRoutesThanThereIsRoomForAreNotCounted) {
  metrics all;
  for (int i = 0; i < 3000; ++i) {
    all.request_took("/" + std::to_string(i), 200, std::chrono::milliseconds(1));
  }
  EXPECT_NE(all.render().find("route=\"/0\""), std::string::npos);
}

TEST(Telemetry, WhatIsReadAtARenderIsSetThen) {
  metrics all;
  http::edge_counters counters;
  counters.open = 3;
  counters.accepted = 10;
  all.before_render([&counters](metrics& to) {
    to.set_jobs({1, 2, 3, 4, 5, 6, 7});
    to.set_connections(counters);
  });
  EXPECT_EQ(metric_value(all.render(), "mutirao_connections_accepted_total"), "10");
  counters.accepted = 12;
  const std::string text = all.render();
  EXPECT_EQ(metric_value(text, "mutirao_connections_accepted_total"), "12");
  EXPECT_EQ(metric_value(text, "mutirao_open_connections"), "3");
  EXPECT_EQ(metric_value(text, "mutirao_jobs{state=\"pending\"}"), "1");
  EXPECT_EQ(metric_value(text, "mutirao_jobs{state=\"cancelled\"}"), "7");
}

TEST(Telemetry, TheBuildIsNamed) {
  metrics all;
  EXPECT_NE(all.render().find("mutirao_build_info{commit=\""), std::string::npos);
}

}  // namespace
}  // namespace mutirao::app
