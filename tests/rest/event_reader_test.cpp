#include "rest/event_reader.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace mutirao::rest {
namespace {

using texts = std::vector<std::string>;

/// "name: data" of each event, the bytes given in pieces of `length`.
texts read(const std::string& bytes, std::size_t length) {
  event_reader reader;
  texts all;
  for (std::size_t at = 0; at < bytes.size(); at += length) {
    EXPECT_TRUE(
        reader.feed(std::string_view(bytes).substr(at, length), [&](const server_event& event) {
          all.push_back(event.name + ": " + event.data);
          return true;
        }));
  }
  return all;
}

TEST(EventReader, ReadsEventsHoweverTheyAreCutAndHoweverTheirLinesEnd) {
  const std::string events =
      "retry: 2000\n\n"
      ":\n\n"
      "id: 1\nevent: job\ndata: {\"a\":1}\n\n"
      "event: x\r\ndata:1\r\ndata: 2\r\n\r\n"
      "data: y\r\r"
      "event: no data\n\n"
      "data\n\n"
      "data: not whole\n";
  const texts expected{"job: {\"a\":1}", "x: 1\n2", "message: y", "message: "};
  for (std::size_t length = 1; length <= events.size(); ++length) {
    EXPECT_EQ(read(events, length), expected) << length;
  }
}

TEST(EventReader, KnowsWhereTheStreamIs) {
  event_reader reader;
  EXPECT_FALSE(reader.begun());
  std::vector<std::string> ids;
  const auto note = [&](const server_event& event) {
    ids.push_back(event.id);
    return true;
  };
  reader.feed("retry: 2000\nid: 11\n\n", note);
  EXPECT_TRUE(reader.begun());
  EXPECT_EQ(reader.first_id(), "11");
  reader.feed("id: 12n\ndata: a\n\ndata: without its own\n\n", note);
  EXPECT_EQ(ids, (std::vector<std::string>{"12n", "12n"}));
  EXPECT_EQ(reader.first_id(), "11");
  event_reader at_once;
  at_once.feed("id: 12\ndata: a\n\n", note);
  EXPECT_EQ(at_once.first_id(), "");  // an event is not behind itself
}

TEST(EventReader, StopsWhereItIsTold) {
  event_reader reader;
  int heard = 0;
  EXPECT_FALSE(reader.feed("data: 1\n\ndata: 2\n\n", [&](const server_event&) {
    ++heard;
    return false;
  }));
  EXPECT_EQ(heard, 1);
}

}  // namespace
}  // namespace mutirao::rest
