#include "app/telemetry.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <unistd.h>

#include <climits>
#include <sstream>

#include "app/descriptor_sink.hpp"
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

class full_pipe {
 public:
  full_pipe() {
    if (::pipe2(ends_.data(), O_NONBLOCK | O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    const std::string block(PIPE_BUF, 'x');
    while (::write(ends_[1], block.data(), block.size()) > 0) ++blocks_;
    ::fcntl(ends_[1], F_SETFL, 0);
  }
  ~full_pipe() {
    for (const int end : ends_) ::close(end);
  }
  full_pipe(const full_pipe&) = delete;
  full_pipe& operator=(const full_pipe&) = delete;

  int end() const { return ends_[1]; }
  /// What was written behind the filling.
  std::string read_on() {
    std::string all;
    std::array<char, PIPE_BUF> block{};
    for (ssize_t got = 0; (got = ::read(ends_[0], block.data(), block.size())) > 0;) {
      all.append(block.data(), static_cast<std::size_t>(got));
    }
    return all.substr(static_cast<std::size_t>(std::exchange(blocks_, 0)) * PIPE_BUF);
  }

 private:
  std::array<int, 2> ends_{};
  int blocks_ = 0;
};

void log_to(int descriptor, int lines) {
  const still_clock time;
  service_telemetry telemetry(log_level::info, time, std::make_shared<descriptor_sink>(descriptor));
  for (int i = 0; i < lines; ++i) telemetry.log(log_level::info, std::to_string(i), {});
}

TEST(Telemetry, AnEndWaitsForNoReaderThatTakesNothing) {
  full_pipe pipe;
  log_to(pipe.end(), 3);  // would never come back
  EXPECT_EQ(pipe.read_on(), "");
}

TEST(Telemetry, AnEndWritesWhatWaitsWhereThereIsRoom) {
  full_pipe pipe;
  pipe.read_on();
  log_to(pipe.end(), 100);
  const auto text = pipe.read_on();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 100);
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

TEST(Telemetry, EveryCounterAndGaugeHasItsMeasure) {
  const std::vector<std::pair<counter, std::string>> counters{
      {counter::jobs_created, "jobs_created"},
      {counter::jobs_joined, "jobs_joined"},
      {counter::jobs_retried, "jobs_retried"},
      {counter::companies_planned, "companies_planned"},
      {counter::rows_written, "rows_written"},
      {counter::commits, "commits"},
      {counter::jobs_started, "jobs_started"},
      {counter::jobs_completed, "jobs_completed"},
      {counter::jobs_failed, "jobs_failed"},
      {counter::jobs_cancelled, "jobs_cancelled"},
      {counter::batches_retried, "batches_retried"},
      {counter::plans_stale, "plans_stale"},
      {counter::batches_stalled, "batches_stalled"},
      {counter::rows_pruned, "rows_pruned"},
      {counter::webhooks_delivered, "webhooks_delivered"},
      {counter::webhooks_failed, "webhooks_failed"},
      {counter::webhooks_dead, "webhooks_dead"},
      {counter::sockets_cut_slow, "sockets_cut_slow"},
      {counter::schedules_fired, "schedules_fired"},
      {counter::schedules_refused, "schedules_refused"},
      {counter::sign_ins, "sign_ins"},
      {counter::sign_ins_refused, "sign_ins_refused"},
      {counter::sign_ins_slowed, "sign_ins_slowed"}};
  const std::vector<std::pair<gauge, std::string>> gauges{
      {gauge::store_queue, "store_queue_commands"},
      {gauge::store_away, "store_away"},
      {gauge::pool_queue, "pool_queue_batches"},
      {gauge::live_jobs, "live_jobs"},
      {gauge::batches_out, "batches_out"},
      {gauge::lease_until, "lease_until_timestamp_seconds"},
      {gauge::webhooks_unsettled, "webhooks_unsettled"},
      {gauge::webhooks_oldest, "webhooks_oldest_seconds"},
      {gauge::listeners, "listeners"},
      {gauge::sockets, "sockets"},
      {gauge::schedules_oldest_due, "schedules_oldest_due_timestamp_seconds"}};
  metrics all;
  for (std::size_t i = 0; i < counters.size(); ++i) {
    all.add(counters[i].first, static_cast<double>(i + 1));
  }
  for (std::size_t i = 0; i < gauges.size(); ++i) {
    all.set(gauges[i].first, static_cast<double>(i + 100));
  }
  const std::string text = all.render();
  for (std::size_t i = 0; i < counters.size(); ++i) {
    const auto name = "mutirao_" + counters[i].second + "_total";
    EXPECT_EQ(metric_value(text, name), std::to_string(i + 1)) << name;
  }
  for (std::size_t i = 0; i < gauges.size(); ++i) {
    const auto name = "mutirao_" + gauges[i].second;
    EXPECT_EQ(metric_value(text, name), std::to_string(i + 100)) << name;
  }
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
