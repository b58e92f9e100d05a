// A running service among clients that mean it harm: afterwards it must stand as it stood before.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/e2e/bystanders.hpp"
#include "tests/e2e/fixture.hpp"
#include "tests/support/process_figures.hpp"

namespace mutirao::e2e {

class hostile_test : public service_test {
 protected:
  static constexpr std::int64_t companies = 40;  // of unit 1, ids from 1

  /// A service with its companies, everything that is made at first use made already.
  void SetUp() override;
  /// The service lives, serves, has no descriptor more than before, and ends in order.
  void TearDown() override;

  tests::socket_client connect(int receive_bytes = 0) {
    return tests::socket_client(service_->port(), receive_bytes);
  }
  /// A whole request with a good token; the answer to it is 200 or 202.
  std::string request(const std::string& target, const std::string& method = "GET") const;
  pid_t process() { return service_->child().id(); }
  /// Asks for each company once, so that caches and threads are there.
  void warm_up();

  std::unique_ptr<bystanders> others(bystanders::coming how = bystanders::coming::again);
  /// Ends them: not one answer was wrong or lost, and none waited long. Prints what they waited.
  void expect_unharmed(bystanders& those, std::string_view beside);

  std::size_t descriptors_before_ = 0;
};

}  // namespace mutirao::e2e
