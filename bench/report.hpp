// The table that a run prints: each figure beside its floor, what it must reach and what it aims
// at.
#pragma once

#include <string>
#include <vector>

namespace mutirao::bench {

class report {
 public:
  /// Medians of times in milliseconds; the limits are largest multiples of the floor. `aim` of 0:
  /// none.
  void time(const std::string& what, const std::vector<double>& ours,
            const std::vector<double>& floor, double must, double aim);
  /// Medians of rates; the limits are smallest shares of the floor.
  void rate(const std::string& what, const std::string& unit, const std::vector<double>& ours,
            const std::vector<double>& floor, double must, double aim);
  /// A figure with an upper limit of its own. `aim` of 0: none. `beside`: the floor's, for
  /// comparison, or empty.
  void bound(const std::string& what, const std::string& unit, const std::vector<double>& ours,
             double must, double aim, const std::vector<double>& beside = {});

  /// A figure without limits; `beside` as above.
  void figure(const std::string& what, const std::string& unit, const std::vector<double>& ours,
              const std::vector<double>& beside = {});

  /// Markdown.
  std::string table() const;

 private:
  struct line {
    std::string what, ours, floor, ratio, must, aim, verdict;
  };
  void add(line row);

  std::vector<line> lines_;
};

}  // namespace mutirao::bench
