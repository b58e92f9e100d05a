#include "tests/gateway/fixture.hpp"

namespace mutirao::gateway {
namespace {

constexpr std::int64_t companies = 40;  // of each unit

}  // namespace

void gateway_test::SetUp() {
  make_database();
  {
    auto stored = db();
    for (const std::int64_t unit : {1, 2}) {
      auto all = e2e::mixed_companies(unit, unit * 10'000, companies);
      for (auto& one : all) one.active = true;
      e2e::add_companies(stored, all);
    }
  }
  start();
}

void gateway_test::TearDown() {
  if (HasFailure() && gateway_) std::cerr << "the gateway's log:\n" << gateway_->errors();
  gateway_.reset();
  service_test::TearDown();
}

void gateway_test::start_gateway(std::vector<std::string> flags, std::uint16_t port) {
  flags.insert(flags.end(), {"--listen", "127.0.0.1:" + std::to_string(port)});
  const auto has = [&](const char* flag) {
    return std::find(flags.begin(), flags.end(), flag) != flags.end();
  };
  if (!has("--url")) flags.insert(flags.end(), {"--url", service_url()});
  if (certificates_.empty()) {
    flags.push_back("--insecure");
  } else {
    flags.insert(flags.end(), {"--certificate", certificates_ + "/gateway.pem", "--key",
                               certificates_ + "/gateway.key", "--ca", certificates_ + "/ca.pem"});
  }
  gateway_.reset();
  gateway_ = std::make_unique<gateway_process>(flags);
  ASSERT_TRUE(gateway_->ready()) << gateway_->errors();
}

std::string gateway_test::make_certificates(const std::string& name) {
  const auto folder = (folder_ / name).string();
  const auto made = e2e::run_program({{"certs", "--out", folder}, {}});
  EXPECT_EQ(made.code, 0) << made.err;
  return folder;
}

client::node_options gateway_test::node_with(const std::string& folder, const std::string& name) {
  client::node_options options;
  options.certificate = folder + "/" + name + ".pem";
  options.key = folder + "/" + name + ".key";
  options.ca = folder + "/ca.pem";
  return options;
}

client::link_options gateway_test::link_to(const e2e::identity& who) const {
  client::link_options options;
  options.port = gateway_->port();
  options.token = e2e::token_of(who);
  return options;
}

std::int64_t gateway_test::jobs() {
  auto stored = db();
  return std::stoll(stored.rows("SELECT count(*) FROM jobs").at(0).at(0));
}

}  // namespace mutirao::gateway
