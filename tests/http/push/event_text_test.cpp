#include "http/push/event_text.hpp"

#include <gtest/gtest.h>

namespace mutirao::http::push {
namespace {

TEST(event_text_test, an_event_is_its_id_its_name_and_its_data) {
  EXPECT_EQ(event_text("progress", "{}"), "event: progress\ndata: {}\n\n");
  EXPECT_EQ(event_text("job", "{}", position{12, false}), "id: 12\nevent: job\ndata: {}\n\n");
  EXPECT_EQ(event_text("notification", "{}", position{12, true}),
            "id: 12n\nevent: notification\ndata: {}\n\n");
}

TEST(event_text_test, each_line_of_the_data_is_a_field_of_its_own) {
  EXPECT_EQ(event_text("x", "a\nb\r\nc\rd\n"),
            "event: x\ndata: a\ndata: b\ndata: c\ndata: d\ndata: \n\n");
  EXPECT_EQ(event_text("x", ""), "event: x\ndata: \n\n");
}

TEST(event_text_test, a_stream_begins_with_the_pause_before_the_next_and_no_event) {
  EXPECT_EQ(opening_text(std::nullopt), "retry: 2000\n\n");
  EXPECT_EQ(opening_text(position{7, true}), "retry: 2000\nid: 7n\n\n");
}

TEST(position_test, comes_back_from_its_text) {
  for (const position at : {position{0, true}, position{12, false}, position{INT64_MAX, true}}) {
    EXPECT_EQ(parse_position(to_text(at)), at);
  }
}

TEST(position_test, is_nothing_where_the_text_is_none) {
  for (const auto* text : {"", "n", "-1", "+1", " 1", "1 ", "1x", "1nn", "0x1", "1.0", "-0",
                           "9223372036854775808", "99999999999999999999n"}) {
    EXPECT_FALSE(parse_position(text)) << text;
  }
}

}  // namespace
}  // namespace mutirao::http::push
