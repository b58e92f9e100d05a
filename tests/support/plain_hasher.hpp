// Passwords that are kept as they are: quick, and a test sees what was compared with what.
#pragma once

#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "domain/ports/passwords.hpp"

namespace mutirao::testing {

class plain_hasher final : public password_hasher {
 public:
  expected<std::string> hash(std::string_view password) override {
    return "kept " + std::string(password);
  }
  expected<bool> fits(std::string_view password, const std::string& kept) override {
    const std::lock_guard hold(mutex_);
    compared_.emplace_back(password, kept);
    return kept == "kept " + std::string(password);
  }

  /// Each password with what was kept.
  std::vector<std::pair<std::string, std::string>> compared() const {
    const std::lock_guard hold(mutex_);
    return compared_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::pair<std::string, std::string>> compared_;
};

}  // namespace mutirao::testing
