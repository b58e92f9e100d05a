// Who is told by webhooks: fails as the seed says, and remembers what came.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "app/wiring.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulation/findings.hpp"

namespace mutirao::simulation {

class receivers {
 public:
  static constexpr auto operators = "https://operator.example/";

  receivers(dice& chance, findings& found) : chance_(chance), found_(found) {}

  webhook_rules rules() const;
  /// The courier and a sender that posts here.
  app::webhook_wiring wiring();

  /// From here on everybody answers.
  void recover() { fails_ = false; }
  delivery_response take(const actors::post_webhook& what);

  /// Holds what is stored against what came: nothing is left, nothing was missed.
  void compare(const std::string& file) const;

 private:
  dice& chance_;
  findings& found_;
  bool fails_ = true;
  std::set<std::string> taken_;                 // URL and message, answered 200
  std::map<std::string, std::int64_t> newest_;  // event of each URL and job
};

}  // namespace mutirao::simulation
