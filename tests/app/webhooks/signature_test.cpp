#include "app/webhooks/signature.hpp"

#include <gtest/gtest.h>

#include "tests/app/webhooks/made_up_secret.hpp"

namespace mutirao::app {
namespace {

// The example of the Standard Webhooks' reference libraries.
constexpr auto message = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr std::int64_t seconds = 1'614'265'330;
constexpr auto body = R"({"test": 2432232314})";
constexpr auto signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

constexpr auto other_secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

TEST(webhook_signature, is_the_published_one) {
  EXPECT_EQ(webhook_secret::parse(made_up_secret).value().sign(message, seconds, body), signature);
}

TEST(webhook_signature, differs_with_whatever_is_signed) {
  const auto with = webhook_secret::parse(made_up_secret).value();
  EXPECT_NE(with.sign("msg_x", seconds, body), signature);
  EXPECT_NE(with.sign(message, seconds + 1, body), signature);
  EXPECT_NE(with.sign(message, seconds, "{}"), signature);
  EXPECT_NE(webhook_secret::parse(other_secret).value().sign(message, seconds, body), signature);
}

TEST(webhook_signature, is_one_a_secret_while_one_is_replaced) {
  const std::vector both{webhook_secret::parse(made_up_secret).value(),
                         webhook_secret::parse(other_secret).value()};
  EXPECT_EQ(sign_all(both, message, seconds, body),
            std::string(signature) + " " + both[1].sign(message, seconds, body));
}

TEST(webhook_secret, is_base64_of_24_to_64_bytes) {
  for (const auto* text :
       {"", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
        "whsec_AAAA", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa!w",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n"}) {
    const auto parsed = webhook_secret::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, errc::invalid_field);
  }
  EXPECT_FALSE(webhook_secret::parse("whsec_" + std::string(88, 'A')))  // 66 bytes
      << "too long";
}

TEST(webhook_secrets, of_a_url_stand_instead_of_the_usual_ones) {
  const auto all =
      parse_webhook_secrets(std::string("# to be replaced in May\n\n  ") + made_up_secret +
                            "\r\nhttps://example.com/hook \t" + other_secret +
                            "\nhttps://example.com/hook " + made_up_secret)
          .value();
  EXPECT_EQ(all.usual.size(), 1U);
  EXPECT_EQ(all.for_url("https://example.com/hook").size(), 2U);
  EXPECT_EQ(all.for_url("https://example.com/other").size(), 1U);
  EXPECT_EQ(all.for_url("https://example.com/other")[0].sign(message, seconds, body), signature);
}

TEST(webhook_secrets, say_which_line_is_wrong_and_not_what_it_holds) {
  const auto wrong = parse_webhook_secrets(std::string(made_up_secret) + "\nwhsec_oops\n");
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().detail.find("line 2"), std::string::npos);
  EXPECT_EQ(wrong.error().detail.find("oops"), std::string::npos);
  EXPECT_FALSE(parse_webhook_secrets(std::string("nothing ") + made_up_secret));
}

}  // namespace
}  // namespace mutirao::app
