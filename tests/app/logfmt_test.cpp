#include "app/logfmt.hpp"

#include <gtest/gtest.h>

namespace mutirao::app {
namespace {

const instant at{std::chrono::milliseconds(1'795'468'541'123)};
const std::string head = "ts=" + format_instant(at) + " level=info event=job_started";

std::string line(std::initializer_list<log_field> fields) {
  return render_line(at, log_level::info, "job_started", fields);
}

TEST(Logfmt, TimeLevelAndEventComeFirst) {
  EXPECT_EQ(line({}), head);
}

TEST(Logfmt, PlainValuesStandBare) {
  EXPECT_EQ(line({{"job", std::string_view("3f2b-1")}, {"user", std::int64_t{-7}}, {"ms", 1.5}}),
            head + " job=3f2b-1 user=-7 ms=1.5");
  EXPECT_EQ(line({{"nome", std::string("São-Paulo")}}), head + " nome=São-Paulo");
}

TEST(Logfmt, ValuesThatCouldBeMisreadAreQuoted) {
  EXPECT_EQ(line({{"a", std::string_view("")}}), head + " a=\"\"");
  EXPECT_EQ(line({{"a", std::string_view("two words")}}), head + " a=\"two words\"");
  EXPECT_EQ(line({{"a", std::string_view("x user=1")}}), head + " a=\"x user=1\"");
  EXPECT_EQ(line({{"a", std::string_view("say \"x\"")}}), head + " a=\"say \\\"x\\\"\"");
  EXPECT_EQ(line({{"a", std::string_view("back\\slash")}}), head + " a=\"back\\\\slash\"");
}

TEST(Logfmt, AValueCannotBeginALine) {
  EXPECT_EQ(line({{"a", std::string_view("x\nts=2000 event=forged")}}),
            head + " a=\"x\\nts=2000 event=forged\"");
  EXPECT_EQ(line({{"a", std::string_view("\r\t\x1b[2J\0\x7f", 8)}}),
            head + " a=\"\\r\\t\\x1b[2J\\x00\\x7f\"");
}

TEST(Logfmt, KeysAndEventsAreHeldToTheirForm) {
  EXPECT_EQ(line({{"a b\n=", std::int64_t{1}}}), head + " a_b__=1");
  EXPECT_EQ(render_line(at, log_level::error, "x\ny", {}),
            "ts=" + format_instant(at) + " level=error event=\"x\\ny\"");
}

TEST(Logfmt, LevelsHaveTheirNames) {
  for (const auto level :
       {log_level::debug, log_level::info, log_level::warning, log_level::error}) {
    EXPECT_EQ(parse_log_level(to_string(level)), level);
  }
  EXPECT_EQ(parse_log_level("INFO"), std::nullopt);
}

}  // namespace
}  // namespace mutirao::app
