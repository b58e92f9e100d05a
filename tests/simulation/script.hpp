// What the users do: one act at a time, chosen by the seed.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "tests/simulation/history.hpp"
#include "tests/simulation/machine.hpp"
#include "tests/simulation/moody_type.hpp"

namespace mutirao::simulation {

/// What the acts change and look at.
struct scene {
  dice& chance;
  testing::fixed_clock& time;
  const job_types& types;
  moods& feelings;
  history& past;
  findings& found;
  std::vector<std::string>& log;
  bool callbacks = false;           // requests may name a URL to be told at
  const calendar* zones = nullptr;  // nothing: there are no schedules
};

class script {
 public:
  explicit script(scene on) : on_(on) {}

  /// Units and companies to begin with.
  import_rows opening();
  void act(machine& at);

  void change(machine& at, const job_id& job, job_trigger on);
  /// Asks how the job is; what is answered may never be behind what was answered before.
  void look(machine& at, const job_id& job);
  /// Changes a company that a worker has just planned, so that its plan is stale.
  void pester(machine& at, std::span<const item_id> planned);

 private:
  void submit(machine& at);
  void make_schedule(machine& at);
  void delete_some_schedule(machine& at);
  void submit(machine& at, const actors::submit& what);
  void change_job(machine& at);
  void prioritize(machine& at);
  void look_somewhere(machine& at);
  void edit(machine& at);
  void create(machine& at);
  void import_more(machine& at);
  void edit_some_task(machine& at);
  void read_notifications(machine& at);
  void change_moods(machine& at);
  void let_a_day_pass(machine& at);

  company made_up_company();
  company_patch made_up_patch();
  const known_job* some_job();
  std::optional<company_id> some_company();
  caller asker(const known_job& of);
  template <class Command>
  void tell_store(machine& at, Command what);
  void note(const std::string& what) { on_.log.push_back("user: " + what); }

  scene on_;
  std::int64_t companies_ = 0;                                    // made up
  std::map<job_id, std::pair<std::int64_t, std::int64_t>> seen_;  // run, done
};

}  // namespace mutirao::simulation
