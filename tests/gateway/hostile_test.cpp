// Peers that mean harm, or have come to harm, beside a service with a gateway: the gateway lets in
// whom it must, dies for nobody without a certificate, and is back where it dies; the service does
// not notice.
#include <random>

#include "tests/e2e/measure.hpp"
#include "tests/gateway/fixture.hpp"
#include "tests/gateway/tls_socket.hpp"
#include "tests/support/background_process.hpp"
#include "tests/support/places.hpp"
#include "tests/support/process_figures.hpp"
#include "tests/support/socket_client.hpp"

namespace mutirao::gateway {
namespace {

using tests::eventually;

/// A header of BASP: 32 bytes, numbers in the order of the network.
std::string basp_header(char operation, std::uint32_t payload, std::uint64_t data,
                        std::uint64_t source, std::uint64_t destination) {
  std::string bytes{operation, 0, 0, 0};
  const auto append = [&](std::uint64_t number, int size) {
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
      bytes += static_cast<char>(number >> static_cast<unsigned>(shift));
    }
  };
  append(payload, 4);
  append(data, 8);
  append(source, 8);
  append(destination, 8);
  return bytes;
}

// A handshake that announces no payload, where CAF 0.17.6 reads one.
const std::string deadly = basp_header(1, 0, 0, 0, 0);
// A message of almost 4 GB.
const std::string huge = basp_header(2, 0xfffffff0U, 0, 1, 1);

class hostile : public gateway_test {
 protected:
  void SetUp() override {
    gateway_test::SetUp();
    stop();
    certificates_ = make_certificates();
  }
  /// The service with its gateway, which is its child.
  void start_both(std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--with-gateway", "--gateway-listen", "127.0.0.1:0"});
    if (!certificates_.empty()) {
      more.insert(more.end(),
                  {"--gateway-certificate", certificates_ + "/gateway.pem", "--gateway-key",
                   certificates_ + "/gateway.key", "--gateway-ca", certificates_ + "/ca.pem"});
    } else {
      more.push_back("--gateway-insecure");
    }
    start(more);
    const auto line = service_->child().read_line();
    ASSERT_TRUE(line && line->starts_with("listening on caf://")) << service_->errors();
    port_ = static_cast<std::uint16_t>(std::atoi(line->c_str() + line->rfind(':') + 1));
  }
  pid_t gateway_process() {
    std::ifstream children("/proc/" + std::to_string(service_->child().id()) + "/task/" +
                           std::to_string(service_->child().id()) + "/children");
    pid_t id = 0;
    children >> id;
    return id;
  }
  std::int64_t restarts() {
    auto asking = nobody();
    return e2e::measure(asking, "mutirao_gateway_restarts_total");
  }
  std::int64_t listeners() {
    auto asking = nobody();
    return e2e::measure(asking, "mutirao_listeners");
  }
  client::link_options link_here() const {
    client::link_options options;
    options.port = port_;
    options.token = e2e::token_of({});
    options.first_pause = milliseconds(20);
    options.longest_pause = milliseconds(200);
    return options;
  }
  bool serves_peers(client::node_options options = {}) {
    if (!certificates_.empty()) options = node_with(certificates_);
    node other(options);
    return other.ask<v1::job_page>(other.link(link_here()), v1::list_jobs{}).has_value();
  }
  std::uint16_t port_ = 0;
};

/// Asks the service for its units while a test runs.
class users {
 public:
  users(std::uint16_t port, std::string token) : port_(port), token_(std::move(token)) {
    thread_ = std::thread([this] { run(); });
  }
  ~users() {
    if (thread_.joinable()) stop();
  }
  void stop_and_tell(const char* beside) {
    stop();
    std::sort(took_.begin(), took_.end());
    ASSERT_FALSE(took_.empty());
    const auto at = [&](double share) {
      return took_[std::min(took_.size() - 1,
                            static_cast<std::size_t>(share * static_cast<double>(took_.size())))];
    };
    std::cout << "the service beside " << beside << ": " << took_.size() << " answers, p50 "
              << at(0.5) << " ms, p99 " << at(0.99) << " ms\n";
    EXPECT_EQ(wrong_, 0);
    EXPECT_LT(at(0.99), 1'000);
  }

 private:
  void stop() {
    ends_ = true;
    thread_.join();
  }
  void run() {
    e2e::http_client by(port_, token_);
    while (!ends_) {
      const auto began = std::chrono::steady_clock::now();
      wrong_ += by.get("/api/unidades").status == 200 ? 0 : 1;
      took_.push_back(
          std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began)
              .count());
    }
  }

  std::uint16_t port_;
  std::string token_;
  std::atomic<bool> ends_ = false;
  std::vector<double> took_;
  int wrong_ = 0;
  std::thread thread_;
};

TEST_F(hostile, bytes_without_a_certificate_do_not_reach_the_protocol) {
  start_both();
  const auto before = gateway_process();
  users beside(service_->port(), e2e::token_of({}));
  std::mt19937 chance(7);
  std::string garbage(4'096, '\0');
  for (int round = 0; round < 100; ++round) {
    for (char& c : garbage) c = static_cast<char>(chance());
    for (const auto& bytes : {deadly, huge, garbage, std::string("GET / HTTP/1.1\r\n\r\n"),
                              std::string("\x16\x03\x01\x02\x00\x01", 6)}) {
      tests::socket_client client(port_);
      client.send(bytes);
    }
  }
  EXPECT_TRUE(serves_peers());
  EXPECT_EQ(gateway_process(), before) << "the gateway was restarted";
  EXPECT_EQ(restarts(), 0);
  beside.stop_and_tell("garbage for its gateway");
}

TEST_F(hostile, a_peer_with_a_certificate_may_end_the_gateway_and_it_is_back) {
  start_both();
  users beside(service_->port(), e2e::token_of({}));
  node other(node_with(certificates_));
  const auto kept = other.link(link_here());
  ASSERT_TRUE(other.ask<v1::job_page>(kept, v1::list_jobs{}));
  std::int64_t deaths = 0;
#ifdef __SANITIZE_ADDRESS__  // under which there is no limit: it would take them
  const std::vector<std::string> all{deadly, deadly};
#else
  const std::vector<std::string> all{deadly, huge, deadly};
#endif
  for (const auto& bytes : all) {
    const auto before = gateway_process();
    ASSERT_GT(before, 0);
    tls_socket peer(port_, node_with(certificates_));
    peer.send(bytes);
    EXPECT_TRUE(eventually([&] { return gateway_process() != before; }));
    ++deaths;
    // The link that others have comes back by itself.
    EXPECT_TRUE(other.ask<v1::job_page>(kept, v1::list_jobs{}));
    EXPECT_TRUE(eventually([&] { return restarts() == deaths; })) << restarts();
  }
  const auto made = other.ask<v1::accepted>(kept, submission("after"));
  EXPECT_TRUE(made);
  beside.stop_and_tell("a gateway that was killed thrice");
  stop();
}

TEST_F(hostile, five_hundred_silent_connections_are_borne_and_then_cut) {
  certificates_.clear();
  start();
  start_gateway({"--heartbeat", "200ms", "--silence", "2s"});
  port_ = gateway_->port();
  client::node_options timing;
  timing.heartbeat = milliseconds(200);
  timing.silence = milliseconds(2'000);
  users beside(service_->port(), e2e::token_of({}));
  std::vector<std::unique_ptr<tests::socket_client>> silent;
  for (int i = 0; i < 500; ++i) {
    silent.push_back(std::make_unique<tests::socket_client>(port_));
  }
  const auto gateway = gateway_->child().id();
  EXPECT_TRUE(eventually([&] { return testing::descriptors_of(gateway) > 500; }));
  EXPECT_TRUE(serves_peers(timing));
  EXPECT_TRUE(eventually([&] { return testing::descriptors_of(gateway) < 100; }, seconds(60)))
      << testing::descriptors_of(gateway) << " descriptors";
  EXPECT_TRUE(gateway_->child().running());
  EXPECT_TRUE(serves_peers(timing));
  beside.stop_and_tell("500 silent connections to its gateway");
}

TEST_F(hostile, connections_are_bounded) {
  certificates_.clear();
  start();
  start_gateway({"--max-connections", "20"});
  port_ = gateway_->port();
  node other;
  auto options = link_here();
  const auto kept = other.link(options);
  ASSERT_TRUE(other.ask<v1::job_page>(kept, v1::list_jobs{}));
  std::vector<std::unique_ptr<tests::socket_client>> silent;
  for (int i = 0; i < 200; ++i) {
    silent.push_back(std::make_unique<tests::socket_client>(port_));
  }
  const auto id = gateway_->child().id();
  EXPECT_TRUE(eventually([&] { return testing::descriptors_of(id) < 60; }));
  // The one that speaks is not among those that are cut.
  EXPECT_EQ(other.ask<client::link_view>(kept, client::get_link{})->sessions, 1U);
  EXPECT_TRUE(other.ask<v1::job_page>(kept, v1::list_jobs{}));
}

TEST_F(hostile, peers_that_are_stopped_or_killed_leave_nothing_behind) {
  certificates_.clear();
  start();
  start_gateway({"--heartbeat", "50ms", "--silence", "500ms"});
  users beside(service_->port(), e2e::token_of({}));
  testing::temporary_folder folder;
  const auto run_peer = [&](const std::string& name) {
    return std::make_unique<testing::background_process>(testing::background_process::setup{
        {testing::places.peer, std::to_string(gateway_->port()), e2e::token_of({}), "50", "500"},
        folder / name});
  };
  const auto says = [](const testing::background_process& one, const std::string& what) {
    return eventually([&] { return one.output().find(what) != std::string::npos; });
  };
  auto stopped = run_peer("stopped");
  auto killed = run_peer("killed");
  ASSERT_TRUE(says(*stopped, "following"));
  ASSERT_TRUE(says(*killed, "following"));
  EXPECT_TRUE(eventually([&] { return listeners() == 2; }));
  killed.reset();  // kill -9
  EXPECT_TRUE(eventually([&] { return listeners() == 1; }));
  stopped->send(SIGSTOP);
  EXPECT_TRUE(eventually([&] { return listeners() == 0; })) << listeners();
  stopped->send(SIGCONT);
  EXPECT_TRUE(eventually([&] { return listeners() == 1; })) << "it did not come back";
  auto user = as();
  wait_for_end(user, start_job(user));
  EXPECT_TRUE(says(*stopped, "notification")) << stopped->output();
  beside.stop_and_tell("peers that are stopped and killed");
}

TEST_F(hostile, the_gateway_ends_with_its_service) {
  start_both();
  const auto gateway = gateway_process();
  ASSERT_GT(gateway, 0);
  service_->kill();
  EXPECT_TRUE(
      eventually([&] { return !std::filesystem::exists(testing::process_folder(gateway)); }));
  start_both();
  const auto next = gateway_process();
  stop();
  EXPECT_FALSE(std::filesystem::exists(testing::process_folder(next)));
}

TEST_F(hostile, the_gateway_has_no_secret_and_no_file_of_the_service) {
  start_both();
  const auto folder = testing::process_folder(gateway_process());
  std::ifstream variables(folder / "environ", std::ios::binary);
  const std::string all{std::istreambuf_iterator<char>(variables), {}};
  EXPECT_EQ(all.find("SECRET"), std::string::npos);
  for (const auto& each : std::filesystem::directory_iterator(folder / "fd")) {
    std::error_code gone;
    const auto to = std::filesystem::read_symlink(each.path(), gone).string();
    EXPECT_EQ(to.find(".db"), std::string::npos) << to;
  }
}

TEST_F(hostile, a_stopped_gateway_does_not_hold_up_the_end) {
  start_both();
  ::kill(gateway_process(), SIGSTOP);
  const auto began = std::chrono::steady_clock::now();
  stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, seconds(20));
}

TEST_F(hostile, the_service_does_not_start_with_a_gateway_that_cannot) {
  const auto ended = e2e::run_program({{"serve", "--database", url(), "--listen", "127.0.0.1:0",
                                        "--with-gateway", "--gateway-listen", "127.0.0.1:0"},
                                       e2e::with_secret()});
  EXPECT_EQ(ended.code, 2) << ended.err;
  EXPECT_NE(ended.err.find("--gateway-certificate"), std::string::npos) << ended.err;
  const auto alone =
      e2e::run_program({{"serve", "--database", url(), "--gateway-insecure"}, e2e::with_secret()});
  EXPECT_EQ(alone.code, 2);
  EXPECT_NE(alone.err.find("--with-gateway"), std::string::npos) << alone.err;
}

}  // namespace
}  // namespace mutirao::gateway
