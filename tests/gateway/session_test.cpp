// What a peer can ask, over the real program: it is what HTTP answers, with the same rights.
#include "tests/gateway/fixture.hpp"

namespace mutirao::gateway {
namespace {

class session : public gateway_test {};

TEST_F(session, submits_a_job_and_shows_it) {
  start_gateway();
  node other;
  const auto link = other.link(link_to());
  const auto made = other.ask<v1::accepted>(link, submission("a"));
  ASSERT_TRUE(made) << made.error().text;
  EXPECT_EQ(made->total, 40);
  EXPECT_EQ(jobs(), 1);
  const auto shown = other.ask<v1::job>(link, v1::get_job{made->job_id});
  ASSERT_TRUE(shown) << shown.error().text;
  EXPECT_EQ(shown->id, made->job_id);
  EXPECT_EQ(shown->type, "generate-auto-tasks-unit");
  EXPECT_EQ(shown->user, 7);
  EXPECT_EQ(shown->total, 40);
}

}  // namespace
}  // namespace mutirao::gateway
