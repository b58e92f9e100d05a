// Reads typed values out of a command's options, and collects what was wrong with them, so that a
// user sees every mistake at once.
#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/option_values.hpp"

namespace mutirao::app {

/// Each function but `text` records a problem and returns a harmless value where the text is wrong.
class option_reader {
 public:
  /// `values` and `variables` outlive this.
  option_reader(const option_values& values, const environment& variables,
                std::vector<std::string> positionals = {})
      : values_(values), variables_(variables), positionals_(std::move(positionals)) {}

  /// Empty where there is none.
  std::string text(std::string_view option) const;
  bool given(std::string_view option) const { return values_.at(option).given; }
  /// Where the value comes from, e.g. "--listen" or "MUTIRAO_LISTEN".
  const std::string& origin(std::string_view option) const { return values_.at(option).origin; }
  std::vector<std::string> texts(std::string_view option) const { return values_.at(option).texts; }

  /// A text that must be there; `why` ends the sentence of the complaint.
  std::string required(std::string_view option, std::string_view why);
  bool flag(std::string_view option);
  std::int64_t integer(std::string_view option, std::int64_t least, std::int64_t most);
  /// Nothing where the option has no value.
  std::optional<std::int64_t> optional_integer(std::string_view option, std::int64_t least,
                                               std::int64_t most);
  /// Comma separated, e.g. 1,2.
  std::vector<std::int64_t> integers(std::string_view option, std::int64_t least);
  std::chrono::milliseconds duration(std::string_view option, std::chrono::milliseconds least);

  const std::string& positional(std::size_t index) const { return positionals_.at(index); }
  std::optional<std::string> variable(const std::string& name) const { return variables_(name); }

  /// "MUTIRAO_WORKERS: `what`". The origin of the option's value stands in front.
  void complain(std::string_view option, std::string_view what);
  /// A complaint about no single option.
  void complain(std::string what) { problems_.push_back(std::move(what)); }

  const std::vector<std::string>& problems() const { return problems_; }

 private:
  std::optional<std::int64_t> whole_number(std::string_view option, const std::string& text,
                                           std::int64_t least, std::int64_t most);

  const option_values& values_;
  const environment& variables_;
  std::vector<std::string> positionals_;
  std::vector<std::string> problems_;
};

}  // namespace mutirao::app
