// What a type of job is: how its arguments are read, what its items are, what one item creates, and
// what its owner is told at the end. Pure but for the directory it is handed; registered in
// app/job_types.cpp. How to write one: docs/job-types.md.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/job.hpp"
#include "domain/ports/directory.hpp"

namespace mutirao {

/// The arguments of a request by name, as text. Absent names are not in it.
using argument_reader = std::map<std::string, std::string, std::less<>>;

struct both_languages {
  std::string_view portuguese;
  std::string_view english;
};

enum class argument_form : std::uint8_t { text, integer, boolean, day };

/// One argument of a type, for whoever asks and for the check of what was asked. All text is
/// static.
struct argument_spec {
  std::string_view name;
  argument_form form = argument_form::text;
  bool required = false;
  std::int64_t least = 0;  // an integer, or bytes of a text
  std::int64_t most = 300;
  std::string_view absent = {};  // what stands for it where it is not given; empty: nothing
  both_languages says = {};
};

struct job_description {
  both_languages title;
  both_languages says;
  std::vector<argument_spec> arguments;
  std::string_view item = "item";                  // what names an item in results: "empresaId"
  std::string_view nothing = "Nada a processar.";  // answered where there are no items
  bool rehearses = false;                          // dryRun: `plan` says it all
};

/// A number that a type adds to its result. The name is static.
struct named_number {
  std::string_view name;
  std::int64_t value = 0;
};

class job_type {
 public:
  static constexpr std::size_t usual_batch = 500;

  virtual ~job_type() = default;

  virtual std::string_view kind() const = 0;

  virtual const job_description& about() const;

  /// Reads and checks what was asked, and by whom: what the caller may do is fixed here, but for
  /// the right to `arguments.unit`, which every caller of this checks. The error names the
  /// argument.
  virtual expected<job_request> validate(const argument_reader&, const caller& by,
                                         date today) const = 0;

  /// The items that the job covers, ascending. Fixed once stored. Not asked where the request
  /// brought them.
  virtual expected<std::vector<item_id>> list(company_directory&, const job_arguments&) const = 0;

  /// Plans `items` (ascending), one item_plan each in the same order. Idempotent: planned again
  /// after its result was stored, an item creates nothing. An item that fails does not fail its
  /// batch.
  virtual expected<std::vector<item_plan>> plan(company_directory&, const job_arguments&,
                                                std::span<const item_id> items) const = 0;

  /// How many items are planned at a time: so many as take a tenth of a second at most. Who
  /// cancels or pauses the job waits for what is being planned, and so does a drain.
  virtual std::size_t at_once(const job_arguments&) const { return usual_batch; }

  /// What the owner is told. `tells` is success or failure.
  virtual job_ending conclude(const job_arguments&, const job_totals&, notice tells) const = 0;

  /// What the result says beside the counters, e.g. yearsProcessed.
  virtual std::vector<named_number> result(const job_arguments&, const job_totals&) const {
    return {};
  }
};

/// The registered types by kind. Filled once at start, then only read.
class job_types {
 public:
  void add(std::unique_ptr<const job_type> type) {
    std::string kind(type->kind());
    types_.insert_or_assign(std::move(kind), std::move(type));
  }
  /// Nothing where the kind is unknown.
  const job_type* find(std::string_view kind) const {
    const auto found = types_.find(kind);
    return found == types_.end() ? nullptr : found->second.get();
  }
  std::vector<std::string> kinds() const {
    std::vector<std::string> all;
    for (const auto& [kind, type] : types_) all.push_back(kind);
    return all;
  }

 private:
  std::map<std::string, std::unique_ptr<const job_type>, std::less<>> types_;
};

}  // namespace mutirao
