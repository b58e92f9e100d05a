// What a socket is told, without a network.
#include <mutex>

#include "tests/http/push/recorded_socket.hpp"
#include "tests/http/push/stream_fixture.hpp"

namespace mutirao::http {
namespace {

using kind = job_event::kind;
using names = std::vector<std::string>;

class socket_test : public stream_test {
 protected:
  void SetUp() override {
    plays->on<list_events>([this](const list_events& asked) {
      list_events::answer page;
      page.last = last_.load();
      if (asked.after) page.rows = later_;
      return page;
    });
    plays->on<list_notifications>(
        [this](const list_notifications&) { return list_notifications::answer{missed_}; });
    plays->on<mark_pushed>([](const mark_pushed& what) { return std::ssize(what.ids); });
  }
  std::string token() const { return member.substr(std::string_view("Bearer ").size()); }
  std::shared_ptr<recorded_socket> connect() { return connect(token()); }
  std::shared_ptr<recorded_socket> connect(const std::string& by) {
    auto made = std::make_shared<recorded_socket>();
    at().name_socket(made, by);
    return made;
  }
  /// Waits until it is subscribed and has looked at the store.
  std::shared_ptr<recorded_socket> connect_wholly() {
    const auto before = plays->asked<list_notifications>().size();
    auto made = connect();
    EXPECT_TRUE(
        tests::eventually([&] { return plays->asked<list_notifications>().size() == before + 1; }));
    return made;
  }
  void publish_event(std::int64_t number, kind what, const job_view& job, std::int64_t note = 0) {
    committed all{{event_of(job, number, what)}, {}, {job}};
    if (note != 0) all.notifications.push_back(note_with(note));
    publish(all);
  }
  static notification note_with(std::int64_t id) {
    auto note = note_of(sample_job());
    note.id = {id};
    return note;
  }
  std::vector<std::int64_t> marked() {
    std::vector<std::int64_t> all;
    for (const auto& one : plays->asked<mark_pushed>()) {
      for (const auto id : one.ids) all.push_back(id.value);
    }
    return all;
  }
  bool marks(std::size_t count) {
    return tests::eventually([&] { return marked().size() == count; });
  }

  std::atomic<std::int64_t> last_ = 0;
  std::vector<event_row> later_;
  std::vector<notification> missed_;  // newest first
};

TEST_F(socket_test, is_told_of_jobs_and_notifications_as_they_happen) {
  const auto socket = connect_wholly();
  publish_event(1, kind::created, running_job());
  publish_event(2, kind::started, running_job());  // of the same commit
  publish(at_version(running_job(), 2, 77));
  publish_event(3, kind::completed, at_version(completed_job(), 3), 1'000'001);
  EXPECT_EQ(socket->names(4),
            (names{"job:progress", "job:progress", "job:done", "notification:new"}));
  const auto sent = socket->sent();
  const auto object = nlohmann::json::parse(sent[1].substr(2))[1];
  EXPECT_EQ(object["id"], sample_id);
  EXPECT_EQ(object["progress"]["current"], 77);
  EXPECT_EQ(nlohmann::json::parse(sent[3].substr(2))[1].size(), 9U);
}

TEST_F(socket_test, is_told_first_what_no_socket_was_given_and_that_once) {
  missed_ = {note_with(1'000'003), note_with(1'000'002)};
  const auto socket = connect_wholly();
  publish_event(1, kind::completed, completed_job(), 1'000'003);
  EXPECT_EQ(socket->names(3), (names{"notification:new", "notification:new", "job:done"}));
  EXPECT_NE(socket->sent()[0].find("1000002"), std::string::npos) << "the oldest first";
  const auto asked = plays->asked<list_notifications>().at(0);
  EXPECT_EQ(asked.missed_since, clock.now() - std::chrono::hours(24));
}

TEST_F(socket_test, a_notification_is_pushed_once_its_bytes_were_taken) {
  missed_ = {note_with(1'000'001)};
  const auto socket = connect_wholly();
  socket->names(1);
  publish_event(1, kind::completed, completed_job(), 1'000'002);
  socket->names(3);
  EXPECT_TRUE(marked().empty());
  ASSERT_TRUE(socket->take_all());
  ASSERT_TRUE(marks(1));
  ASSERT_TRUE(socket->take_all());
  ASSERT_TRUE(marks(2));
  EXPECT_EQ(marked(), (std::vector<std::int64_t>{1'000'001, 1'000'002}));
  EXPECT_EQ(plays->asked<mark_pushed>().at(0).user, user_id{7});
}

TEST_F(socket_test, every_socket_of_a_user_is_told) {
  const auto one = connect_wholly();
  const auto other = connect_wholly();
  publish_event(1, kind::completed, completed_job(), 1'000'001);
  EXPECT_EQ(one->names(2).size(), 2U);
  EXPECT_EQ(other->names(2).size(), 2U);
}

TEST_F(socket_test, that_has_no_room_is_told_the_newest_progress_later) {
  const auto socket = connect_wholly();
  publish(at_version(running_job(), 2, 60));
  ASSERT_EQ(socket->names(1).size(), 1U);
  socket->fill(64 * 1024);
  publish(at_version(running_job(), 3, 70));
  publish(at_version(running_job(), 4, 80));
  ASSERT_TRUE(socket->empty());
  socket->names(2);
  // Whichever of them had come when there was room again, the last one is the newest.
  EXPECT_TRUE(tests::eventually(
      [&] { return socket->sent().back().find(R"("current":80)") != std::string::npos; }));
}

TEST_F(socket_test, a_wrong_token_is_told_and_closed) {
  const auto socket = connect("x");
  EXPECT_TRUE(socket->closed());
  EXPECT_EQ(socket->sent(), names{R"(42["auth:error",{"message":"Token inválido"}])"});
  EXPECT_EQ(connect("")->sent().size(), 1U);
}

TEST_F(socket_test, one_too_many_is_told_and_closed) {
  std::vector<std::shared_ptr<recorded_socket>> all;
  for (int i = 0; i < 5; ++i) all.push_back(connect_wholly());
  const auto one_more = connect();
  EXPECT_TRUE(one_more->closed());
  EXPECT_EQ(one_more->names(1), names{"auth:error"});
  ASSERT_TRUE(all[0]->leave());
  ASSERT_TRUE(tests::eventually([this] { return listeners() == 4; }));
  connect_wholly();
}

TEST_F(socket_test, whose_token_expires_is_closed) {
  const auto socket = connect_wholly();
  clock.advance(std::chrono::hours(8));
  EXPECT_TRUE(socket->closed());
  EXPECT_TRUE(socket->sent().empty());
}

TEST_F(socket_test, a_stop_closes_it) {
  const auto socket = connect_wholly();
  at().end_streams();
  EXPECT_TRUE(socket->closed());
  EXPECT_TRUE(socket->sent().empty());
}

}  // namespace
}  // namespace mutirao::http
