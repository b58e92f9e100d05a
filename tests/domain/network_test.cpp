#include "domain/network.hpp"

#include <gtest/gtest.h>

namespace mutirao {
namespace {

struct judged {
  const char* address;
  bool is_public;
};

// The first and last address of each special range, and its neighbours outside.
constexpr judged addresses[] = {
    {"0.0.0.0", false},
    {"0.255.255.255", false},
    {"1.0.0.0", true},
    {"8.8.8.8", true},
    {"9.255.255.255", true},
    {"10.0.0.0", false},
    {"10.255.255.255", false},
    {"11.0.0.0", true},
    {"100.63.255.255", true},
    {"100.64.0.0", false},
    {"100.127.255.255", false},
    {"100.128.0.0", true},
    {"126.255.255.255", true},
    {"127.0.0.1", false},
    {"127.255.255.255", false},
    {"128.0.0.0", true},
    {"169.253.255.255", true},
    {"169.254.169.254", false},
    {"169.255.0.0", true},
    {"172.15.255.255", true},
    {"172.16.0.0", false},
    {"172.31.255.255", false},
    {"172.32.0.0", true},
    {"192.0.0.8", false},
    {"192.0.1.0", true},
    {"192.0.2.1", false},
    {"192.88.99.1", false},
    {"192.167.255.255", true},
    {"192.168.0.0", false},
    {"192.168.255.255", false},
    {"192.169.0.0", true},
    {"198.17.255.255", true},
    {"198.18.0.0", false},
    {"198.19.255.255", false},
    {"198.20.0.0", true},
    {"198.51.100.7", false},
    {"203.0.113.7", false},
    {"203.0.114.0", true},
    {"223.255.255.255", true},
    {"224.0.0.1", false},
    {"239.255.255.255", false},
    {"240.0.0.0", false},
    {"255.255.255.255", false},
    {"::", false},
    {"::1", false},
    {"::8.8.8.8", false},
    {"::ffff:127.0.0.1", false},
    {"::ffff:10.0.0.1", false},
    {"::ffff:169.254.169.254", false},
    {"::ffff:8.8.8.8", true},
    {"64:ff9b::7f00:1", false},
    {"64:ff9b::808:808", true},
    {"64:ff9b:1::1", false},
    {"100::1", false},
    {"2000::1", true},
    {"2001::1", false},
    {"2001:1ff:ffff::1", false},
    {"2001:200::1", true},
    {"2001:db8::1", false},
    {"2002:7f00:1::", false},
    {"2606:4700::1111", true},
    {"2606:4700::5efe:127.0.0.1", false},
    {"2606:4700::200:5efe:10.0.0.1", false},
    {"2606:4700::5efe:8.8.8.8", true},
    {"3fff::1", false},
    {"3fff:1000::1", true},
    {"4000::1", false},
    {"5f00::1", false},
    {"fc00::1", false},
    {"fd12:3456::1", false},
    {"fe80::1", false},
    {"fec0::1", false},
    {"ff02::1", false},
};

TEST(network, tells_what_is_of_the_public_internet) {
  for (const auto& [text, is_public_one] : addresses) {
    const auto address = parse_ip(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(is_public(*address), is_public_one) << text;
  }
}

TEST(network, a_mapped_address_is_the_same_as_the_bare_one) {
  EXPECT_EQ(parse_ip("::ffff:192.0.2.1"), parse_ip("192.0.2.1"));
  EXPECT_NE(parse_ip("::192.0.2.1"), parse_ip("192.0.2.1"));
}

TEST(network, takes_no_text_that_is_no_address) {
  for (const auto* text : {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "[::1]",
                           "::g", "1::2::3", "0x7f.1", "fe80::1%eth0"}) {
    EXPECT_FALSE(parse_ip(text)) << text;
  }
  EXPECT_FALSE(parse_ip(std::string_view("1.2.3.4\0", 8)));
}

TEST(network, a_range_holds_what_shares_its_prefix) {
  const auto holds = [](const char* range, const char* address) {
    return parse_ip_range(range).value().contains(parse_ip(address).value());
  };
  EXPECT_TRUE(holds("10.1.0.0/16", "10.1.255.255"));
  EXPECT_FALSE(holds("10.1.0.0/16", "10.2.0.0"));
  EXPECT_TRUE(holds("10.128.0.0/9", "10.200.0.1"));
  EXPECT_FALSE(holds("10.128.0.0/9", "10.127.0.1"));
  EXPECT_TRUE(holds("0.0.0.0/0", "255.1.2.3"));
  EXPECT_FALSE(holds("0.0.0.0/0", "2606:4700::1"));
  EXPECT_TRUE(holds("127.0.0.1", "::ffff:127.0.0.1"));
  EXPECT_FALSE(holds("127.0.0.1", "127.0.0.2"));
  EXPECT_TRUE(holds("fd00::/8", "fdff::1"));
  EXPECT_FALSE(holds("fd00::/8", "fc00::1"));
}

TEST(network, takes_no_range_that_is_none) {
  for (const auto* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x",
                           "10.0.0.1/8", "fd00::/129", "fd00::1/64", "ten/8"}) {
    EXPECT_FALSE(parse_ip_range(text)) << text;
  }
}

TEST(network, a_policy_lets_through_what_is_public_or_named) {
  const auto loopback = parse_ip("127.0.0.1").value();
  const auto neighbour = parse_ip("10.1.2.3").value();
  address_policy policy;
  EXPECT_FALSE(policy.allows(loopback));
  EXPECT_TRUE(policy.allows(parse_ip("8.8.8.8").value()));
  policy.also = {parse_ip_range("10.1.0.0/16").value()};
  EXPECT_TRUE(policy.allows(neighbour));
  EXPECT_FALSE(policy.allows(loopback));
  policy.everything = true;
  EXPECT_TRUE(policy.allows(loopback));
}

}  // namespace
}  // namespace mutirao
