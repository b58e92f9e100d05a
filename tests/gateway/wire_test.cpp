// The bytes of every published message. A line of tests/data/wire-v1.txt may be added, and never
// changed: nodes with the old header are out there.
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>

#include "tests/gateway/node.hpp"
#include "tests/support/places.hpp"

namespace mutirao::gateway {
namespace {

using namespace protocol::v1;

std::string hex_of(const std::vector<char>& bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

const job some_job{"id", "type", "status", "state", 1,         2,          3,        4,
                   5,    6,      7,        "error", "made at", "begun at", "done at"};
const notification some_notification{1, 2, "t", "e", "ei", "m", "{}", "c", "r"};

// One of each, every field another value.
std::vector<std::pair<std::string, caf::message>> every_message() {
  using caf::make_message;
  return {
      {"job", make_message(some_job)},
      {"notification", make_message(some_notification)},
      {"job_event", make_message(job_event{1, 2, "3", "name", some_job})},
      {"notification_event", make_message(notification_event{1, 2, "3n", some_notification})},
      {"subscription_ended", make_message(subscription_ended{1, 2, "text"})},
      {"submit_unit", make_message(submit_unit{"key", 1, 2, "url"})},
      {"submit_job", make_message(submit_job{"key", "type", {{"a", "1"}, {"b", "2"}}, "url"})},
      {"accepted", make_message(accepted{"id", 1})},
      {"get_job", make_message(get_job{"id"})},
      {"list_jobs", make_message(list_jobs{{"running", "failed"}, "type", 3, "cursor"})},
      {"job_page", make_message(job_page{{some_job}, "next"})},
      {"cancel_job", make_message(cancel_job{"id"})},
      {"subscribe_job", make_message(subscribe_job{"id", 3})},
      {"subscribe_user", make_message(subscribe_user{"12n", 3})},
      {"subscribed", make_message(subscribed{1, "2"})},
      {"acknowledge", make_message(acknowledge{1, 2})},
      {"unsubscribe", make_message(unsubscribe{1})},
      {"hello", make_message(hello{1, "client", "token", {}})},
      {"welcome", make_message(welcome{{}, "server"})},
  };
}

std::string read_known() {
  std::ifstream file(testing::in_source("tests/data/wire-v1.txt"));
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Wire, HasTheBytesThatItHadWhenItWasPublished) {
  node any;
  std::string lines;
  for (const auto& [name, message] : every_message()) {
    std::vector<char> bytes;
    caf::binary_serializer to(any.system(), bytes);
    ASSERT_FALSE(to(message)) << name;
    lines += name + " " + hex_of(bytes) + "\n";
  }
  for (const auto& each : any.system().message_types(caf::detail::type_list<door_actor>{})) {
    lines += "door " + each + "\n";
  }
  for (const auto& each : any.system().message_types(caf::detail::type_list<session_actor>{})) {
    lines += "session " + each + "\n";
  }
  EXPECT_EQ(lines, read_known()) << "all of it now:\n" << lines;
}

TEST(Wire, CarriesErrorsWithTextAndPause) {
  node any;
  std::vector<char> bytes;
  caf::binary_serializer to(any.system(), bytes);
  const auto sent = protocol::make_error(errc::busy, "later", 7);
  ASSERT_FALSE(to(sent));
  caf::error came;
  caf::binary_deserializer from(any.system(), bytes);
  ASSERT_FALSE(from(came));
  const auto why = protocol::read_error(came);
  EXPECT_EQ(why.code, errc::busy);
  EXPECT_EQ(why.text, "later");
  EXPECT_EQ(why.retry_after_s, 7U);
  EXPECT_EQ(protocol::read_error(caf::sec::request_timeout).code, errc::deadline);
  EXPECT_EQ(protocol::to_string(static_cast<errc>(200)), "unknown");
}

// Why no message ever changes.
TEST(Wire, LosesAFieldThatTheReaderDoesNotKnowWithoutAWord) {
  node any;
  std::vector<char> bytes;
  caf::binary_serializer to(any.system(), bytes);
  std::string id = "id";
  std::int64_t total = 3;
  std::string newer = "newer";
  ASSERT_FALSE(to(id, total, newer));
  accepted read;
  caf::binary_deserializer from(any.system(), bytes);
  EXPECT_FALSE(from(read));
  EXPECT_EQ(read.job_id, "id");
  EXPECT_EQ(read.total, 3);
}

}  // namespace
}  // namespace mutirao::gateway
