#include "actors/listening.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <memory>
#include <utility>

namespace mutirao::actors {
namespace {

class listening_post {
 public:
  listening_post(listening_actor::pointer self, listening_surroundings around)
      : self_(self), around_(std::move(around)) {
    tell_leads(false);
    around_.log->set(gauge::database_away, 0);
  }

  void turn() {
    auto heard = around_.others->listen(around_.limits.wait);
    note(heard ? nullptr : &heard.error());
    lead_or_not(heard && heard->leads);
    if (heard) pass_on(*std::move(heard));
    if (away_) {
      self_->delayed_send(self_, around_.limits.pause, tick_atom::value);
    } else {
      look_again();
      self_->send(self_, tick_atom::value);
    }
  }

 private:
  void note(const error* trouble) {
    if (away_ == (trouble != nullptr)) return;
    away_ = trouble != nullptr;
    around_.log->set(gauge::database_away, away_ ? 1 : 0);
    if (trouble) {
      around_.log->log(
          log_level::error, "database_away",
          {{"code", to_string(trouble->code)}, {"detail", std::string_view(trouble->detail)}});
    } else {
      around_.log->log(log_level::info, "database_back", {});
    }
  }

  void lead_or_not(bool leads) {
    if (leads == leads_) return;
    leads_ = leads;
    around_.log->log(log_level::info, leads ? "leads" : "leads_no_longer", {});
    tell_leads(leads);
  }

  void tell_leads(bool on) {
    around_.log->set(gauge::leads, on ? 1 : 0);
    if (around_.courier) self_->send(around_.courier, lead{on});
    if (around_.pruner) self_->send(around_.pruner, lead{on});
  }

  void pass_on(heard_news news) {
    const bool wakes_courier = news.deliveries || news.missed;
    const bool wakes_scheduler = news.schedules || news.missed;
    if (wakes_courier && around_.courier) {
      self_->send(around_.courier, commit_seen_atom::value);
    }
    if (wakes_scheduler && around_.scheduler) {
      self_->send(around_.scheduler, commit_seen_atom::value);
    }
    if (news.jobs.empty() && !news.missed) return;
    const distant_news all{std::make_shared<const heard_news>(std::move(news))};
    self_->send(around_.supervisor, all);
    self_->send(around_.notifier, all);
  }

  void look_again() {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_look_) return;
    next_look_ = now + around_.limits.look_again;
    self_->send(around_.supervisor, recover_atom::value);
  }

  listening_actor::pointer self_;
  listening_surroundings around_;
  bool away_ = false;
  bool leads_ = false;
  std::chrono::steady_clock::time_point next_look_{};
};

}  // namespace

listening_actor::behavior_type run_listening(listening_actor::pointer self,
                                             listening_surroundings around) {
  auto state = std::make_shared<listening_post>(self, std::move(around));
  return {[state](tick_atom) { state->turn(); }};
}

}  // namespace mutirao::actors
