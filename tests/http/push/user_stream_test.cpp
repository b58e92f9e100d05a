#include <mutex>

#include "tests/http/push/stream_fixture.hpp"

namespace mutirao::http {
namespace {

using kind = job_event::kind;
using names = std::vector<std::string>;

/// Plays a store of events: what is committed is there to be read before it is told.
class user_stream_test : public stream_test {
 protected:
  void SetUp() override {
    plays->on<list_events>([this](const list_events& asked) { return read(asked); });
  }

  /// Commits the next event; a completed one brings its notification. In silence: nobody is told.
  void commit(kind what = kind::started, bool in_silence = false) {
    auto job = running_job();
    committed all;
    {
      const std::lock_guard hold(mutex_);
      const auto number = static_cast<std::int64_t>(stored_.size()) + 1;
      event_row row{event_of(job, number, what), job, std::nullopt};
      if (what == kind::completed) row.told = note_of(job);
      stored_.push_back(row);
      all = {{row.event}, {}, {job}};
      if (row.told) all.notifications.push_back(*row.told);
    }
    if (!in_silence) publish(all);
  }
  void commit_in_silence(int events) {
    for (int i = 0; i < events; ++i) commit(kind::started, true);
  }

  expected<list_events::answer> read(const list_events& asked) {
    const std::lock_guard hold(mutex_);
    if (failures_ > 0) {
      --failures_;
      return fail(errc::store_busy, "played");
    }
    list_events::answer page;
    page.last = static_cast<std::int64_t>(stored_.size());
    auto number = std::max<std::int64_t>(asked.after.value_or(page.last), 0);
    for (; number < page.last; ++number) {
      page.more = std::ssize(page.rows) == asked.limit;
      if (page.more) break;
      page.rows.push_back(stored_[static_cast<std::size_t>(number)]);
    }
    return page;
  }
  void fail_next_reads(int count) {
    const std::lock_guard hold(mutex_);
    failures_ = count;
  }

  opened open_behind(std::string_view id) {
    return open("/api/notificacoes/stream", {{"last-event-id", id}});
  }
  static names job_names(int first, int last) {
    names all;
    for (int i = first; i <= last; ++i) all.push_back(std::to_string(i) + " job");
    return all;
  }

 private:
  std::mutex mutex_;
  std::vector<event_row> stored_;
  int failures_ = 0;
};

TEST_F(user_stream_test, begins_with_what_comes_and_says_where_that_is) {
  commit_in_silence(4);
  const auto stream = open("/api/notificacoes/stream");
  EXPECT_EQ(stream.text_with("id: "), "retry: 2000\nid: 4n\n\n");
  commit();
  commit(kind::completed);
  EXPECT_EQ(stream.names(3), (names{"5 job", "6 job", "6n notification"}));
}

TEST_F(user_stream_test, a_notification_has_the_nine_fields_of_the_list) {
  const auto stream = open("/api/notificacoes/stream");
  commit(kind::completed);
  const auto text = stream.text_with("event: notification");
  const auto at = text.find("data: {", text.find("event: notification"));
  const auto told = nlohmann::json::parse(text.substr(at + 6, text.find('\n', at) - at - 6));
  EXPECT_EQ(told.size(), 9U) << told;
  EXPECT_EQ(told["id"], 1'000'001);
}

TEST_F(user_stream_test, mere_progress_is_no_change_of_state) {
  const auto stream = open("/api/notificacoes/stream");
  publish(running_job());
  commit();
  EXPECT_EQ(stream.names(1), names{"1 job"});
}

TEST_F(user_stream_test, resumes_behind_the_last_id_without_gap_or_repeat) {
  commit_in_silence(2);
  commit(kind::completed, true);
  commit_in_silence(2);
  EXPECT_EQ(open_behind("2").names(4), (names{"3 job", "3n notification", "4 job", "5 job"}));
  EXPECT_EQ(open_behind("3").names(3), (names{"3n notification", "4 job", "5 job"}));
  EXPECT_EQ(open_behind("3n").names(2), (names{"4 job", "5 job"}));
  EXPECT_EQ(open("/api/notificacoes/stream?lastEventId=4n").names(1), names{"5 job"})
      << "a page that opens a stream anew cannot send the header";
}

TEST_F(user_stream_test, a_long_backlog_comes_in_pages_and_is_followed_by_what_is_new) {
  commit_in_silence(180);
  const auto stream = open_behind("0");
  commit();
  EXPECT_EQ(stream.names(181), job_names(1, 181));
  commit();
  EXPECT_EQ(stream.names(182), job_names(1, 182));
}

TEST_F(user_stream_test, what_is_committed_while_the_backlog_is_read_comes_once) {
  commit_in_silence(3);
  plays->on<list_events>([this, once = std::make_shared<bool>(false)](const list_events& asked) {
    auto page = read(asked);
    if (!std::exchange(*once, true)) {
      commit();
      commit();
    }
    return page;
  });
  const auto stream = open_behind("1n");
  EXPECT_EQ(stream.names(4), job_names(2, 5));
}

TEST_F(user_stream_test, what_another_process_commits_is_read_from_the_store) {
  const auto stream = open("/api/notificacoes/stream");
  commit(kind::started, true);
  commit(kind::completed, true);
  const auto job = running_job();
  publish_elsewhere(&job);  // mere progress
  publish_elsewhere(&job, 2);
  EXPECT_EQ(stream.names(3), (names{"1 job", "2 job", "2n notification"}));
  commit(kind::started, true);
  publish_elsewhere(nullptr);
  EXPECT_EQ(stream.names(4).back(), "3 job") << "something was missed: it looks";
  commit();
  EXPECT_EQ(stream.names(5).back(), "4 job");
}

TEST_F(user_stream_test, who_reads_slowly_is_told_all_from_the_store_later) {
  const auto stream = open("/api/notificacoes/stream");
  commit();
  ASSERT_EQ(stream.names(1).size(), 1U);
  stream.out().set_full(true);
  for (int i = 0; i < 100; ++i) commit();
  ASSERT_TRUE(tests::eventually([&] { return stream.out().waits() == 1; }));
  const auto reads_before = plays->asked<list_events>().size();
  EXPECT_EQ(stream.names().size(), 1U);
  stream.out().set_full(false);
  ASSERT_TRUE(stream.out().make_room());
  EXPECT_EQ(stream.names(101), job_names(1, 101));
  EXPECT_GT(plays->asked<list_events>().size(), reads_before);
}

TEST_F(user_stream_test, an_id_of_another_database_begins_with_what_comes) {
  commit_in_silence(2);
  const auto stream = open_behind("99");
  EXPECT_EQ(stream.text_with("id: "), "retry: 2000\nid: 2n\n\n");
  commit();
  EXPECT_EQ(stream.names(1), names{"3 job"});
}

TEST_F(user_stream_test, an_id_that_never_was_one_is_400) {
  for (const auto* id : {"x", "-1", "1.5", "12nn", "n", "9223372036854775808"}) {
    const auto refused = ask("GET", "/api/notificacoes/stream", {}, {{"last-event-id", id}});
    EXPECT_EQ(refused.status, 400) << id;
    EXPECT_NE(body_of(refused).find("Last-Event-ID"), std::string::npos);
  }
}

TEST_F(user_stream_test, a_store_that_fails_at_first_is_a_problem_and_later_a_pause) {
  fail_next_reads(1);
  EXPECT_EQ(ask("GET", "/api/notificacoes/stream").status, 503);
  const auto stream = open("/api/notificacoes/stream");
  commit();
  ASSERT_EQ(stream.names(1).size(), 1U);
  fail_next_reads(1);
  commit_in_silence(1);
  commit();  // a gap: what stands between is read
  EXPECT_EQ(stream.names(3), job_names(1, 3));
}

TEST_F(user_stream_test, a_ticket_opens_one_stream_of_whoever_it_was_given_to) {
  const auto issued = ask("POST", "/api/stream-tickets");
  ASSERT_EQ(issued.status, 201);
  EXPECT_EQ(header_of(issued, "Cache-Control"), "no-store");
  const auto body = nlohmann::json::parse(body_of(issued));
  EXPECT_EQ(body["expiresInSeconds"], 60);
  EXPECT_EQ(body["lastEventId"], "0n");
  const auto target = "/api/notificacoes/stream?ticket=" + body["ticket"].get<std::string>();
  EXPECT_EQ(ask_as("", "GET", "/api/empresas?ticket=" + body["ticket"].get<std::string>()).status,
            401)
      << "for streams only";
  const opened stream{send(make("GET", target, ""))};
  ASSERT_EQ(stream.reply->wait().status, 200);
  commit();
  EXPECT_EQ(stream.names(1), names{"1 job"});
  EXPECT_EQ(nlohmann::json::parse(body_of(ask("POST", "/api/stream-tickets")))["lastEventId"],
            "1n");
  const auto again = ask_as("", "GET", target);
  EXPECT_EQ(again.status, 401);
  EXPECT_NE(body_of(again).find("invalid-ticket"), std::string::npos);
  EXPECT_EQ(ask_as("", "POST", "/api/stream-tickets").status, 401);
}

}  // namespace
}  // namespace mutirao::http
