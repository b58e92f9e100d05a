#include "actors/courier.hpp"

#include <algorithm>
#include <caf/typed_event_based_actor.hpp>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "actors/ask_store.hpp"

namespace mutirao::actors {
namespace {

// Receivers that are remembered not to have answered.
constexpr std::size_t most_silent = 1'000;

class delivery_desk {
 public:
  delivery_desk(courier_actor::pointer self, courier_surroundings around)
      : self_(self), around_(std::move(around)) {}

  void start(const courier_start& with) {
    store_ = with.store;
    reader_ = with.reader;
    wake();
  }

  void wake() {
    if (store_ && leads_) look();
  }

  // What is on its way is settled all the same.
  void lead(bool on) {
    leads_ = on;
    wake();
  }

  void tick() {
    wake_at_.reset();
    for (const auto id : std::exchange(unsettled_, {})) settle(id);
    wake();
  }

 private:
  // A delivery from when it is handed to the sender until the store has its outcome.
  struct journey {
    delivery what;
    std::optional<settle_delivery> outcome;  // nothing: it is on its way
  };

  // The outbox is asked one question at a time; what changes meanwhile asks once more.
  void look() {
    if (std::exchange(looking_, true)) {
      look_again_ = true;
      return;
    }
    look_again_ = false;
    const auto now = around_.time->now();
    const auto question = what_there_is_room_for(now);
    if (question.most == 0) {
      looking_ = false;
      return;
    }
    self_->request(reader_, caf::infinite, question)
        .then([this](answer_to<due_deliveries>& answer) { found(std::move(answer.value)); },
              [this](const caf::error&) { found(fail(errc::internal)); });
  }

  due_deliveries what_there_is_room_for(instant now) const {
    const auto& limits = around_.limits;
    due_deliveries question{now, last_receiver_, 0, limits.per_receiver, {}};
    if (journeys_.size() - on_their_way_ > limits.unsettled) return question;
    question.most = limits.transfers - on_their_way_;
    for (const auto& [id, at] : journeys_) question.without.push_back(id);
    const std::size_t for_each_silent = silent_out() < limits.for_silent ? 1 : 0;
    for (const auto& receiver : silent_) question.room[receiver] = for_each_silent;
    for (const auto& [receiver, out] : out_) {
      const auto most = silent_.contains(receiver) ? for_each_silent : limits.per_receiver;
      question.room[receiver] = most - std::min(most, out);
    }
    return question;
  }

  // Transfers to those that did not answer.
  std::size_t silent_out() const {
    std::size_t sum = 0;
    for (const auto& [receiver, out] : out_) sum += silent_.contains(receiver) ? out : 0;
    return sum;
  }

  void found(expected<due_deliveries::answer> answer) {
    looking_ = false;
    if (!answer) {
      around_.log->log(
          log_level::warning, "outbox_not_read",
          {{"error", to_string(answer.error().code)}, {"detail", answer.error().detail}});
      return sleep(around_.limits.settle_pause);
    }
    if (!leads_) return;
    for (auto& one : answer->rows) begin(std::move(one));
    if (answer->next) sleep(*answer->next - around_.time->now());
    count();
    if (look_again_) wake();
  }

  void begin(delivery one) {
    // Each of them was given room for one, not all of them together.
    if (silent_.contains(one.receiver) && silent_out() >= around_.limits.for_silent) return;
    last_receiver_ = one.receiver;
    const auto id = one.id;
    ++on_their_way_;
    ++out_[one.receiver];
    const auto& what = journeys_.emplace(id, journey{std::move(one), {}}).first->second.what;
    self_
        ->request(around_.sender, caf::infinite,
                  post_webhook{what.url, what.message, what.body, around_.time->now()})
        .then(
            [this, id](answer_to<post_webhook>& answer) {
              heard(id, answer.value ? *std::move(answer.value)
                                     : delivery_response{0, "internal", std::nullopt});
            },
            [this, id](const caf::error&) {
              heard(id, {0, "internal", std::nullopt});
            });
  }

  void heard(std::int64_t id, const delivery_response& response) {
    auto& at = journeys_.at(id);
    const auto& what = at.what;
    --on_their_way_;
    if (const auto out = out_.find(what.receiver); --out->second == 0) out_.erase(out);
    if (response.status == 0) {
      if (silent_.size() >= most_silent) silent_.clear();
      silent_.insert(what.receiver);
    } else {
      silent_.erase(what.receiver);
    }
    const auto now = around_.time->now();
    const auto verdict = judge(response, what.attempts + 1, what.event_at, now,
                               around_.limits.retry, around_.chance->next());
    at.outcome = settle_delivery{id, verdict, response.status, response.error, now};
    tell(what, *at.outcome);
    settle(id);
  }

  void tell(const delivery& what, const settle_delivery& outcome) {
    const bool delivered = outcome.verdict.state == delivery_state::delivered;
    const bool dead = outcome.verdict.state == delivery_state::dead;
    around_.log->add(delivered ? counter::webhooks_delivered : counter::webhooks_failed, 1);
    if (dead) around_.log->add(counter::webhooks_dead, 1);
    around_.log->log(dead ? log_level::warning : log_level::debug,
                     dead ? "webhook_dead" : "webhook_attempt",
                     {{"id", std::string_view(what.message)},
                      {"receiver", std::string_view(what.receiver)},
                      {"attempt", std::int64_t{what.attempts + 1}},
                      {"status", std::int64_t{outcome.status}},
                      {"error", std::string_view(outcome.error)}});
  }

  void settle(std::int64_t id) {
    ask_store(self_, store_, *journeys_.at(id).outcome,
              [this, id](const expected<settle_delivery::answer>& answer) {
                settled(id, answer.has_value());
              });
  }

  void settled(std::int64_t id, bool stored) {
    if (stored) {
      journeys_.erase(id);
      return wake();
    }
    unsettled_.push_back(id);
    sleep(around_.limits.settle_pause);
  }

  // Looks again after `time` at the latest.
  void sleep(std::chrono::milliseconds time) {
    const auto length =
        std::clamp(time, std::chrono::milliseconds(1), around_.limits.longest_sleep);
    const auto until = around_.time->now() + length;
    if (wake_at_ && *wake_at_ <= until) return;
    wake_at_ = until;
    self_->delayed_send(self_, length, tick_atom::value);
  }

  void count() {
    const auto now = around_.time->now();
    if (counted_at_ && now < *counted_at_ + around_.limits.count_pause) {
      return sleep(*counted_at_ + around_.limits.count_pause - now);
    }
    counted_at_ = now;
    self_->request(reader_, caf::infinite, count_deliveries{})
        .then(
            [this](const answer_to<count_deliveries>& answer) {
              if (answer.value) show(*answer.value);
            },
            [](const caf::error&) {});
  }

  // While there are any they are counted again.
  void show(const count_deliveries::answer& now) {
    const auto age = now.oldest ? around_.time->now() - *now.oldest : std::chrono::milliseconds(0);
    around_.log->set(gauge::webhooks_unsettled, static_cast<double>(now.unsettled));
    around_.log->set(gauge::webhooks_oldest, static_cast<double>(age.count()) / 1000);
    if (now.unsettled > 0) sleep(around_.limits.count_pause);
  }

  courier_actor::pointer self_;
  courier_surroundings around_;
  store_actor store_;
  reader_actor reader_;
  std::map<std::int64_t, journey> journeys_;
  std::vector<std::int64_t> unsettled_;  // whose outcome the store has refused
  std::size_t on_their_way_ = 0;
  std::map<std::string, std::size_t> out_;  // on their way, by receiver
  std::set<std::string> silent_;            // receivers whose last attempt got no answer
  std::string last_receiver_;
  bool leads_ = true;
  bool looking_ = false;
  bool look_again_ = false;
  std::optional<instant> wake_at_;
  std::optional<instant> counted_at_;
};

}  // namespace

courier_actor::behavior_type run_courier(courier_actor::pointer self, courier_surroundings around) {
  auto state = std::make_shared<delivery_desk>(self, std::move(around));
  return {[state](const courier_start& with) { state->start(with); },
          [state](commit_seen_atom) { state->wake(); }, [state](tick_atom) { state->tick(); },
          [state](const lead& whether) { state->lead(whether.on); }};
}

}  // namespace mutirao::actors
