// Sockets behind an edge, told things by several threads at once, as actors do. No CAF: this runs
// under the thread sanitizer too.
#include "http/socketio/server.hpp"
#include "tests/http/edge/edge_fixture.hpp"
#include "tests/support/web_socket_client.hpp"

namespace mutirao::http {
namespace {

using tests::web_socket_client;

class counting final : public randomness {
 public:
  std::uint64_t next() override { return ++last_; }

 private:
  std::atomic<std::uint64_t> last_{0};
};

class edge_sockets : public edge_test {
 protected:
  void SetUp() override {
    socketio::hooks call;
    call.named = [this](std::shared_ptr<socketio::socket> who, std::string) {
      const std::lock_guard guard(mutex_);
      named_.push_back(std::move(who));
    };
    call.cut_slow = [] {};
    call.count = [this](std::size_t open) { open_ = open; };
    within.deadline_check = milliseconds(1);
    sockets = std::make_unique<socketio::server>(within, std::chrono::seconds(30), chance_,
                                                 std::move(call));
    hooks.upgrade = [this](const request&, handed_socket&& socket) {
      return sockets->take(std::move(socket));
    };
    start();
  }
  void TearDown() override {
    sockets->stop();
    server->stop();
  }
  std::vector<std::shared_ptr<socketio::socket>> named() {
    const std::lock_guard guard(mutex_);
    return named_;
  }
  /// All that an actor does to its socket, to all of them, until told to end.
  void tell_all(const std::atomic<bool>& ends) {
    for (std::size_t round = 0; !ends; ++round) {
      for (const auto& each : named()) {
        if (each->outstanding() < within.low_water) each->send("42[\"told\"]");
        each->on_room([this] { ++called_; });
        each->on_taken([this] { ++called_; });
        each->on_gone([this] { ++called_; });
        if (round % 64 == 63) each->close();
      }
      std::this_thread::yield();
    }
  }

  socketio::limits within;
  std::unique_ptr<socketio::server> sockets;
  std::atomic<std::size_t> open_{0};
  std::atomic<int> called_{0};

 private:
  counting chance_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<socketio::socket>> named_;
};

TEST_F(edge_sockets, are_told_by_many_threads_while_clients_come_and_go) {
  std::atomic<bool> ends{false};
  std::vector<std::thread> telling;
  for (int i = 0; i < 3; ++i) telling.emplace_back([&] { tell_all(ends); });
  for (int i = 0; i < 100; ++i) {
    web_socket_client client(server->port());
    ASSERT_EQ(client.status(), 101);
    client.name("t");
    EXPECT_TRUE(client.hears("told"));
    if (i % 3 == 0) {
      client.socket().reset();
    } else if (i % 3 == 1) {
      EXPECT_TRUE(client.ends());
    }
  }
  ends = true;
  for (auto& one : telling) one.join();
  EXPECT_TRUE(eventually([this] { return open_ == 0; }));
  EXPECT_GT(called_, 100);
  for (const auto& each : named()) EXPECT_FALSE(each->send("42[\"more\"]"));
}

TEST_F(edge_sockets, may_be_told_while_all_are_stopped) {
  std::vector<web_socket_client> clients;
  for (int i = 0; i < 20; ++i) {
    clients.emplace_back(server->port());
    clients.back().name("t");
  }
  ASSERT_TRUE(eventually([this] { return named().size() == 20; }));
  std::atomic<bool> ends{false};
  std::thread telling([&] { tell_all(ends); });
  ASSERT_TRUE(eventually([this] { return called_ > 100; }));
  const auto began = std::chrono::steady_clock::now();
  sockets->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, within.close_deadline);
  EXPECT_EQ(open_, 0U);
  ends = true;
  telling.join();
  for (auto& one : clients) EXPECT_TRUE(one.ends());
}

}  // namespace
}  // namespace mutirao::http
