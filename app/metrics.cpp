#include "app/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <atomic>
#include <memory>
#include <vector>

#include "app/version.hpp"

namespace mutirao::app {
namespace {

using prometheus::Labels;
using prometheus::Registry;
using histogram_family = prometheus::Family<prometheus::Histogram>;

struct described {
  const char* name;
  const char* help;
};

// In the order of domain's `counter`.
constexpr std::array<described, 23> counters{{
    {"mutirao_jobs_created_total", "Jobs that were stored."},
    {"mutirao_jobs_joined_total",
     "Requests answered with a job that was there: a double click, a known idempotency key."},
    {"mutirao_jobs_retried_total", "Further runs of jobs that were asked for."},
    {"mutirao_companies_planned_total", "Companies whose tasks were planned."},
    {"mutirao_rows_written_total", "Rows of tasks and events that were committed."},
    {"mutirao_commits_total", "Transactions that were committed."},
    {"mutirao_jobs_started_total", "Jobs that were taken up for the first time in a run."},
    {"mutirao_jobs_completed_total", "Runs of jobs that completed."},
    {"mutirao_jobs_failed_total", "Runs of jobs that failed."},
    {"mutirao_jobs_cancelled_total", "Runs of jobs that were cancelled."},
    {"mutirao_batches_retried_total", "Batches that were tried again after a passing error."},
    {"mutirao_plans_stale_total", "Companies that changed between plan and commit."},
    {"mutirao_batches_stalled_total", "Batches that nothing came back of in time."},
    {"mutirao_rows_pruned_total",
     "Rows of jobs, notifications and keys that were kept long enough."},
    {"mutirao_webhooks_delivered_total", "Webhooks that were answered 2xx."},
    {"mutirao_webhooks_failed_total", "Attempts at webhooks that failed."},
    {"mutirao_webhooks_dead_total", "Webhooks that were given up."},
    {"mutirao_sockets_cut_slow_total", "Sockets cut because they took nothing, or too little."},
    {"mutirao_schedules_fired_total", "Jobs that schedules made or joined when they were due."},
    {"mutirao_schedules_refused_total",
     "Due times of schedules, and units of them, that were refused for good."},
    {"mutirao_sign_ins_total", "Users who signed in."},
    {"mutirao_sign_ins_refused_total", "Wrong e-mails or passwords, and disabled users."},
    {"mutirao_sign_ins_slowed_total", "Tries refused because there were too many wrong ones."},
}};
static_assert(counters.size() == static_cast<std::size_t>(counter::sign_ins_slowed) + 1);

// In the order of domain's `gauge`.
constexpr std::array<described, 13> gauges{{
    {"mutirao_store_queue_commands", "Commands that wait for the writer."},
    {"mutirao_store_away",
     "1: nothing can be stored now (the disk is full, read-only or broken, or the file is held)."},
    {"mutirao_pool_queue_batches", "Batches that wait for a worker."},
    {"mutirao_live_jobs", "Jobs that are taken up."},
    {"mutirao_batches_out", "Batches that are planned or committed now."},
    {"mutirao_lease_until_timestamp_seconds",
     "Until when this process has said that it lives; renewed while it has jobs."},
    {"mutirao_webhooks_unsettled", "Webhooks that are neither delivered nor given up."},
    {"mutirao_webhooks_oldest_seconds", "Age of the oldest of them."},
    {"mutirao_listeners", "Clients that are told of events as they happen."},
    {"mutirao_sockets", "Socket.IO connections, also those that have not said who they are."},
    {"mutirao_schedules_oldest_due_timestamp_seconds",
     "Since when the oldest schedule has been due; 0: none is."},
    {"mutirao_database_away", "1: the database server does not answer this process."},
    {"mutirao_leads", "1: of all processes on the database this one sends webhooks and prunes."},
}};
static_assert(gauges.size() == static_cast<std::size_t>(gauge::leads) + 1);

struct connection_measure {
  described text;
  std::uint64_t http::edge_counters::*value;
};
constexpr std::array<connection_measure, 9> connection_totals{{
    {{"mutirao_connections_accepted_total", "Connections accepted."},
     &http::edge_counters::accepted},
    {{"mutirao_connections_refused_total", "Connections over the limit."},
     &http::edge_counters::refused},
    {{"mutirao_requests_total", "Well-formed requests."}, &http::edge_counters::requests},
    {{"mutirao_requests_malformed_total", "Requests refused before any handler."},
     &http::edge_counters::malformed},
    {{"mutirao_requests_unanswered_total", "Requests that nobody answered (503)."},
     &http::edge_counters::dropped},
    {{"mutirao_requests_late_total", "Requests past their deadline (504)."},
     &http::edge_counters::late},
    {{"mutirao_requests_threw_total", "Requests whose handler failed (500)."},
     &http::edge_counters::threw},
    {{"mutirao_connections_cut_slow_total", "Clients cut because they took nothing."},
     &http::edge_counters::cut_slow},
    {{"mutirao_connections_cut_deadline_total", "Clients cut at a deadline."},
     &http::edge_counters::cut_deadline},
}};

const std::vector<double> request_buckets{0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                          0.05,   0.1,    0.25,  0.5,    1,     2.5,  10};
const std::vector<double> commit_buckets{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                                         0.025,  0.05,    0.1,    0.25,  0.5,    1,     5};

prometheus::Counter& one_counter(Registry& registry, const described& what) {
  return prometheus::BuildCounter().Name(what.name).Help(what.help).Register(registry).Add({});
}

prometheus::Gauge& one_gauge(Registry& registry, const described& what) {
  return prometheus::BuildGauge().Name(what.name).Help(what.help).Register(registry).Add({});
}

// Follows what somebody else counts; several renders at a time add each step once.
class following_counter {
 public:
  following_counter(Registry& registry, const described& what)
      : counter_(one_counter(registry, what)) {}

  void follow(std::uint64_t total) {
    std::uint64_t before = seen_.load();
    while (total > before) {
      if (!seen_.compare_exchange_weak(before, total)) continue;
      counter_.Increment(static_cast<double>(total - before));
      return;
    }
  }

 private:
  prometheus::Counter& counter_;
  std::atomic<std::uint64_t> seen_ = 0;
};

// The histogram of each route and status. Looked up without a lock: one is added a few dozen times
// in the life of a process and read at every request.
class request_meter {
 public:
  explicit request_meter(histogram_family& family) : family_(family) {}
  ~request_meter() {
    for (auto& slot : slots_) delete slot.load();
  }
  request_meter(const request_meter&) = delete;
  request_meter& operator=(const request_meter&) = delete;

  void observe(std::string_view route, int status, double seconds) {
    const std::size_t begin =
        std::hash<std::string_view>{}(route) + static_cast<std::size_t>(status) * 0x9e3779b1U;
    for (std::size_t step = 0; step < slots_.size(); ++step) {
      std::atomic<const entry*>& slot = slots_[(begin + step) % slots_.size()];
      const entry* found = slot.load(std::memory_order_acquire);
      if (found == nullptr) found = add(slot, route, status);
      if (found->status == status && found->route == route) {
        found->histogram->Observe(seconds);
        return;
      }
    }
  }

 private:
  struct entry {
    std::string route;
    int status;
    prometheus::Histogram* histogram;
  };

  // What stands in `slot` afterwards, which may be another thread's.
  const entry* add(std::atomic<const entry*>& slot, std::string_view route, int status) {
    auto made = std::make_unique<entry>(entry{std::string(route), status, nullptr});
    made->histogram =
        &family_.Add({{"route", made->route}, {"status", std::to_string(status)}}, request_buckets);
    const entry* standing = nullptr;
    if (slot.compare_exchange_strong(standing, made.get(), std::memory_order_acq_rel)) {
      return made.release();
    }
    return standing;
  }

  histogram_family& family_;
  std::array<std::atomic<const entry*>, 1024> slots_{};
};

}  // namespace

struct metrics::families {
  Registry registry;
  std::array<prometheus::Counter*, counters.size()> counted{};
  std::array<prometheus::Gauge*, gauges.size()> gauged{};
  std::array<prometheus::Gauge*, job_state_count> jobs{};
  std::array<std::unique_ptr<following_counter>, connection_totals.size()> connections;
  prometheus::Gauge& open_connections =
      one_gauge(registry, {"mutirao_open_connections", "Connections open now."});
  following_counter dropped_lines{
      registry, {"mutirao_log_lines_dropped_total", "Log lines lost to a slow reader."}};
  following_counter gateway_restarts{
      registry, {"mutirao_gateway_restarts_total", "Starts of the gateway after it died."}};
  prometheus::Gauge& gateway_up =
      one_gauge(registry, {"mutirao_gateway_up", "1 while a gateway runs beside this service."});
  prometheus::Histogram& commit = prometheus::BuildHistogram()
                                      .Name("mutirao_commit_duration_seconds")
                                      .Help("Time of one durable transaction.")
                                      .Register(registry)
                                      .Add({}, commit_buckets);
  histogram_family& request_family =
      prometheus::BuildHistogram()
          .Name("mutirao_http_request_duration_seconds")
          .Help("From a request's head to its answer, by route and status.")
          .Register(registry);
  request_meter requests{request_family};
  std::function<void(metrics&)> refresh;
};

metrics::metrics() : families_(std::make_unique<families>()) {
  Registry& registry = families_->registry;
  for (std::size_t i = 0; i < counters.size(); ++i) {
    families_->counted[i] = &one_counter(registry, counters[i]);
  }
  for (std::size_t i = 0; i < gauges.size(); ++i) {
    families_->gauged[i] = &one_gauge(registry, gauges[i]);
  }
  for (std::size_t i = 0; i < connection_totals.size(); ++i) {
    families_->connections[i] =
        std::make_unique<following_counter>(registry, connection_totals[i].text);
  }
  auto& by_state = prometheus::BuildGauge()
                       .Name("mutirao_jobs")
                       .Help("Stored jobs by state.")
                       .Register(registry);
  for (std::uint8_t i = 0; i < job_state_count; ++i) {
    const std::string state(to_string(static_cast<job_state>(i)));
    families_->jobs[i] = &by_state.Add({{"state", state}});
  }
  prometheus::BuildGauge()
      .Name("mutirao_build_info")
      .Help("Always 1; the labels say which build this is.")
      .Register(registry)
      .Add({{"version", std::string(version())}, {"commit", std::string(commit())}})
      .Set(1);
}

metrics::~metrics() = default;

void metrics::add(counter what, double amount) {
  families_->counted.at(static_cast<std::size_t>(what))->Increment(amount);
}

void metrics::set(gauge what, double value) {
  families_->gauged.at(static_cast<std::size_t>(what))->Set(value);
}

double metrics::value_of(gauge what) const {
  return families_->gauged.at(static_cast<std::size_t>(what))->Value();
}

void metrics::commit_took(std::chrono::duration<double> length) {
  families_->commit.Observe(length.count());
}

void metrics::request_took(std::string_view route, int status,
                           std::chrono::duration<double> length) {
  families_->requests.observe(route, status, length.count());
}

void metrics::set_jobs(const std::array<std::int64_t, job_state_count>& by_state) {
  for (std::size_t i = 0; i < by_state.size(); ++i) {
    families_->jobs[i]->Set(static_cast<double>(by_state[i]));
  }
}

void metrics::set_connections(const http::edge_counters& counters_now) {
  families_->open_connections.Set(static_cast<double>(counters_now.open));
  for (std::size_t i = 0; i < connection_totals.size(); ++i) {
    families_->connections[i]->follow(counters_now.*connection_totals[i].value);
  }
}

void metrics::set_dropped_lines(std::uint64_t lines) {
  families_->dropped_lines.follow(lines);
}

void metrics::set_gateway(std::uint64_t restarts, bool up) {
  families_->gateway_restarts.follow(restarts);
  families_->gateway_up.Set(up ? 1 : 0);
}

void metrics::before_render(std::function<void(metrics&)> refresh) {
  families_->refresh = std::move(refresh);
}

std::string metrics::render() {
  if (families_->refresh) families_->refresh(*this);
  return prometheus::TextSerializer{}.Serialize(families_->registry.Collect());
}

}  // namespace mutirao::app
