// The example, built against an install tree and nothing else, as its readers would.
#include "tests/gateway/fixture.hpp"
#include "tests/support/places.hpp"

namespace mutirao::gateway {
namespace {

class example : public gateway_test {};

TEST_F(example, submits_a_job_and_prints_its_events) {
  certificates_ = make_certificates();
  start_gateway();
  const auto run = [&](const std::string& token) {
    const auto out = (folder_ / "out").string();
    const std::string files =
        certificates_ + "/client.pem " + certificates_ + "/client.key " + certificates_ + "/ca.pem";
    const std::string line = "MUTIRAO_TOKEN=" + token + " " + testing::places.example +
                             " 127.0.0.1 " + std::to_string(gateway_->port()) + " 1 a-key " +
                             files + " >" + out + " 2>&1";
    const int code = std::system(line.c_str());
    std::ifstream file(out);
    return std::pair(code, std::string{std::istreambuf_iterator<char>(file), {}});
  };
  const auto [code, said] = run(e2e::token_of({}));
  EXPECT_EQ(code, 0) << said;
  EXPECT_TRUE(said.starts_with("job ")) << said;
  EXPECT_NE(said.find("\nsnapshot "), std::string::npos) << said;
  EXPECT_NE(said.find("completed 40/40"), std::string::npos) << said;
  // Once more with the same key: the same job.
  const auto [again, same] = run(e2e::token_of({}));
  EXPECT_EQ(again, 0) << same;
  EXPECT_EQ(same.substr(0, 40), said.substr(0, 40));
  EXPECT_EQ(jobs(), 1);
  const auto [refused, why] = run("none");
  EXPECT_NE(refused, 0);
  EXPECT_NE(why.find("unauthorized"), std::string::npos) << why;
}

}  // namespace
}  // namespace mutirao::gateway
