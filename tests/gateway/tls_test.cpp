// Who gets in: whoever has a certificate of the CA, and nobody else. And that the gateway does not
// start without.
#include <sys/stat.h>

#include "gateway/tls_files.hpp"
#include "tests/gateway/fixture.hpp"

namespace mutirao::gateway {
namespace {

class tls : public gateway_test {
 protected:
  void SetUp() override {
    gateway_test::SetUp();
    certificates_ = make_certificates();
  }
  /// Whether a node gets an answer by its link.
  answered<v1::job_page> ask_as(const client::node_options& options,
                                milliseconds deadline = milliseconds(1'500)) {
    node other(options);
    auto link = link_to();
    link.deadline = deadline;
    link.connect_deadline = milliseconds(500);
    return other.ask<v1::job_page>(other.link(link), v1::list_jobs{});
  }
};

TEST_F(tls, lets_a_node_of_the_ca_in) {
  start_gateway();
  const auto page = ask_as(node_with(certificates_), patience);
  EXPECT_TRUE(page) << page.error().text;
}

TEST_F(tls, shuts_out_other_cas_no_certificates_and_plain_text) {
  start_gateway();
  const auto others = make_certificates("others");
  EXPECT_EQ(ask_as(node_with(others)).error().code, errc::link_lost);
  // The right CA known, and a certificate of another.
  auto mixed = node_with(others);
  mixed.ca = certificates_ + "/ca.pem";
  EXPECT_EQ(ask_as(mixed).error().code, errc::link_lost);
  // No files: CAF's anonymous cipher.
  {
    node anonymous({},
                   [](caf::actor_system_config& config) { config.load<caf::openssl::manager>(); });
    auto link = link_to();
    link.deadline = milliseconds(1'500);
    EXPECT_EQ(anonymous.ask<v1::job_page>(anonymous.link(link), v1::list_jobs{}).error().code,
              errc::link_lost);
  }
  EXPECT_EQ(ask_as({}).error().code, errc::link_lost);
  // It stands unharmed, and serves those that it lets in.
  EXPECT_TRUE(gateway_->child().running());
  EXPECT_TRUE(ask_as(node_with(certificates_), patience));
}

TEST_F(tls, keeps_a_client_from_a_gateway_of_another_ca) {
  start_gateway();
  auto wary = node_with(certificates_);
  wary.ca = make_certificates("others") + "/ca.pem";
  EXPECT_EQ(ask_as(wary).error().code, errc::link_lost);
}

// CAF reads the files at every connection, and ends the process where it cannot.
TEST_F(tls, outlives_its_files) {
  start_gateway();
  std::filesystem::rename(certificates_, folder_ / "moved");
  node other(node_with((folder_ / "moved").string()));
  EXPECT_TRUE(other.ask<v1::job_page>(other.link(link_to()), v1::list_jobs{}));
  EXPECT_TRUE(gateway_->child().running());
}

TEST_F(tls, a_node_can_be_added_to_the_ca) {
  start_gateway();
  const auto made = e2e::run_program({{"certs", "--out", certificates_, "--node", "harness"}, {}});
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_TRUE(ask_as(node_with(certificates_, "harness"), patience));
}

TEST_F(tls, files_are_checked_before_anything_is_opened) {
  const auto others = make_certificates("others");
  const auto refused = [&](std::vector<std::string> flags, const std::string& why,
                           const std::string& listen = "127.0.0.1:0") {
    flags.insert(flags.begin(), {"gateway", "--listen", listen});
    const auto ended = e2e::run_program({flags, {}});
    EXPECT_EQ(ended.code, 2) << why;
    EXPECT_EQ(ended.out, "");
    EXPECT_NE(ended.err.find(why), std::string::npos) << ended.err;
  };
  const std::string certificate = certificates_ + "/gateway.pem";
  const std::string key = certificates_ + "/gateway.key";
  const std::string ca = certificates_ + "/ca.pem";
  refused({}, "certificate");
  refused({"--certificate", certificate, "--key", key}, "ca");
  refused({"--certificate", "nowhere.pem", "--key", key, "--ca", ca},
          "cannot read \"nowhere.pem\"");
  refused({"--certificate", certificate, "--key", key, "--ca", key}, "--ca: no PEM certificate");
  refused({"--certificate", key, "--key", key, "--ca", ca}, "--certificate: no PEM certificate");
  refused({"--certificate", certificate, "--key", ca, "--ca", ca}, "--key: no PEM key");
  refused({"--certificate", certificate, "--key", certificates_ + "/client.key", "--ca", ca},
          "is not the key of");
  refused({"--certificate", certificate, "--key", key, "--ca", others + "/ca.pem"},
          "is not accepted under");
  refused({"--insecure"}, "--insecure", "0.0.0.0:0");
  refused({"--insecure", "--ca", ca}, "--insecure");
  refused({"--insecure", "--heartbeat", "1s", "--silence", "1s"}, "two heartbeats");
}

TEST_F(tls, certs_makes_keys_for_their_owner_and_replaces_nothing_unasked) {
  const auto run = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"certs", "--out", certificates_});
    return e2e::run_program({more, {}});
  };
  for (const char* name : {"ca", "gateway", "client"}) {
    struct stat is {};
    ASSERT_EQ(::stat((certificates_ + "/" + name + ".key").c_str(), &is), 0);
    EXPECT_EQ(is.st_mode & 0777U, 0600U) << name;
  }
  const auto read = [&](const char* name) {
    std::ifstream file(certificates_ + "/" + name);
    return std::string{std::istreambuf_iterator<char>(file), {}};
  };
  const auto ca = read("ca.key");
  const auto gateway = read("gateway.key");
  const auto again = run({});
  EXPECT_EQ(again.code, 2);
  EXPECT_NE(again.err.find("--force"), std::string::npos) << again.err;
  EXPECT_EQ(run({"--node", "gateway"}).code, 2);
  EXPECT_EQ(read("gateway.key"), gateway);
  EXPECT_EQ(run({"--node", "../x"}).code, 2);
  EXPECT_EQ(run({"--node", "ca"}).code, 2);
  EXPECT_EQ(run({"--node", "gateway", "--force"}).code, 0);
  EXPECT_NE(read("gateway.key"), gateway);
  EXPECT_EQ(read("ca.key"), ca);
  EXPECT_EQ(run({"--force"}).code, 0);
  EXPECT_NE(read("ca.key"), ca);
  EXPECT_EQ(e2e::run_program({{"certs"}, {}}).code, 2);
  std::filesystem::remove(certificates_ + "/ca.key");
  EXPECT_EQ(run({"--node", "more"}).code, 2);
}

TEST_F(tls, client_options_are_checked) {
  auto options = node_with(certificates_);
  EXPECT_EQ(client::problem_of(options), "");
  EXPECT_EQ(client::problem_of({}), "");
  options.ca.clear();
  EXPECT_NE(client::problem_of(options), "");
  options.ca = "nowhere";
  EXPECT_NE(client::problem_of(options), "");
}

}  // namespace
}  // namespace mutirao::gateway
