// Clients that hang up at random, on many threads, while answers come from other threads: every
// answer must be the one that its client asked for. Plain Pistache fails this within seconds.
#include <atomic>
#include <random>

#include "tests/http/edge/edge_fixture.hpp"

namespace mutirao::http {
namespace {

#ifdef __SANITIZE_THREAD__
constexpr std::uint64_t wanted_answers = 20'000;  // each takes some ten times as long
#else
constexpr std::uint64_t wanted_answers = 200'000;
#endif
constexpr int client_threads = 4;
constexpr int answer_threads = 2;

/// Threads that answer what handlers put aside, as actors would.
class answerers {
 public:
  answerers() {
    for (int i = 0; i < answer_threads; ++i) threads_.emplace_back([this] { run(); });
  }
  ~answerers() {
    {
      const std::lock_guard guard(mutex_);
      stop_ = true;
    }
    changed_.notify_all();
    for (auto& one : threads_) one.join();
  }
  void put(std::string body, reply answer) {
    {
      const std::lock_guard guard(mutex_);
      work_.emplace_back(std::move(body), std::move(answer));
    }
    changed_.notify_one();
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return stop_ || !work_.empty(); });
      if (work_.empty()) return;
      auto [body, answer] = std::move(work_.front());
      work_.pop_front();
      lock.unlock();
      answer.send({200, "text/plain", {}, std::move(body)});
      answer = {};
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool stop_ = false;
  std::deque<std::pair<std::string, reply>> work_;
  std::vector<std::thread> threads_;
};

struct tally {
  std::atomic<std::uint64_t> right{0};
  std::atomic<std::uint64_t> wrong{0};
  std::atomic<std::uint64_t> lost{0};
  std::atomic<std::uint64_t> hang_ups{0};
  std::atomic<std::uint64_t> ids{0};
};

class churning_client {
 public:
  churning_client(std::uint16_t port, unsigned seed, tally& counts)
      : port_(port), random_(seed), counts_(counts) {}

  void one_connection() {
    socket_client client(port_);
    if (!client.connected()) {
      ++counts_.lost;
      return;
    }
    const auto rounds = 1 + random_() % 4;
    for (unsigned round = 0; round < rounds; ++round) {
      const auto asked = ask(client);
      if (random_() % 100 < 30) return hang_up(client);
      if (!read_all(client, asked)) return;
    }
  }

 private:
  std::vector<std::string> ask(socket_client& client) {
    std::vector<std::string> paths(1 + random_() % 16);
    std::string text;
    for (auto& path : paths) {
      static const std::array<std::string, 3> kinds{"/now/", "/later/", "/stream/"};
      path = kinds[random_() % 3] + std::to_string(++counts_.ids);
      text += get(path);
    }
    if (random_() % 4 == 0) {  // somewhere in the middle of the bytes
      const auto cut = random_() % text.size();
      client.send(text.substr(0, cut));
      text.erase(0, cut);
    }
    client.send(text);
    return paths;
  }

  bool read_all(socket_client& client, const std::vector<std::string>& paths) {
    for (const auto& path : paths) {
      const auto answer = client.read_answer();
      if (!answer) {
        ++counts_.lost;
        return false;
      }
      ++(answer->body == path ? counts_.right : counts_.wrong);
    }
    return true;
  }

  void hang_up(socket_client& client) {
    ++counts_.hang_ups;
    if (random_() % 3 == 0) client.read_bytes(1 + random_() % 200, milliseconds(1));
    if (random_() % 2 == 0) client.reset();
  }

  std::uint16_t port_;
  std::mt19937 random_;
  tally& counts_;
};

class edge_churn : public edge_test {};

TEST_F(edge_churn, of_200_000_answers_among_hang_ups_not_one_is_wrong) {
  answerers later;
  hooks.handle = [&later](request&& wanted, const reply& answer) {
    if (wanted.path.starts_with("/later/")) {
      later.put(std::move(wanted.path), answer);
    } else if (wanted.path.starts_with("/stream/")) {
      const auto out = answer.begin_stream({});
      out.write(wanted.path.substr(0, 5));
      out.write(wanted.path.substr(5));
      out.finish();
    } else {
      answer.send({200, "text/plain", {}, std::move(wanted.path)});
    }
  };
  start();
  ASSERT_TRUE(ask(get("/now/warm")));
  ASSERT_TRUE(all_closed());
  const auto descriptors = open_descriptors();
  tally counts;
  std::vector<std::thread> clients;
  for (unsigned t = 0; t < client_threads; ++t) {
    clients.emplace_back([&, t] {
      churning_client client(server->port(), t, counts);
      while (counts.right < wanted_answers && counts.wrong == 0) client.one_connection();
    });
  }
  for (auto& one : clients) one.join();
  EXPECT_GE(counts.right, wanted_answers);
  EXPECT_EQ(counts.wrong, 0U);
  EXPECT_EQ(counts.lost, 0U);
  EXPECT_GT(counts.hang_ups, wanted_answers / 40);
  EXPECT_TRUE(all_closed());
  EXPECT_EQ(server->counters().dropped, 0U);
  EXPECT_TRUE(eventually([&] { return open_descriptors() <= descriptors; }));
}

}  // namespace
}  // namespace mutirao::http
