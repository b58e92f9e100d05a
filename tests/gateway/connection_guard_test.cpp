#include "gateway/connection_guard.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <vector>

#include "tests/support/socket_client.hpp"

namespace mutirao::gateway {
namespace {

using std::chrono::milliseconds;

/// Accepts connections and lets them be.
class Guard : public ::testing::Test {
 protected:
  void SetUp() override {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    ASSERT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&at), size), 0);
    ASSERT_EQ(::listen(listener_, 16), 0);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size);
    port_ = ntohs(at.sin_port);
  }
  void TearDown() override {
    for (const int each : accepted_) ::close(each);
    ::close(listener_);
  }
  /// One that has said so many bytes.
  void connect(std::size_t bytes) {
    auto& client = *clients_.emplace_back(std::make_unique<tests::socket_client>(port_));
    accepted_.push_back(::accept(listener_, nullptr, nullptr));
    if (bytes == 0) return;
    client.send(std::string(bytes, 'x'));
    std::string got(bytes, '\0');
    ASSERT_EQ(::recv(accepted_.back(), got.data(), bytes, MSG_WAITALL),
              static_cast<ssize_t>(bytes));
  }
  bool is_cut(std::size_t which) const {
    char byte = 0;
    return ::recv(accepted_[which], &byte, 1, MSG_DONTWAIT) == 0;
  }

  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::vector<std::unique_ptr<tests::socket_client>> clients_;
  std::vector<int> accepted_;
};

TEST_F(Guard, CutsBeyondTheLimitThoseThatHaveSaidLeast) {
  connect(10);
  connect(0);
  connect(1'000);
  connect(100);
  const auto seen = guard_connections(port_, {std::chrono::hours(1), 2});
  EXPECT_EQ(seen.open, 4U);
  EXPECT_EQ(seen.cut, 2U);
  EXPECT_TRUE(is_cut(0));
  EXPECT_TRUE(is_cut(1));
  EXPECT_FALSE(is_cut(2));
  EXPECT_FALSE(is_cut(3));
}

TEST_F(Guard, CutsWhatIsSilentForTooLong) {
  connect(10);
  connect(0);
  EXPECT_EQ(guard_connections(port_, {std::chrono::hours(1), 100}).cut, 0U);
  EXPECT_TRUE(tests::eventually([&] {
    return guard_connections(port_, {milliseconds(5), 100}).cut == 2;
  }));
  EXPECT_TRUE(is_cut(0));
  EXPECT_TRUE(is_cut(1));
}

TEST_F(Guard, LetsOtherPortsAndTheListenerBe) {
  connect(0);
  EXPECT_EQ(guard_connections(static_cast<std::uint16_t>(port_ + 1), {milliseconds(0), 0}).open,
            0U);
  EXPECT_EQ(guard_connections(port_, {std::chrono::hours(1), 0}).cut, 1U);
  connect(0);  // it still accepts
  EXPECT_FALSE(is_cut(1));
}

}  // namespace
}  // namespace mutirao::gateway
