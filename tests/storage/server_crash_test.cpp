// A connection to a server that crashes and comes back.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "storage/postgres/connection.hpp"
#include "tests/support/places.hpp"

namespace mutirao::storage::postgres {
namespace {

/// A server of the test's own, where the server's own user may go.
class crashing_server : public ::testing::Test {
 protected:
  crashing_server() { EXPECT_TRUE(script("start")); }
  ~crashing_server() override {
    EXPECT_TRUE(script("stop"));
    std::filesystem::remove_all(folder_);
  }
  bool script(const std::string& what) const {
    const auto line =
        testing::in_source("scripts/postgres ") + what + " " + folder_ + " > /dev/null";
    return std::system(line.c_str()) == 0;
  }

  const std::string folder_ = "/tmp/mutirao-crash-" + std::to_string(::getpid());
};

TEST_F(crashing_server, is_asked_again_when_it_is_back) {
  const auto on = connection::open("postgres://mutirao@/postgres?host=" + folder_).value();
  ASSERT_TRUE(on->begin_reading());
  ASSERT_TRUE(on->rollback());
  ASSERT_TRUE(script("restart"));  // it ends at once, without a word to who is connected
  const auto again = on->begin_reading();
  EXPECT_TRUE(again) << again.error().detail;
  ASSERT_TRUE(on->rollback());
}

}  // namespace
}  // namespace mutirao::storage::postgres
