// Clients that are slow, hang up, stop reading, or are simply too many, and others beside them.
#include <sys/resource.h>

#include <iostream>
#include <random>

#include "tests/e2e/hostile.hpp"

namespace mutirao::e2e {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using steady = std::chrono::steady_clock;
using tests::socket_client;

#ifdef __SANITIZE_ADDRESS__
constexpr bool memory_is_plain = false;  // the sanitizer keeps freed memory back
#else
constexpr bool memory_is_plain = true;
#endif

constexpr std::size_t mebibyte = std::size_t{1} << 20U;

class hostile_clients : public hostile_test {
 protected:
  std::size_t memory() { return testing::memory_bytes_of(process()); }
  void expect_no_more_memory_than(std::size_t most) {
    if (!memory_is_plain) return;
    EXPECT_TRUE(tests::eventually([&] { return memory() <= most; }))
        << memory() / mebibyte << " MiB, expected " << most / mebibyte;
  }
  /// Of a process of which nobody asks anything.
  void expect_rest() {
    const auto began = steady::now();
    const auto used = testing::processor_time_of(process());
    std::this_thread::sleep_for(milliseconds(500));  // the time that is measured
    EXPECT_LT(testing::processor_time_of(process()) - used, (steady::now() - began) / 2);
  }
};

/// True once the server has ended the connection; takes what it sent.
bool ended(socket_client& client) {
  char bytes[256];
  ssize_t got = 0;
  while ((got = ::recv(client.fd(), bytes, sizeof bytes, MSG_DONTWAIT)) > 0) {
  }
  return got == 0 || errno != EAGAIN;
}

TEST_F(hostile_clients,
       that_send_a_byte_a_second_are_cut_at_the_deadline_and_nobody_waits_for_them) {
  const std::string head = request("/api/empresas/1");
  const std::string body = "PUT /api/empresas/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 999\r\n\r\n";
  std::vector<socket_client> slow;
  for (int i = 0; i < 500; ++i) {
    slow.push_back(connect());
    ASSERT_TRUE(slow.back().connected());
    if (i % 2 == 0) slow.back().send(body);
  }
  auto beside = others();
  const auto began = steady::now();
  std::optional<steady::duration> first_cut;
  // The heads' deadline is 10 s, and so is that of bodies that come so slowly.
  for (int second = 0; second < 30 && !slow.empty(); ++second) {
    for (auto& one : slow) one.try_send({&head[static_cast<std::size_t>(second)], 1});
    std::this_thread::sleep_until(began + seconds(second + 1));
    const auto all = slow.size();
    slow.erase(std::remove_if(slow.begin(), slow.end(), ended), slow.end());
    if (slow.size() < all && !first_cut) first_cut = steady::now() - began;
  }
  EXPECT_TRUE(slow.empty()) << slow.size() << " were not cut";
  ASSERT_TRUE(first_cut);
  EXPECT_GT(*first_cut, seconds(9)) << "cut before the deadline";
  expect_unharmed(*beside, "500 slow senders");
}

/// One client that hangs up somewhere: before it asked, having asked, amid the answer, or never.
class leaving_client {
 public:
  leaving_client(std::uint16_t port, std::uint32_t seed, std::string token)
      : port_(port), random_(seed), token_(std::move(token)) {}

  void one_connection() {
    socket_client client(port_);
    const auto company = 1 + random_() % 40;
    switch (random_() % 6) {
      case 0:
        client.send(get("/api/empresas").substr(0, random_() % 300));
        break;
      case 1:
        client.send(get("/api/empresas") + get("/api/empresas/1"));
        break;
      case 2:
        client.send(get("/api/empresas"));
        client.read_bytes(1 + random_() % 4000, seconds(5));
        break;
      case 3:
        client.send("POST " + job_path(1, "futureYears=" + std::to_string(random_() % 6)) +
                    " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n" + token_ + "\r\n\r\n");
        break;
      default:
        stay(client, static_cast<std::int64_t>(company));
        return;
    }
    if (random_() % 2 == 0) client.reset();
  }
  std::uint64_t right = 0;
  std::uint64_t wrong = 0;

 private:
  std::string get(const std::string& path) const {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + token_ + "\r\n\r\n";
  }
  void stay(socket_client& client, std::int64_t company) {
    for (std::int64_t id = company; id <= 40 && id < company + 3; ++id) {
      client.send(get("/api/empresas/" + std::to_string(id)));
      const auto got = client.read_answer();
      const bool as_asked =
          got && got->status == 200 &&
          json::parse(got->body, nullptr, false).value("id", std::int64_t{0}) == id;
      ++(as_asked ? right : wrong);
    }
  }

  std::uint16_t port_;
  std::mt19937 random_;
  std::string token_;
};

TEST_F(hostile_clients, that_hang_up_before_or_amid_the_answer_never_get_others_a_wrong_one) {
  const auto memory_before = memory();
  auto beside = others();
  const std::string token = "Authorization: Bearer " + token_of({});
  std::vector<std::unique_ptr<leaving_client>> leaving;
  std::vector<std::thread> threads;
  for (std::uint32_t seed = 0; seed < 4; ++seed) {
    leaving.push_back(std::make_unique<leaving_client>(service_->port(), seed, token));
    threads.emplace_back([one = leaving.back().get()] {
      for (int i = 0; i < 500; ++i) one->one_connection();
    });
  }
  for (auto& thread : threads) thread.join();
  std::uint64_t right = 0;
  for (const auto& one : leaving) {
    EXPECT_EQ(one->wrong, 0U);
    right += one->right;
  }
  EXPECT_GT(right, 1000U);
  expect_unharmed(*beside, "2,000 connections of which most hang up");
  // Their jobs are whole, whether or not anybody heard of them (see TearDown), and come to an end.
  auto stored = db();
  EXPECT_GT(stored.integer("SELECT count(*) FROM jobs"), 0);
  EXPECT_TRUE(tests::eventually(
      [&] { return stored.integer("SELECT count(*) FROM jobs WHERE state < 4") == 0; },
      seconds(60)));
  expect_no_more_memory_than(memory_before + 32 * mebibyte);
}

class stalled_clients : public hostile_clients {
 protected:
  static constexpr std::size_t count = 60;

  /// More than half a megabyte a list.
  void SetUp() override {
    hostile_clients::SetUp();
    auto stored = db();
    add_companies(stored, busy_companies(1, 1000, 3000));
    ASSERT_EQ(as().get("/api/empresas").status, 200);
    before_ = memory();
  }
  /// Each asks for as many lists at once and takes hardly a byte.
  void stall(int lists) {
    std::string burst;
    for (int i = 0; i < lists; ++i) burst += request("/api/empresas");
    for (std::size_t i = 0; i < count; ++i) {
      stalled_.push_back(connect(4096));
      stalled_.back().send(burst);
    }
    for (auto& one : stalled_) EXPECT_TRUE(one.read_bytes(1)) << "its answer began";
  }
  std::size_t more_memory() { return memory() - std::min(memory(), before_); }

  std::size_t before_ = 0;
  std::vector<socket_client> stalled_;
};

TEST_F(stalled_clients, cost_others_nothing_and_no_processor_time) {
  auto beside = others();
  stall(4);
  ASSERT_TRUE(tests::eventually([&] { return beside->served() > 500; }, seconds(30)));
  expect_unharmed(*beside, "60 clients that do not read");
  expect_rest();
}

TEST_F(stalled_clients, are_owed_a_bounded_part_of_what_they_asked_and_their_memory_comes_back) {
  stall(16);  // 16 lists of 600 KB each
  EXPECT_EQ(as().get("/api/empresas/7").status, 200);
  std::cout << "60 clients that do not read cost " << more_memory() / mebibyte << " MiB\n";
  if (memory_is_plain) {
    EXPECT_LT(more_memory(), count * 5 * mebibyte / 2);
  }
  stalled_.clear();
  expect_no_more_memory_than(before_ + 16 * mebibyte);
}

TEST_F(hostile_clients, that_only_stay_are_two_thousand_and_leave_nothing_behind) {
  rlimit own{};
  ::getrlimit(RLIMIT_NOFILE, &own);
  own.rlim_cur = own.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &own);
  if (own.rlim_max < 5000) GTEST_SKIP() << "only " << own.rlim_max << " descriptors";
  const auto one_round = [&](bool ask) {
    std::vector<socket_client> idle;
    for (int i = 0; i < 2000; ++i) {
      idle.push_back(connect());
      ASSERT_TRUE(idle.back().connected()) << i;
      if (ask && i % 2 == 0) idle.back().send(request("/api/empresas/1"));
    }
    for (std::size_t i = 0; ask && i < idle.size(); i += 2) {
      ASSERT_TRUE(idle[i].read_answer()) << i;
    }
    if (!ask) return;
    auto beside = others();
    ASSERT_TRUE(tests::eventually([&] { return beside->served() > 500; }, seconds(30)));
    expect_unharmed(*beside, "2,000 idle connections");
    expect_rest();
    for (std::size_t i = 0; i < idle.size(); i += 100) {  // they are not forgotten
      idle[i].send(request("/api/empresas/7"));
      const auto got = idle[i].read_answer();
      ASSERT_TRUE(got) << i;
      EXPECT_EQ(json::parse(got->body, nullptr, false)["id"], 7);
    }
  };
  const auto all_gone = [&] { return testing::descriptors_of(process()) <= descriptors_before_; };
  const auto memory_before = memory();
  one_round(true);
  EXPECT_TRUE(tests::eventually(all_gone));
  expect_no_more_memory_than(memory_before + 24 * mebibyte);
  const auto memory_after_one = memory();
  for (int round = 0; round < 3; ++round) {
    one_round(false);
    EXPECT_TRUE(tests::eventually(all_gone));
  }
  expect_no_more_memory_than(memory_after_one + 4 * mebibyte);
}

class few_descriptors : public hostile_clients {
 protected:
  void SetUp() override {
    hostile_clients::SetUp();
    stop();
    service_ = std::make_unique<service_process>(
        file(), std::vector<std::string>{"--timezone", noon_zone()}, std::nullopt, 256);
    ASSERT_TRUE(service_->ready()) << service_->errors();
    warm_up();
    descriptors_before_ = testing::descriptors_of(process());
  }
};

TEST_F(few_descriptors, more_clients_than_256_descriptors_serve_are_refused_and_nothing_breaks) {
  auto user = as();  // came before them, and stays
  ASSERT_EQ(user.get("/api/unidades").status, 200);
  auto beside = others(bystanders::coming::once);
  ASSERT_TRUE(tests::eventually([&] { return beside->served() > 10; }));
  std::vector<socket_client> many;
  std::size_t served = 0;
  std::size_t refused = 0;
  for (int i = 0; i < 600; ++i) {
    many.push_back(connect());
    many.back().send(request("/api/empresas/1"));
  }
  for (auto& one : many) {
    const auto got = one.read_answer(false, seconds(5));
    if (!got) continue;  // refused without a word, or still in the backlog
    EXPECT_TRUE(got->status == 200 || got->status == 503) << got->head;
    served += got->status == 200;
    refused += got->status == 503;
  }
  std::cout << "of 600 clients " << served << " were served, " << refused << " told to come back\n";
  EXPECT_GT(served, 90U);
  EXPECT_GT(refused, 0U);
  EXPECT_LE(testing::descriptors_of(process()), 256U);
  ASSERT_TRUE(tests::eventually([&] { return beside->served() > 300; }, seconds(30)));
  expect_unharmed(*beside, "600 clients on 256 descriptors");
  const auto job = start_job(user);
  EXPECT_EQ(wait_for_end(user, job)["status"], "completed") << "the store has descriptors left";
  expect_rest();
  many.clear();
  EXPECT_TRUE(tests::eventually([&] { return nobody().get("/health/ready").status == 200; }));
}

}  // namespace
}  // namespace mutirao::e2e
