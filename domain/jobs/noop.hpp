// "noop": items that only take time, for load tests. Registered under --dev alone.
#pragma once

#include <chrono>
#include <functional>
#include <utility>

#include "domain/job_type.hpp"

namespace mutirao {

class noop final : public job_type {
 public:
  static constexpr std::string_view name = "noop";
  static constexpr std::int64_t most_items = 100'000;
  static constexpr std::int64_t most_micros = 60'000'000;

  /// `wait` lets so much time pass, for one item.
  explicit noop(std::function<void(std::chrono::microseconds)> wait) : wait_(std::move(wait)) {}

  std::string_view kind() const override { return name; }
  const job_description& about() const override;

  /// `items` (1..100000) and `micros` (0..60000000, absent: 0). errc::invalid_field.
  expected<job_request> validate(const argument_reader&, const caller&, date today) const override;
  /// 1, 2, 3 ...
  expected<std::vector<item_id>> list(company_directory&, const job_arguments&) const override;
  expected<std::vector<item_plan>> plan(company_directory&, const job_arguments&,
                                        std::span<const item_id> items) const override;
  std::size_t at_once(const job_arguments&) const override;
  job_ending conclude(const job_arguments&, const job_totals&, notice tells) const override;

 private:
  std::function<void(std::chrono::microseconds)> wait_;
};

}  // namespace mutirao
