// What goes wrong, decided by the seed: at which commits, how, and how often by now.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "domain/ports/store.hpp"
#include "tests/simulation/dice.hpp"

namespace mutirao::simulation {

enum class fault : std::uint8_t {
  none,
  before,        // the commit fails, nothing is stored: busy, full or broken
  after,         // committed, then timed out or broken: stored, but answered as an error
  stumble,       // the transaction breaks half-way; its commands then go one by one
  crash_before,  // the process dies as it would commit
  crash_after,   // ... as it has committed and answered nobody yet
};
inline constexpr std::size_t fault_count = 6;
std::string_view to_string(fault);

/// Each kind of command is a commit point.
inline constexpr std::size_t commit_points = std::variant_size_v<command>;
std::string_view commit_point(std::size_t index);

/// How often each fault struck a group with a command of each kind.
class coverage {
 public:
  void count(std::span<const command> group, fault how);
  /// The points that a fault (but none and stumble, which need no proof) never struck: "claim_jobs
  /// before, ...".
  std::string missing() const;
  std::int64_t of(fault how) const;

 private:
  std::array<std::array<std::int64_t, fault_count>, commit_points> hits_{};
};

/// Percentages; all 0: nothing goes wrong.
struct weather {
  int store = 0;   // commits that a fault strikes
  int crash = 0;   // of these faults, those that are crashes
  int reads = 0;   // questions and plans that fail
  int pester = 0;  // planned batches of which a company is edited before they commit
  int deaths = 0;  // moves at which an actor dies
};
weather forecast(dice& chance);

class fault_source {
 public:
  /// Nothing goes wrong before `begin`.
  fault_source(dice& chance, coverage& seen) : chance_(chance), seen_(seen) {}
  void begin(weather now) { now_ = now; }

  fault next(std::span<const command> group);
  errc error_of(fault how);
  bool strikes_read() { return chance_.chance(now_.reads); }
  bool pesters() { return chance_.chance(now_.pester); }
  bool kills() { return chance_.chance(now_.deaths) && chance_.chance(10); }
  /// At what operation of the transaction it stumbles.
  int stumbling_block() { return static_cast<int>(1 + chance_.below(300)); }

 private:
  dice& chance_;
  weather now_;
  coverage& seen_;
  int crashes_left_ = 5;
};

}  // namespace mutirao::simulation
