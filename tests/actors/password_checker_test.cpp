#include "actors/password_checker.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <stdexcept>

#include "tests/actors/actor_test.hpp"
#include "tests/support/plain_hasher.hpp"

namespace mutirao::actors {
namespace {

class throwing_hasher final : public password_hasher {
 public:
  expected<std::string> hash(std::string_view) override { return std::string(); }
  expected<bool> fits(std::string_view, const std::string&) override {
    throw std::runtime_error("no memory");
  }
};

class password_checker : public mutirao::testing::actor_test {
 protected:
  void start(password_hasher& by, std::size_t most) {
    hasher_ = system_.spawn(run_hasher, &by, &telemetry_);
    checker_ = system_.spawn(run_password_checker, hasher_, most);
  }
  void TearDown() override { end(checker_, hasher_); }

  /// Sent, but nothing has run yet.
  auto ask(const std::string& password) {
    return self_->request(checker_, caf::infinite, check_password{password, "kept right"});
  }
  template <class Pending>
  expected<bool> answer(Pending& pending) {
    scheduler_.run();
    return mutirao::testing::answer_in<check_password>(pending);
  }

  mutirao::testing::plain_hasher plain_;
  hasher_actor hasher_;
  password_checker_actor checker_;
  caf::scoped_actor self_{system_, true};
};

TEST_F(password_checker, says_whether_it_fits) {
  start(plain_, 2);
  auto right = ask("right");
  auto wrong = ask("wrong");
  EXPECT_EQ(answer(right), true);
  EXPECT_EQ(answer(wrong), false);
}

TEST_F(password_checker, takes_as_many_as_it_can_and_refuses_the_rest_at_once) {
  start(plain_, 2);
  auto first = ask("right");
  auto second = ask("right");
  auto third = ask("right");
  EXPECT_EQ(answer(third).error().code, errc::overloaded);
  EXPECT_EQ(answer(first), true);
  EXPECT_EQ(answer(second), true);
  EXPECT_EQ(plain_.compared().size(), 2U);
  auto later = ask("right");
  EXPECT_EQ(answer(later), true) << "there is room again";
}

TEST_F(password_checker, survives_a_hasher_that_throws) {
  throwing_hasher broken;
  start(broken, 1);
  for (int i = 0; i < 3; ++i) {
    auto asked = ask("right");
    EXPECT_EQ(answer(asked).error().code, errc::internal);
  }
  EXPECT_EQ(telemetry_.events(), std::vector<std::string>(3, "hasher_threw"));
}

TEST_F(password_checker, answers_where_its_hasher_is_gone) {
  start(plain_, 1);
  end(hasher_);
  for (int i = 0; i < 3; ++i) {
    auto asked = ask("right");
    EXPECT_EQ(answer(asked).error().code, errc::internal);
  }
}

}  // namespace
}  // namespace mutirao::actors
