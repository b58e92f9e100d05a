#include "http/push/job_listener.hpp"
#include "http/push/stream_line.hpp"
#include "tests/http/push/stream_fixture.hpp"

namespace mutirao::http {
namespace {

using namespace std::chrono_literals;
using names = std::vector<std::string>;

class job_stream_test : public stream_test {
 protected:
  void play(const job_view& job) {
    plays->on<find_job>([job](const find_job&) { return job; });
  }
  opened open_job() { return open("/api/empresas/jobs/" + std::string(sample_id) + "/events"); }
};

TEST_F(job_stream_test, tells_how_the_job_stands_how_it_goes_on_and_how_it_ended) {
  play(at_version(running_job(), 1));
  const auto stream = open_job();
  ASSERT_EQ(stream.names(1), names{"snapshot"});
  publish(at_version(running_job(), 2, 100));
  ASSERT_EQ(stream.names(2), (names{"snapshot", "progress"}));
  const auto ended = at_version(completed_job(), 3);
  publish({{event_of(ended, 9, job_event::kind::completed)}, {note_of(ended)}, {ended}});
  EXPECT_TRUE(stream.finished());
  EXPECT_EQ(stream.names(), (names{"snapshot", "progress", "completed"}));
  EXPECT_TRUE(tests::eventually([this] { return listeners() == 0; }));
}

TEST_F(job_stream_test, shows_the_job_object_without_the_lines_of_its_result) {
  play(at_version(completed_job(), 1));
  const auto text = open_job().text_with("event: completed");
  EXPECT_EQ(text.find("details"), std::string::npos);
  EXPECT_NE(text.find(R"(data: {"id":"6f9619ff-8b86-4011-b42d-00c04fc964ff","type":)"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find(R"("result":{"processed":150,"createdTotal":450,"yearsProcessed":2})"),
            std::string::npos)
      << text;
}

TEST_F(job_stream_test, has_the_headers_of_a_stream_through_a_proxy) {
  play(running_job());
  const auto head = open_job().reply->wait();
  EXPECT_EQ(head.content_type, "text/event-stream");
  EXPECT_EQ(header_of(head, "Cache-Control"), "no-cache");
  EXPECT_EQ(header_of(head, "X-Accel-Buffering"), "no");
}

TEST_F(job_stream_test, a_cancelled_job_ends_it_as_failed) {
  play(at_version(running_job(), 1));
  const auto stream = open_job();
  auto job = at_version(running_job(), 2);
  job.state = job_state::cancelled;
  publish(job);
  EXPECT_TRUE(stream.finished());
  EXPECT_EQ(stream.names(), (names{"snapshot", "failed"}));
  EXPECT_NE(stream.text().find("Processamento cancelado."), std::string::npos);
}

TEST_F(job_stream_test, what_is_committed_while_the_snapshot_is_read_is_not_lost) {
  plays->on<find_job>([this](const find_job&) {
    publish(at_version(completed_job(), 7));
    return at_version(running_job(), 6);
  });
  const auto stream = open_job();
  EXPECT_TRUE(stream.finished());
  EXPECT_EQ(stream.names(), (names{"snapshot", "completed"}));
}

TEST_F(job_stream_test, never_goes_back_and_tells_nothing_twice) {
  play(at_version(running_job(), 5, 50));
  const auto stream = open_job();
  publish(at_version(running_job(), 4, 40));  // older than the snapshot
  publish(at_version(running_job(), 6, 30));  // a snapshot may be newer than its version says
  publish(at_version(running_job(), 7, 50));  // the same
  publish(at_version(running_job(), 8, 60));
  ASSERT_EQ(stream.names(2), (names{"snapshot", "progress"}));
  EXPECT_NE(stream.text().find(R"("current":60)"), std::string::npos);
}

TEST_F(job_stream_test, of_a_job_that_another_process_runs_asks_for_it_again) {
  play(at_version(running_job(), 1, 1));
  const auto stream = open_job();
  ASSERT_EQ(stream.names(1), names{"snapshot"});
  const auto further = at_version(running_job(), 2, 100);
  play(further);
  publish_elsewhere(&further);
  ASSERT_EQ(stream.names(2), (names{"snapshot", "progress"}));
  play(at_version(completed_job(), 3));
  publish_elsewhere(nullptr);
  EXPECT_TRUE(stream.finished());
  EXPECT_EQ(stream.names(), (names{"snapshot", "progress", "completed"}));
}

TEST_F(job_stream_test, who_reads_slowly_gets_the_newest_only) {
  play(at_version(running_job(), 1, 1));
  const auto stream = open_job();
  ASSERT_EQ(stream.names(1).size(), 1U);
  stream.out().set_full(true);
  for (std::uint64_t i = 2; i <= 100; ++i) {
    publish(at_version(running_job(), i, static_cast<std::int64_t>(i)));
  }
  ASSERT_TRUE(tests::eventually([&] { return stream.out().waits() == 99; }));
  stream.out().set_full(false);
  stream.out().make_room();
  ASSERT_EQ(stream.names(2), (names{"snapshot", "progress"}));
  EXPECT_NE(stream.text().find(R"("current":100)"), std::string::npos);
  stream.out().set_full(true);
  publish(at_version(running_job(), 101, 120));
  publish(at_version(completed_job(), 102));
  ASSERT_TRUE(tests::eventually([&] { return stream.out().waits() == 101; }));
  stream.out().set_full(false);
  stream.out().make_room();
  EXPECT_TRUE(stream.finished());
  EXPECT_EQ(stream.names(), (names{"snapshot", "progress", "completed"}));
}

TEST_F(job_stream_test, anothers_job_and_an_unknown_one_are_404) {
  auto job = running_job();
  job.user = {8};
  job.arguments.unit = unit_id{2};
  play(job);
  const auto target = "/api/empresas/jobs/" + std::string(sample_id) + "/events";
  EXPECT_EQ(ask("GET", target).status, 404);
  plays->on<find_job>([](const find_job&) { return fail(errc::unknown_job); });
  EXPECT_EQ(ask("GET", target).status, 404);
  EXPECT_EQ(ask("GET", "/api/empresas/jobs/1/events").status, 404);
  EXPECT_EQ(ask_as("", "GET", target).status, 401);
  EXPECT_TRUE(tests::eventually([this] { return listeners() == 0; }));
}

TEST_F(job_stream_test, is_refused_to_who_has_too_many_until_one_of_them_leaves) {
  play(running_job());
  std::vector<opened> all;
  for (int i = 0; i < 5; ++i) all.push_back(open_job());
  const auto target = "/api/empresas/jobs/" + std::string(sample_id) + "/events";
  const auto refused = ask("GET", target);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(header_of(refused, "Retry-After"), "5");
  EXPECT_NE(body_of(refused).find("stream-limit"), std::string::npos);
  EXPECT_EQ(send(make("GET", target, admin))->wait().status, 200) << "another user";
  all.front().out().lose_client();
  EXPECT_TRUE(tests::eventually([this] { return listeners() == 5; }));
  open_job();
}

TEST_F(job_stream_test, ends_in_order_when_the_service_stops) {
  play(running_job());
  const auto stream = open_job();
  at().end_streams();
  EXPECT_TRUE(stream.out().finished());
  EXPECT_TRUE(tests::eventually([this] { return listeners() == 0; }));
}

/// Its beats are the test's.
class beaten_stream : public job_stream_test {
 protected:
  void SetUp() override {
    play(at_version(running_job(), 1));
    shared_ = std::make_shared<context>(system, build());
  }
  void TearDown() override {
    caf::anon_send_exit(actor_, caf::exit_reason::kill);
    shared_->carriers.stop();
    shared_->streams.stop();
    shared_.reset();
    job_stream_test::TearDown();
  }
  opened open_until(std::optional<instant> until) {
    opened made{std::make_shared<recorded_reply>()};
    auto at = std::make_shared<exchange>();
    at->site = shared_;
    at->out = reply(made.reply);
    at->who = std::make_shared<const caller>(caller{{7}, false, {{1}}});
    const auto job = *job_id::parse(sample_id);
    const push::client who{shared_, at->who, until, std::make_shared<push::stream_line>(at)};
    actor_ = system.spawn(push::run_listener<push::job_listener, job_id>, who,
                          std::variant<user_id, job_id>(job), job);
    made.reply->wait();
    made.text_with("snapshot");
    return made;
  }
  void beat(int times) {
    for (int i = 0; i < times; ++i) caf::anon_send(actor_, push::beat_atom::value);
  }

  std::shared_ptr<context> shared_;
  push::stream_actor actor_;
};

TEST_F(beaten_stream, says_that_it_lives_when_it_has_nothing_to_tell) {
  const auto stream = open_until(std::nullopt);
  beat(14);
  publish(at_version(running_job(), 2, 77));
  EXPECT_EQ(stream.text_with("event: progress").find("\n:\n"), std::string::npos);
  beat(14);
  publish(at_version(running_job(), 3, 78));
  EXPECT_EQ(stream.text_with(R"("current":78)").find("\n:\n"), std::string::npos);
  beat(15);
  EXPECT_TRUE(stream.text_with("\n:\n\n").ends_with("\n\n:\n\n"));
}

TEST_F(beaten_stream, ends_with_the_token_that_opened_it) {
  const auto stream = open_until(clock.now() + 10s);
  clock.advance(9'999ms);
  beat(1);
  publish(at_version(running_job(), 2, 77));
  stream.text_with("event: progress");
  EXPECT_FALSE(stream.out().finished());
  clock.advance(1ms);
  beat(1);
  EXPECT_TRUE(stream.finished());
}

}  // namespace
}  // namespace mutirao::http
