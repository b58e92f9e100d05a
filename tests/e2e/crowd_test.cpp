// Many who listen at once, to streams and over sockets, to the real program.
#include <atomic>
#include <iostream>
#include <thread>

#include "tests/e2e/push_fixture.hpp"
#include "tests/support/event_client.hpp"
#include "tests/support/web_socket_client.hpp"

namespace mutirao::e2e {
namespace {

using std::chrono::seconds;
using tests::event_client;
using tests::eventually;
using tests::web_socket_client;

class crowd : public push_test {
 protected:
  web_socket_client connect(int receive_bytes = 0) {
    web_socket_client made(service_->port(), {}, receive_bytes);
    made.name(token_);
    return made;
  }
  std::size_t descriptors() { return testing::descriptors_of(service_->child().id()); }

  /// Has jobs run until no more than `left` listen; after each, `hear_end` waits until its end was
  /// told to one that reads. By how many bytes the process grew at most.
  std::size_t growth_until_cut(std::int64_t left, const std::function<bool()>& hear_end) {
    const auto before = testing::memory_bytes_of(service_->child().id());
    auto most = before;
    auto user = as();
    int jobs = 0;
    bool heard = true;
    const bool cut = eventually(
        [&] {
          start_job(user);
          ++jobs;
          heard = hear_end();
          most = std::max(most, testing::memory_bytes_of(service_->child().id()));
          return !heard || listeners() <= left;
        },
        seconds(120));
    EXPECT_TRUE(heard) << "the one that reads hears nothing any more";
    EXPECT_TRUE(cut) << listeners();
    std::cout << jobs << " jobs; the process grew by " << (most - before) / 1024 << " KiB\n";
    return most - before;
  }

  const std::string token_ = token_of({});
};

constexpr int stalled_count = 50;
#ifdef __SANITIZE_ADDRESS__
constexpr std::size_t most_growth = SIZE_MAX;  // the sanitizer keeps freed memory back
#else
constexpr std::size_t most_growth = stalled_count * 256UL * 1024;
#endif

TEST_F(crowd, of_2000_streams_and_500_sockets_hears_the_end_of_a_job_of_2000_companies) {
  fill(2000);
  start();
  auto user = as();
  // Paused at once, so that all are there before it ends.
  const auto job = start_job(user, 1, 1);
  ASSERT_LT(user.post("/api/empresas/jobs/" + job + "/pause").status, 300);
  std::vector<event_client> streams;
  for (int i = 0; i < 2000; ++i) streams.emplace_back(service_->port(), stream_of(job), token_);
  for (auto& one : streams) ASSERT_EQ(one.status(), 200);
  std::vector<web_socket_client> sockets;
  for (int i = 0; i < 500; ++i) sockets.push_back(connect());
  ASSERT_TRUE(eventually([this] { return listeners() == 2500; })) << listeners();
  ASSERT_EQ(user.post("/api/empresas/jobs/" + job + "/resume").status, 202);
  for (auto& one : sockets) {
    EXPECT_TRUE(one.hears(R"(42["job:done",{"id":")" + job));
    EXPECT_TRUE(one.hears(R"(42["notification:new",{"id":1000001,)"));
  }
  for (auto& one : streams) {
    const auto told = one.rest(seconds(120));
    ASSERT_FALSE(told.empty());
    EXPECT_EQ(told.back().name, "completed");
    EXPECT_TRUE(one.ended());
  }
  sockets.clear();
  EXPECT_TRUE(all_gone());
}

TEST_F(crowd, a_stream_that_is_not_read_is_cut_and_costs_little_and_others_hear_all) {
  fill(1);
  start({"--client-timeout", "1s"});
  const auto before = descriptors();
  std::vector<event_client> stalled;
  for (int i = 0; i < stalled_count; ++i) {
    stalled.emplace_back(service_->port(), user_path, token_, event_client::headers{}, 4096);
    ASSERT_EQ(stalled.back().status(), 200);
  }
  event_client reading(service_->port(), user_path, token_);
  ASSERT_EQ(reading.status(), 200);
  const auto growth = growth_until_cut(1, [&] {
    auto one = reading.next();
    while (one && one->name != "notification") one = reading.next();
    return one.has_value();
  });
  EXPECT_LT(growth, most_growth);
  for (auto& one : stalled) EXPECT_TRUE(one.socket().closed_by_server());
  EXPECT_EQ(measure("mutirao_connections_cut_slow_total"), stalled_count);
  stalled.clear();
  reading.socket().close();
  EXPECT_TRUE(has_no_more_descriptors_than(before));
}

TEST_F(crowd, a_socket_that_is_not_read_is_cut_and_costs_little_and_others_hear_all) {
  fill(1);
  start({"--client-timeout", "1s"});
  const auto before = descriptors();
  std::vector<web_socket_client> stalled;
  for (int i = 0; i < stalled_count; ++i) stalled.push_back(connect(4096));
  auto reading = connect();
  ASSERT_TRUE(eventually([this] { return listeners() == stalled_count + 1; }));
  const auto growth =
      growth_until_cut(1, [&] { return reading.hears(R"(42["notification:new",)"); });
  EXPECT_LT(growth, most_growth);
  for (auto& one : stalled) EXPECT_TRUE(one.socket().closed_by_server());
  EXPECT_EQ(measure("mutirao_sockets"), 1);
  EXPECT_EQ(measure("mutirao_sockets_cut_slow_total"), stalled_count);
  stalled.clear();
  reading.socket().close();
  EXPECT_TRUE(all_gone());
  EXPECT_TRUE(has_no_more_descriptors_than(before));
}

TEST_F(crowd, of_sockets_that_come_and_go_among_plain_requests_leaves_nothing) {
  fill(5);
  start();
  run_jobs(1);  // one notification that each is told
  ASSERT_TRUE(connect().hears("notification:new"));
  ASSERT_TRUE(all_gone());
  const auto before = descriptors();
  std::atomic<int> upgraded{0}, plain{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        auto client = i % 5 == 0 ? web_socket_client(service_->port()) : connect();
        upgraded += client.status() == 101;
        if (i % 5 == 1) client.hears("40{");
        if (i % 5 == 2) client.socket().reset();
        if (i % 5 == 3) {
          client.socket().send(web_socket_client::frame("\x03\xe8", 8));
          client.ends();
        }
        plain += nobody().get("/version").status == 200;
      }
    });
  }
  for (auto& one : threads) one.join();
  EXPECT_EQ(upgraded, 2000);
  EXPECT_EQ(plain, 2000);
  EXPECT_TRUE(all_gone()) << listeners();
  EXPECT_TRUE(eventually([this] { return measure("mutirao_sockets") == 0; }));
  EXPECT_TRUE(has_no_more_descriptors_than(before));
}

}  // namespace
}  // namespace mutirao::e2e
