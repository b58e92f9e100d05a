// "import-companies": a company a row of a table that comes with the request. Items: lines of the
// file, so that the ledger names them. A bad row is a failed item and costs no other.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "domain/job_type.hpp"
#include "domain/text_table.hpp"

namespace mutirao {

/// The rows of a CSV text. errc::invalid_csv.
using table_reader = std::function<expected<text_table>(std::string_view)>;

class import_companies final : public job_type {
 public:
  static constexpr std::string_view name = "import-companies";
  static constexpr std::size_t most_rows = 100'000;
  static constexpr std::int64_t most_bytes = 16 << 20;
  static constexpr int most_future_years = 5;

  /// Whether a table with these columns is taken. errc::unknown_column, missing_field.
  static expected<void> check_columns(const std::vector<std::string>& columns);

  explicit import_companies(table_reader read) : read_(std::move(read)) {}

  std::string_view kind() const override { return name; }
  const job_description& about() const override;

  /// `csv`, `unit` (of rows that name none), `generate` and `futureYears`. Columns are those of
  /// POST /api/empresas; what rows say is checked when they are planned. errc::missing_field,
  /// invalid_field, invalid_csv, unknown_column, too_many_rows.
  expected<job_request> validate(const argument_reader&, const caller&, date today) const override;
  /// Rows come with the request: nothing.
  expected<std::vector<item_id>> list(company_directory&, const job_arguments&) const override;
  expected<std::vector<item_plan>> plan(company_directory&, const job_arguments&,
                                        std::span<const item_id> items) const override;
  job_ending conclude(const job_arguments&, const job_totals&, notice tells) const override;

 private:
  table_reader read_;
};

}  // namespace mutirao
