// A test with a service and a gateway before it, both real processes, and nodes of its own.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/fixture.hpp"
#include "tests/gateway/node.hpp"

namespace mutirao::gateway {

using testing::program_process;

/// `mutirao gateway`, ready once its line has come.
class gateway_process {
 public:
  explicit gateway_process(std::vector<std::string> arguments) : child_(setup(arguments)) {
    const auto line = child_.read_line();
    constexpr std::string_view front = "listening on caf://";
    if (!line || line->compare(0, front.size(), front) != 0) return;
    port_ = static_cast<std::uint16_t>(std::atoi(line->c_str() + line->rfind(':') + 1));
  }

  bool ready() const { return port_ != 0; }
  std::uint16_t port() const { return port_; }
  program_process& child() { return child_; }
  std::string errors() const { return child_.errors(); }
  std::optional<int> stop() {
    child_.send(SIGTERM);
    return child_.wait();
  }
  void kill() {
    child_.send(SIGKILL);
    child_.wait();
  }

 private:
  static program_process::setup setup(std::vector<std::string>& arguments) {
    arguments.insert(arguments.begin(), "gateway");
    return {arguments, {}};
  }

  program_process child_;
  std::uint16_t port_ = 0;
};

class gateway_test : public e2e::service_test {
 protected:
  /// Units 1 and 2 with companies, a service.
  void SetUp() override;
  void TearDown() override;

  /// A gateway before the service, plain unless certificates were made; at `port`, or any.
  void start_gateway(std::vector<std::string> flags = {}, std::uint16_t port = 0);
  /// A CA in the folder `name` of the test, with the nodes gateway and client.
  std::string make_certificates(const std::string& name = "certs");
  /// Files of a node of that CA.
  static client::node_options node_with(const std::string& folder,
                                        const std::string& name = "client");
  client::link_options link_to(const e2e::identity& who = {}) const;
  v1::submit_unit submission(const std::string& key, std::int64_t unit = 1) const {
    return {key, unit, 0, {}};
  }
  /// Jobs that are stored.
  std::int64_t jobs();

  std::string service_url() const { return "http://127.0.0.1:" + std::to_string(service_->port()); }

  std::string certificates_;  // the folder; empty: plain
  std::unique_ptr<gateway_process> gateway_;
};

}  // namespace mutirao::gateway
