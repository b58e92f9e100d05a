// What a listener is told, and what it costs the gateway when the listener stops.
#include <list>
#include <thread>

#include "tests/e2e/measure.hpp"
#include "tests/gateway/fixture.hpp"
#include "tests/support/process_figures.hpp"

namespace mutirao::gateway {
namespace {

class events : public gateway_test {
 protected:
  std::string submit(node& by, const client::link_actor& link, const std::string& key,
                     std::int64_t unit = 1) {
    const auto made = by.ask<v1::accepted>(link, submission(key, unit));
    EXPECT_TRUE(made) << made.error().text;
    return made ? made->job_id : "";
  }
  std::int64_t last_number() {
    auto stored = db();
    return std::stoll(
        stored.rows("SELECT coalesce(max(seq), 0) FROM job_events WHERE user_id = 7").at(0).at(0));
  }
};

std::vector<std::string> numbers_of(const std::vector<heard_event>& all) {
  std::vector<std::string> numbers;
  for (const auto& each : all) {
    if (!each.number.empty()) numbers.push_back(each.number);
  }
  return numbers;
}

TEST_F(events, of_a_job_end_with_its_end) {
  start_gateway();
  node other;
  const auto link = other.link(link_to());
  const auto into = std::make_shared<heard>();
  const auto listener = other.listener(into, caf::actor_cast<caf::actor>(link));
  const auto job = submit(other, link, "k");
  ASSERT_TRUE(other.ask<v1::subscribed>(link, client::follow_job{job, listener}));
  ASSERT_TRUE(into->wait_for("ended"));
  const auto all = into->all();
  EXPECT_EQ(all.front().name, "snapshot");
  EXPECT_EQ(all.back().code, 0) << all.back().text;
  const auto& last = all[all.size() - 2];
  EXPECT_EQ(last.job.status, "completed");
  EXPECT_EQ(last.job.current, 40);
  std::int64_t before = 0;
  for (const auto& each : all) {
    if (each.name == "ended") continue;
    EXPECT_GE(each.job.current, before);
    before = each.job.current;
  }
}

TEST_F(events, of_a_user_come_without_a_gap_and_go_on_where_they_were) {
  start_gateway();
  node other;
  const auto link = other.link(link_to());
  const auto into = std::make_shared<heard>();
  const auto listener = other.listener(into, caf::actor_cast<caf::actor>(link));
  const auto began = other.ask<v1::subscribed>(link, client::follow_user{"", listener});
  ASSERT_TRUE(began) << began.error().text;
  submit(other, link, "k");
  ASSERT_TRUE(into->wait_for("notification"));
  const auto numbers = numbers_of(into->all());
  EXPECT_EQ(numbers.back(), std::to_string(last_number()) + "n");

  // Another listener, behind the first event.
  const auto again = std::make_shared<heard>();
  ASSERT_TRUE(other.ask<v1::subscribed>(
      link, client::follow_user{numbers.front(),
                                other.listener(again, caf::actor_cast<caf::actor>(link))}));
  ASSERT_TRUE(again->wait_for("notification"));
  EXPECT_EQ(numbers_of(again->all()), std::vector<std::string>(numbers.begin() + 1, numbers.end()));
}

// The window is one, nothing is acknowledged: one event comes. Then everything, in order.
TEST_F(events, are_held_back_until_they_are_acknowledged_and_none_is_lost) {
  start_gateway();
  node other;
  const auto link = other.link(link_to());
  const auto into = std::make_shared<heard>();
  const auto began =
      other.ask<v1::subscribed>(link, client::follow_user{"", other.listener(into), 1});
  ASSERT_TRUE(began);
  auto user = as();
  // More than the gateway keeps for a subscriber.
  constexpr int many = 60;
  for (int i = 0; i < many; ++i) wait_for_end(user, submit(other, link, std::to_string(i)));
  const auto expected = static_cast<std::size_t>(last_number()) + many;
  ASSERT_GT(expected, 150U);
  EXPECT_EQ(into->all().size(), 1U);

  std::set<std::string> seen;
  for (std::uint64_t serial = 1; seen.size() < expected; ++serial) {
    ASSERT_TRUE(into->wait([&](const auto& all) { return all.size() >= serial; })) << serial;
    const auto all = into->all();
    ASSERT_EQ(all.size(), serial);
    ASSERT_EQ(all.back().serial, serial);
    ASSERT_TRUE(seen.insert(all.back().number).second) << all.back().number << " twice";
    caf::anon_send(link, v1::acknowledge{began->subscription, serial});
  }
  EXPECT_EQ(into->all().back().number, std::to_string(last_number()) + "n");
}

// A service that tells a user as much as can be read, for ever.
class babbling_service {
 public:
  babbling_service() {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    ::bind(listener_, reinterpret_cast<sockaddr*>(&at), size);
    ::listen(listener_, 128);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size);
    port_ = ntohs(at.sin_port);
    accepting_ = std::thread([this] { accept_all(); });
  }
  ~babbling_service() {
    ends_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    accepting_.join();
    for (auto& each : serving_) each.join();
    ::close(listener_);
  }
  std::uint16_t port() const { return port_; }
  std::uint64_t streams() const { return streams_; }  // that were begun
  std::int64_t open() const { return open_; }

 private:
  void accept_all() {
    while (!ends_) {
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client >= 0) serving_.emplace_back([this, client] { serve(client); });
    }
  }
  bool say(int client, const std::string& text) {
    std::size_t at = 0;
    while (at < text.size()) {
      pollfd wanted{client, POLLOUT, 0};
      if (ends_) return false;
      if (::poll(&wanted, 1, 10) == 0) continue;
      const auto sent = ::send(client, text.data() + at, text.size() - at, MSG_NOSIGNAL);
      if (sent <= 0) return false;
      at += static_cast<std::size_t>(sent);
    }
    return true;
  }
  void serve(int client) {
    std::string head;
    while (!ends_) {
      pollfd wanted{client, POLLIN, 0};
      if (::poll(&wanted, 1, 10) == 0) continue;
      char buffer[4096];
      const auto got = ::recv(client, buffer, sizeof buffer, 0);
      if (got <= 0) break;
      head.append(buffer, static_cast<std::size_t>(got));
      if (head.find("\r\n\r\n") == std::string::npos) continue;
      if (head.starts_with("GET /api/notificacoes/stream")) {
        ++streams_;
        ++open_;
        babble(client);
        --open_;
        break;
      }
      head.clear();
      if (!say(client, "HTTP/1.1 200 x\r\nContent-Length: 11\r\n\r\n{\"jobs\":[]}")) break;
    }
    ::close(client);
  }
  void babble(int client) {
    if (!say(client, "HTTP/1.1 200 x\r\nContent-Type: text/event-stream\r\n\r\nid: 1\n\n")) return;
    const std::string filling(600, 'x');
    for (int number = 2; !ends_; ++number) {
      const auto id = std::to_string(number);
      if (!say(client, "id: " + id + "\nevent: notification\ndata: {\"id\":" + id +
                           ",\"message\":\"" + filling + "\"}\n\n")) {
        return;
      }
    }
  }

  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> ends_ = false;
  std::atomic<std::uint64_t> streams_ = 0;
  std::atomic<std::int64_t> open_ = 0;
  std::thread accepting_;
  std::list<std::thread> serving_;
};

TEST_F(events, cost_at_most_a_mebibyte_for_a_subscriber_that_has_stopped) {
  babbling_service babbles;
  start_gateway({"--url", "http://127.0.0.1:" + std::to_string(babbles.port())});
  const auto id = gateway_->child().id();
  node other;
  constexpr std::size_t subscribers = 20;
  constexpr std::uint32_t window = 256;
  const auto follow = [&](const heard_ptr& into) {
    const auto link = other.link(link_to());
    EXPECT_TRUE(
        other.ask<v1::subscribed>(link, client::follow_user{"", other.listener(into), window}));
  };
  // Stopped: it hears its window, and the gateway reads on for it no more.
  const auto stops = [&](const heard_ptr& into) {
    return into->wait([](const auto& heard_ones) { return heard_ones.size() == window; }) &&
           tests::eventually([&] { return babbles.open() == 0; });
  };
  const auto first = std::make_shared<heard>();
  follow(first);  // what is there for the first alone is there then
  ASSERT_TRUE(stops(first));
  const auto before = testing::memory_bytes_of(id);
  std::vector<heard_ptr> all;
  for (std::size_t i = 0; i < subscribers; ++i) follow(all.emplace_back(std::make_shared<heard>()));
  for (const auto& each : all) ASSERT_TRUE(stops(each));
  const auto each_costs = (testing::memory_bytes_of(id) - before) / subscribers;
  std::cout << "a stopped subscriber costs " << each_costs / 1024 << " KiB\n";
#ifndef __SANITIZE_ADDRESS__  // which keeps what was freed
  EXPECT_LE(each_costs, 1024U * 1024);
#endif
  // Each was asked for once, though it was cut off in the middle.
  EXPECT_EQ(babbles.streams(), subscribers + 1);
}

TEST_F(events, are_refused_beyond_the_subscriptions_of_a_session) {
  start_gateway();
  node other;
  const auto link = other.link(link_to());
  const auto into = std::make_shared<heard>();
  const auto listener = other.listener(into);
  int refused = 0;
  for (int i = 0; i < 34; ++i) {
    const auto got = other.ask<v1::subscribed>(link, client::follow_user{"", listener});
    if (!got) {
      EXPECT_EQ(got.error().code, errc::too_many_sessions);
      ++refused;
    }
  }
  EXPECT_EQ(refused, 2);
}

TEST_F(events, go_on_over_a_restart_of_the_service) {
  start_gateway();
  node other;
  const auto link = other.link(link_to());
  const auto into = std::make_shared<heard>();
  ASSERT_TRUE(other.ask<v1::subscribed>(
      link, client::follow_user{"", other.listener(into, caf::actor_cast<caf::actor>(link))}));
  const auto address = "127.0.0.1:" + std::to_string(service_->port());
  service_->kill();
  program_process next(
      {{"serve", "--database", url(), "--listen", address, "--timezone", e2e::noon_zone()},
       e2e::with_secret()});
  ASSERT_TRUE(next.read_line());
  ASSERT_TRUE(other.ask<v1::accepted>(link, submission("k")));
  EXPECT_TRUE(into->wait_for("notification"));
  EXPECT_EQ(into->count("ended"), 0U);
  next.send(SIGTERM);
  EXPECT_EQ(next.wait(), 0);
}

TEST_F(events, end_with_the_token) {
  start_gateway();
  node other;
  const auto link = other.link(link_to({7, {1}, false, 2}));
  const auto into = std::make_shared<heard>();
  ASSERT_TRUE(other.ask<v1::subscribed>(link, client::follow_user{"", other.listener(into)}));
  ASSERT_TRUE(into->wait_for("ended"));
  EXPECT_EQ(into->all().back().code, static_cast<std::uint8_t>(errc::unauthorized));
}

TEST_F(events, stop_with_their_listener) {
  start_gateway();
  node other;
  const auto link = other.link(link_to());
  const auto measure = [this] {
    auto asking = nobody();
    return e2e::measure(asking, "mutirao_listeners");
  };
  const auto listener = other.listener(std::make_shared<heard>());
  ASSERT_TRUE(other.ask<v1::subscribed>(link, client::follow_user{"", listener}));
  EXPECT_TRUE(tests::eventually([&] { return measure() == 1; }));
  caf::anon_send_exit(listener, caf::exit_reason::kill);
  EXPECT_TRUE(tests::eventually([&] { return measure() == 0; })) << measure();
}

}  // namespace
}  // namespace mutirao::gateway
