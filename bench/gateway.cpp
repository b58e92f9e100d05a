// What another CAF node gets through the gateway, beside what HTTP gives directly.
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <condition_variable>
#include <filesystem>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>

#include "bench/connection.hpp"
#include "bench/failure.hpp"
#include "bench/listeners.hpp"
#include "bench/load.hpp"
#include "bench/rows.hpp"
#include "bench/token.hpp"
#include "mutirao/client.hpp"

namespace mutirao::bench {
namespace {

namespace v1 = protocol::v1;
using steady = std::chrono::steady_clock;

constexpr double seconds = 2;
constexpr std::size_t in_flight = 50;
constexpr int events = 200;
constexpr std::size_t finished = 150;  // companies of the job that is asked for
constexpr std::size_t resting = 2'000;

/// A gateway with certificates, and a node that has a link to it.
class caf_node {
 public:
  caf_node(const setup& in, const service& to, const std::string& token)
      : certificates_(in.folder + "/certs"),
        gateway_(arguments(in, to), in.folder + "/gateway.log") {
    const auto line = gateway_.first_line();
    client::node_options files;
    files.certificate = certificates_ + "/client.pem";
    files.key = certificates_ + "/client.key";
    files.ca = certificates_ + "/ca.pem";
    client::configure(config_, files);
    system_ = std::make_unique<caf::actor_system>(config_);
    client::link_options options;
    options.port = static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
    options.token = token;
    link_ = client::open_link(*system_, options);
  }
  ~caf_node() {
    caf::anon_send(link_, client::close_link{});
    link_ = nullptr;
    system_.reset();
    gateway_.end();
  }
  caf_node(const caf_node&) = delete;
  caf_node& operator=(const caf_node&) = delete;

  caf::actor_system& system() { return *system_; }
  const client::link_actor& link() const { return link_; }

 private:
  std::vector<std::string> arguments(const setup& in, const service& to) const {
    std::filesystem::remove_all(certificates_);
    process certs({in.program, "certs", "--out", certificates_}, in.folder + "/certs.log");
    require(certs.wait() == 0, "no certificates");
    return {in.program,      "gateway",
            "--listen",      "127.0.0.1:0",
            "--url",         "http://127.0.0.1:" + std::to_string(to.port()),
            "--certificate", certificates_ + "/gateway.pem",
            "--key",         certificates_ + "/gateway.key",
            "--ca",          certificates_ + "/ca.pem"};
  }

  std::string certificates_;
  process gateway_;
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  client::link_actor link_;
};

/// Asks for a job, so many times at once, until its time is over; then says how often it was
/// answered.
caf::behavior ask_on(caf::event_based_actor* self, client::link_actor link, std::string job,
                     stopwatch watch, std::promise<std::size_t>* done) {
  struct counts {
    std::size_t out = 0, answered = 0;
    bool over = false;
  };
  const auto state = std::make_shared<counts>();
  const auto ask = std::make_shared<std::function<void()>>();
  *ask = [=] {
    ++state->out;
    self->request(link, caf::infinite, v1::get_job{job})
        .then(
            [=](const v1::job&) {
              --state->out;
              if (watch.seconds() < seconds) {
                ++state->answered;
                return (*ask)();
              }
              if (state->out > 0) return;
              done->set_value(state->answered);
              *ask = nullptr;
              self->quit();
            },
            [=](const caf::error& why) {
              if (std::exchange(state->over, true)) return;
              done->set_exception(std::make_exception_ptr(std::runtime_error(caf::to_string(why))));
              self->quit();
            });
  };
  for (std::size_t i = 0; i < in_flight; ++i) (*ask)();
  return {[](v1::get_job&) {}};
}

double by_gateway(caf_node& other, const std::string& job) {
  std::promise<std::size_t> done;
  other.system().spawn(ask_on, other.link(), job, stopwatch(), &done);
  return static_cast<double>(done.get_future().get()) / seconds;
}

double directly(std::uint16_t port, const std::string& request) {
  load_options options;
  options.port = port;
  options.connections = in_flight;
  options.seconds = seconds;
  options.next = [&] { return std::optional<std::string_view>(request); };
  options.right = [](std::string_view, const response& answer) { return answer.status == 200; };
  return put_load(options).per_second();
}

/// Tells the thread that measures of each event, and gives its credit back.
v1::listener_actor::behavior_type note_events(v1::listener_actor::pointer self,
                                              client::link_actor link,
                                              std::function<void()> heard) {
  return {[=](const v1::job_event& event) {
            heard();
            self->send(link, v1::acknowledge{event.subscription, event.serial});
          },
          [=](const v1::notification_event& event) {
            self->send(link, v1::acknowledge{event.subscription, event.serial});
          },
          [](const v1::subscription_ended&) {}};
}

struct delays {
  std::vector<double> gateway, stream;  // milliseconds from the request
};

/// Each event reaches a stream and a node.
void time_events(caf_node& other, std::uint16_t port, const std::string& job,
                 const std::string& token, delays& into) {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<steady::time_point> heard;
  const auto listener = other.system().spawn(note_events, other.link(), std::function<void()>([&] {
                                               const std::lock_guard hold(mutex);
                                               heard.push_back(steady::now());
                                               changed.notify_one();
                                             }));
  caf::scoped_actor self{other.system()};
  self->request(other.link(), std::chrono::seconds(10), client::follow_user{"", listener})
      .receive([](const v1::subscribed&) {},
               [](const caf::error&) { require(false, "no subscription"); });
  listeners stream(port, 1, by_stream(token));
  connection control(port);
  for (int i = 0; i < events; ++i) {
    const stopwatch watch;
    const auto began = steady::now();
    require(control.ask(priority_text(job, token, i % 10 + 1)).successful(), "no priority");
    into.stream.push_back(stream.next_event(watch).front());
    std::unique_lock hold(mutex);
    const auto wanted = static_cast<std::size_t>(i) + 1;
    require(
        changed.wait_for(hold, std::chrono::seconds(10), [&] { return heard.size() >= wanted; }),
        "an event does not come");
    const std::chrono::duration<double, std::milli> took = heard[wanted - 1] - began;
    into.gateway.push_back(took.count());
  }
  caf::anon_send_exit(listener, caf::exit_reason::kill);
  self->wait_for(listener);
}

}  // namespace

void measure_gateway(const setup& in, report& into) {
  std::vector<double> ours, http;
  delays found;
  for (std::size_t i = 0; i < in.repetitions; ++i) {
    const database_file file(in, "ours", populate({{1, finished}, {1, resting}}));
    service running(in, file);
    const auto token = token_of(1, 1, 2);
    job_client poster(running.port(), token);
    const auto done = poster.post(1);
    poster.wait(done, 1'000);
    caf_node other(in, running, token);
    http.push_back(directly(running.port(), status_text(done, token)));
    ours.push_back(by_gateway(other, done));

    const auto paused = poster.post(2, 5);
    connection control(running.port());
    const auto base = "/api/empresas/jobs/" + paused;
    require(control.ask(request_text("POST", base + "/pause", token)).successful(), "no pause");
    time_events(other, running.port(), paused, token, found);
    require(control.ask(request_text("POST", base + "/resume", token)).successful(), "no resume");
    running.wait_until_idle(std::chrono::seconds(60));
  }
  into.rate("GET status/s by a CAF node through the gateway", "/s", ours, http, 0.01, 0.1);
  into.bound("request to event, a CAF node, p50", "ms", {median(found.gateway)}, 50, 10,
             {median(found.stream)});
  into.bound("the same, p99", "ms", {quantile(found.gateway, 0.99)}, 100, 20,
             {quantile(found.stream, 0.99)});
}

}  // namespace mutirao::bench
