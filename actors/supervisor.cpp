#include "actors/supervisor.hpp"

#include <algorithm>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>

#include "actors/ask_store.hpp"

namespace mutirao::actors {
namespace {

constexpr const char* broke = "O processamento foi interrompido por um erro interno.";

using submit_promise = caf::typed_response_promise<answer_to<submit>>;
using drain_promise = caf::typed_response_promise<answer_to<drain>>;

class job_keeper {
 public:
  job_keeper(supervisor_actor::pointer self, supervisor_surroundings around)
      : self_(self), around_(std::move(around)) {}

  submit_promise accept(submit& request) {
    auto promise = self_->make_response_promise<answer_to<submit>>();
    if (draining_) {
      promise.deliver(answer_to<submit>{fail(errc::draining)});
      return promise;
    }
    insert(request, promise);
    return promise;
  }

  caf::typed_response_promise<answer_to<find_job>> find(const find_job& question) {
    auto promise = self_->make_response_promise<answer_to<find_job>>();
    const auto found = jobs_.find(question.id);
    if (found != jobs_.end() && !around_.shared) {
      promise.delegate(found->second.actor, status_atom::value);
    } else {
      promise.delegate(next_reader(), question);
    }
    return promise;
  }

  caf::typed_response_promise<answer_to<request_change>> change(request_change& wanted) {
    auto promise = self_->make_response_promise<answer_to<request_change>>();
    wanted.limits = around_.limits.admission;
    const auto id = wanted.job;
    ask_store(self_, around_.store, std::move(wanted),
              [this, promise, id](expected<request_change::answer> answer) mutable {
                if (answer) {
                  changed(answer->job);
                } else if (may_be_stored(answer.error().code)) {
                  forget(id);
                  doubt(answer.error().code);
                }
                promise.deliver(answer_to<request_change>{std::move(answer)});
              });
    return promise;
  }

  void recover() {
    recovers_later_ = false;
    rows_may_wait_ = true;
    claim();
    for (auto& [id, lost] : orphans_) {
      if (lost.resting) settle(id, lost);
    }
  }

  void freed(const slot_free& slot) {
    const auto found = jobs_.find(slot.job);
    if (found == jobs_.end() || !found->second.live || found->second.fence != slot.fence) return;
    leave_slot(found->second);
    if (slot.outdated) {
      // It has ended, or a later claim has it, whose answer may have been lost.
      forget(slot.job);
      in_doubt_ = rows_may_wait_ = true;
    } else {
      keep_for_answers(slot.job);
    }
    if (draining_) released_.push_back(slot.job);
    next_suspect(slot.job);
    go_on();
  }

  void say_alive() {
    beating_ = false;
    if (live_ == 0) return;
    tell_live(tick_atom::value);
    ask_store(self_, around_.store, heartbeat{around_.limits.lease, around_.time->now()},
              [this](const expected<heartbeat::answer>& until) {
                if (live_ == 0) return;
                if (until) {
                  renew(*until);
                } else if (!lease_until_) {
                  show_lease(around_.time->now());
                }
              });
    beat();
  }

  void hear(const committed& what) {
    for (const auto& job : what.jobs) {
      const auto found = ended(job.state) ? jobs_.find(job.id) : jobs_.end();
      if (found != jobs_.end()) self_->send(found->second.actor, job_changed{job});
      // From the store: the worker tells the job's actor only once it has planned the next batch.
      if (suspect_ == job.id && job.totals.done > job.done_at_claim) next_suspect(job.id);
    }
  }

  // Of a job that runs here somebody else may want something; of one that does not, the store knows
  // more from now on.
  void hear(const heard_news& what) {
    for (const auto& job : what.jobs) {
      const auto found = jobs_.find(job.id);
      if (found != jobs_.end() && found->second.live) {
        look_up(job.id);
      } else {
        forget(job.id);
      }
      rows_may_wait_ = rows_may_wait_ || job.state == job_state::pending;
    }
    if (what.missed) doubt_all();
    claim();
  }

  void forget(const jobs_pruned& gone) {
    for (const auto& id : gone.jobs) forget(id);
  }

  drain_promise drain_all() {
    auto promise = self_->make_response_promise<answer_to<drain>>();
    draining_ = true;
    drained_ = promise;
    tell_live(drain_atom::value);
    for (const auto& [id, lost] : orphans_) {
      if (lost.resting) released_.push_back(id);
    }
    std::erase_if(orphans_, [](const auto& x) { return x.second.resting; });
    go_on();
    return promise;
  }

  void retire_all() {
    for (const auto& [id, kept] : jobs_)
      self_->send_exit(kept.actor, caf::exit_reason::user_shutdown);
    jobs_.clear();
    owners_.clear();
  }

  void job_died(const caf::down_msg& down) {
    const auto owner = owners_.find(down.source.id());
    if (owner == owners_.end()) return;
    const auto id = owner->second;
    owners_.erase(owner);
    const auto found = jobs_.find(id);
    if (found == jobs_.end() || found->second.actor.address() != down.source) return;
    const auto died = found->second;
    jobs_.erase(found);
    if (!died.live) return;
    one_less();
    const int deaths = ++deaths_[id];
    around_.log->log(log_level::error, "job_actor_died",
                     {{"job", id.to_string()}, {"deaths", std::int64_t{deaths}}});
    const bool too_many = deaths >= around_.limits.deaths;
    adopt(id, died.fence, too_many ? broke : "");
  }

 private:
  struct kept_job {
    job_actor actor;
    std::int64_t fence = 0;
    bool live = true;
  };

  // A job whose actor died. It is claimed in the store, and so keeps its slot, until the store has
  // answered for good.
  struct orphan {
    std::int64_t fence = 0;
    std::string reason;    // that it fails with; empty: it is claimed again
    bool resting = false;  // until the store is asked again
  };

  const reader_actor& next_reader() { return around_.readers[turn_++ % around_.readers.size()]; }

  std::size_t taken() const { return live_ + reserved_ + orphans_.size(); }
  std::size_t room() const {
    return taken() < around_.limits.live_jobs ? around_.limits.live_jobs - taken() : 0;
  }

  // A slot may have become free.
  void go_on() {
    if (draining_) {
      finish_drain();
    } else {
      claim();
    }
  }

  void insert(submit& request, submit_promise promise) {
    const bool claims = room() > 0 && !rows_may_wait_;
    reserved_ += claims ? 1 : 0;
    insert_job what{job_id::from_random(around_.chance->next(), around_.chance->next()),
                    std::string(request.type->kind()),
                    request.user,
                    std::move(request.arguments),
                    std::move(request.key),
                    around_.limits.admission,
                    claims,
                    around_.time->now(),
                    std::move(request.callback_url),
                    std::move(request.payload),
                    std::move(request.fires)};
    const auto id = what.id;
    ask_store(self_, around_.store, std::move(what),
              [this, promise, claims, id](expected<insert_job::answer> inserted) mutable {
                reserved_ -= claims ? 1 : 0;
                std::vector<item_id> todo;
                if (inserted) todo = std::exchange(inserted->todo, {});
                promise.deliver(answer_to<submit>{inserted});
                if (inserted) {
                  begin(std::move(*inserted), std::move(todo));
                } else if (may_be_stored(inserted.error().code)) {
                  around_.log->log(
                      log_level::warning, "job_in_doubt",
                      {{"job", id.to_string()}, {"error", to_string(inserted.error().code)}});
                  doubt(inserted.error().code);
                }
                go_on();
              });
  }

  void begin(insert_job::answer inserted, std::vector<item_id> todo) {
    if (inserted.how != insert_job::outcome::created) {
      return around_.log->add(counter::jobs_joined, 1);
    }
    if (inserted.job.state == job_state::running) {
      take_up({std::move(inserted.job), std::move(todo), false});
    } else if (inserted.job.state == job_state::pending) {
      rows_may_wait_ = true;
    }
  }

  void claim() {
    const auto most = room();
    if (draining_ || claiming_ || !rows_may_wait_ || most == 0) return;
    claiming_ = true;
    rows_may_wait_ = false;
    reserved_ += most;
    claim_jobs what{.most = most,
                    .again = std::nullopt,
                    .now = around_.time->now(),
                    .in_hand = std::nullopt,
                    .suspects = suspect_ ? 0U : 1U,
                    .crash_limit = around_.limits.crash_limit};
    if (std::exchange(in_doubt_, false)) what.in_hand = in_hand();
    const bool asks_for_lost = what.in_hand.has_value();
    ask_store(self_, around_.store, std::move(what),
              [this, most, asks_for_lost](expected<claim_jobs::answer> answer) {
                if (asks_for_lost && (!answer || answer->size() == most)) in_doubt_ = true;
                claimed(most, std::move(answer));
              });
  }

  std::vector<job_id> in_hand() const {
    std::vector<job_id> all;
    for (const auto& [id, kept] : jobs_) {
      if (kept.live) all.push_back(id);
    }
    for (const auto& [id, lost] : orphans_) all.push_back(id);
    return all;
  }

  // A job may be claimed, or may wait, without anybody here knowing of it: the next claim asks.
  void doubt(errc why) {
    in_doubt_ = true;
    recover_later(why);
  }

  void next_suspect(job_id before) {
    if (suspect_ != before) return;
    suspect_.reset();
    rows_may_wait_ = true;
    go_on();
  }

  template <class Message>
  void tell_live(const Message& what) {
    for (const auto& [id, kept] : jobs_) {
      if (kept.live) self_->send(kept.actor, what);
    }
  }

  // Jobs that are shorter than a beat never cost a commit.
  void beat() {
    if (beating_ || live_ == 0) return;
    beating_ = true;
    self_->delayed_send(self_, around_.limits.heartbeat, tick_atom::value);
  }

  void renew(instant until) {
    lease_until_ = until;
    show_lease(until);
    tell_live(lease_renewed{until});
  }

  void show_lease(instant until) {
    around_.log->set(gauge::lease_until,
                     std::chrono::duration<double>(until.time_since_epoch()).count());
  }

  // Nobody renews the lease where nothing runs: the next job is not to have one that is past.
  void one_less() {
    --live_;
    measure();
    if (live_ > 0) return;
    lease_until_.reset();
    show_lease({});
  }

  void claimed(std::size_t asked, expected<std::vector<claimed_job>> answer) {
    claiming_ = false;
    reserved_ -= asked;
    if (!answer) {
      // A store that is away says so itself, once.
      around_.log->log(
          store_is_away(answer.error().code) ? log_level::debug : log_level::error, "claim_failed",
          {{"error", to_string(answer.error().code)}, {"detail", answer.error().detail}});
      if (may_be_stored(answer.error().code)) in_doubt_ = true;
      recover_later(answer.error().code);
      return go_on();
    }
    refusals_ = 0;
    if (answer->size() == asked) rows_may_wait_ = true;
    for (auto& job : *answer) take_up(std::move(job));
    go_on();
  }

  void recover_later(errc why) {
    if (recovers_later_) return;
    recovers_later_ = true;
    const auto pause = jittered(backoff(why, refusals_++), around_.chance->next());
    self_->delayed_send(self_, pause, recover_atom::value);
  }

  void adopt(job_id id, std::int64_t fence, std::string reason) {
    if (draining_) {
      released_.push_back(id);
      go_on();
    } else {
      settle(id, orphans_[id] = {fence, std::move(reason)});
    }
  }

  void settle(job_id id, orphan& lost) {
    lost.resting = false;
    if (lost.reason.empty()) {
      claim_again(id);
    } else {
      fail_job(id, lost);
    }
  }

  void claim_again(job_id id) {
    ask_store(self_, around_.store, claim_jobs{.most = 1, .again = id, .now = around_.time->now()},
              [this, id](expected<claim_jobs::answer> answer) {
                if (!answer) return settle_later(id, answer.error());
                if (answer->empty()) return settled(id);
                refusals_ = 0;
                take_up(std::move(answer->front()));
              });
  }

  void fail_job(job_id id, const orphan& lost) {
    end_run what{id, lost.fence, job_trigger::fail, lost.reason, around_.time->now()};
    ask_store(self_, around_.store, std::move(what),
              [this, id](const expected<end_run::answer>& answer) {
                const bool for_good = answer || answer.error().code == errc::stale_fence;
                return for_good ? settled(id) : settle_later(id, answer.error());
              });
  }

  void settled(job_id id) {
    refusals_ = 0;
    orphans_.erase(id);
    deaths_.erase(id);
    next_suspect(id);
    go_on();
  }

  void settle_later(job_id id, const error& why) {
    around_.log->log(
        log_level::error, "orphan_refused",
        {{"job", id.to_string()}, {"error", to_string(why.code)}, {"detail", why.detail}});
    if (draining_) {
      orphans_.erase(id);
      released_.push_back(id);
      go_on();
    } else {
      orphans_[id].resting = true;
      recover_later(why.code);
    }
  }

  void take_up(claimed_job job) {
    const auto* type = around_.types->find(job.job.kind);
    const auto id = job.job.id;
    const auto fence = job.job.fence;
    orphans_.erase(id);
    if (job.suspect) suspect_ = id;
    if (!type && job.job.state != job_state::cancelling) {
      around_.log->log(log_level::error, "unknown_job_type",
                       {{"job", id.to_string()}, {"type", job.job.kind}});
      return adopt(id, fence, "Este serviço não conhece jobs do tipo \"" + job.job.kind + "\".");
    }
    if (const auto old = jobs_.find(id); old != jobs_.end()) {
      if (old->second.live) leave_slot(old->second);
      retire(old->second.actor);
    }
    auto actor = around_.spawn_job(self_, type, std::move(job));
    self_->monitor(actor);
    owners_[actor.id()] = id;
    jobs_[id] = {actor, fence, true};
    ++live_;
    beat();
    measure();
    if (lease_until_) self_->send(actor, lease_renewed{*lease_until_});
    self_->send(actor, start_atom::value);
    if (draining_) self_->send(actor, drain_atom::value);
  }

  void changed(const job_view& job) {
    const auto found = jobs_.find(job.id);
    if (found != jobs_.end()) self_->send(found->second.actor, job_changed{job});
    if (job.state != job_state::pending) return;
    rows_may_wait_ = true;
    claim();
  }

  void leave_slot(kept_job& job) {
    job.live = false;
    one_less();
  }

  // A job whose run is over answers from memory for a while; then the store does.
  void keep_for_answers(job_id id) {
    deaths_.erase(id);
    ended_.push_back(id);
    while (ended_.size() > around_.limits.ended_jobs) {
      const auto found = jobs_.find(ended_.front());
      ended_.pop_front();
      if (found == jobs_.end() || found->second.live) continue;
      retire(found->second.actor);
      jobs_.erase(found);
    }
  }

  void look_up(job_id id) {
    self_->request(next_reader(), caf::infinite, find_job{id})
        .then(
            [this, id](answer_to<find_job>& answer) {
              const auto found = jobs_.find(id);
              if (!answer.value || found == jobs_.end()) return;
              self_->send(found->second.actor, job_changed{*std::move(answer.value)});
            },
            [](const caf::error&) {});
  }

  void doubt_all() {
    std::vector<job_id> live, ended;
    for (const auto& [id, kept] : jobs_) (kept.live ? live : ended).push_back(id);
    for (const auto& id : live) look_up(id);
    for (const auto& id : ended) forget(id);
  }

  // From here on the store answers for the job.
  void forget(job_id id) {
    const auto found = jobs_.find(id);
    if (found == jobs_.end() || found->second.live) return;
    retire(found->second.actor);
    jobs_.erase(found);
    deaths_.erase(id);
  }

  void retire(const job_actor& actor) {
    owners_.erase(actor.id());
    self_->send_exit(actor, caf::exit_reason::user_shutdown);
  }

  void finish_drain() {
    if (!draining_ || taken() > 0 || !drained_) return;
    auto promise = *drained_;
    drained_ = caf::none;
    ask_store(self_, around_.store, release_jobs{released_, around_.time->now()},
              [promise](expected<release_jobs::answer> answer) mutable {
                promise.deliver(answer_to<drain>{std::move(answer)});
              });
  }

  void measure() { around_.log->set(gauge::live_jobs, static_cast<double>(live_)); }

  supervisor_actor::pointer self_;
  supervisor_surroundings around_;
  std::unordered_map<job_id, kept_job> jobs_;
  std::unordered_map<caf::actor_id, job_id> owners_;
  std::unordered_map<job_id, int> deaths_;
  std::unordered_map<job_id, orphan> orphans_;
  std::deque<job_id> ended_;
  std::size_t live_ = 0;
  std::size_t reserved_ = 0;  // slots of claims that the store has not answered yet
  std::size_t turn_ = 0;
  int refusals_ = 0;  // of the store, in a row
  bool recovers_later_ = false;
  bool rows_may_wait_ = false;
  bool in_doubt_ = false;  // a claim's answer was lost
  bool claiming_ = false;
  bool draining_ = false;
  std::optional<job_id> suspect_;  // the one that runs, and has committed nothing yet
  std::optional<instant> lease_until_;
  bool beating_ = false;
  std::vector<job_id> released_;
  caf::optional<drain_promise> drained_;
};

}  // namespace

supervisor_actor::behavior_type run_supervisor(supervisor_actor::pointer self,
                                               supervisor_surroundings around) {
  auto state = std::make_shared<job_keeper>(self, std::move(around));
  self->set_down_handler([state](const caf::down_msg& down) { state->job_died(down); });
  self->set_exit_handler([state, self](const caf::exit_msg& exit) {
    state->retire_all();
    self->quit(exit.reason);
  });
  return {[state](submit& request) { return state->accept(request); },
          [state](const find_job& question) { return state->find(question); },
          [state](request_change& wanted) { return state->change(wanted); },
          [state](const slot_free& slot) { state->freed(slot); },
          [state](tick_atom) { state->say_alive(); },
          [state](recover_atom) { state->recover(); },
          [state](const jobs_pruned& gone) { state->forget(gone); },
          [state](const committed_news& news) { state->hear(*news.what); },
          [state](const distant_news& news) { state->hear(*news.what); },
          [state](const drain&) { return state->drain_all(); }};
}

}  // namespace mutirao::actors
