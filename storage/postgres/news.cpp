#include "storage/postgres/news.hpp"

#include <algorithm>
#include <charconv>
#include <unordered_map>
#include <utility>

namespace mutirao::storage::postgres {
namespace {

// The server takes 7,999 bytes; a job takes some 70.
constexpr std::size_t longest = 7'800;

using by_id = std::unordered_map<job_id, std::size_t>;

// Each job once, in the order in which they were touched.
std::vector<distant_job> jobs_of(const committed& what) {
  std::vector<distant_job> all;
  by_id places;
  const auto place_of = [&](const job_id& id) -> distant_job& {
    const auto [at, is_new] = places.try_emplace(id, all.size());
    if (is_new) all.emplace_back().id = id;
    return all[at->second];
  };
  for (const auto& view : what.jobs) {
    auto& job = place_of(view.id);
    job.user = view.user;
    job.unit = view.arguments.unit;
    job.state = view.state;
    job.done = view.totals.done;
  }
  for (const auto& event : what.events) {
    auto& job = place_of(event.job);
    job.user = event.user;
    job.events.push_back(event.what);
    job.last_event = std::max(job.last_event, event.sequence);
  }
  return all;
}

// " ID,USER,UNIT,STATE,DONE,LAST,kinds": a letter a kind from 'a'; without a unit its place is
// empty.
std::string text_of(const distant_job& job) {
  auto text = " " + job.id.to_string() + ',' + std::to_string(job.user.value) + ',' +
              (job.unit ? std::to_string(job.unit->value) : "") + ',' +
              std::to_string(static_cast<int>(job.state)) + ',' + std::to_string(job.done) + ',' +
              std::to_string(job.last_event) + ',';
  for (const auto what : job.events) text += static_cast<char>('a' + static_cast<int>(what));
  return text;
}

std::string_view take_until(std::string_view& text, char end) {
  const auto at = std::min(text.find(end), text.size());
  const auto taken = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return taken;
}

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<distant_job> read_job(std::string_view text) {
  distant_job job;
  const auto id = job_id::parse(take_until(text, ','));
  const auto user = number_in(take_until(text, ','));
  const auto unit = take_until(text, ',');
  const auto state = number_in(take_until(text, ','));
  const auto done = number_in(take_until(text, ','));
  const auto last = number_in(take_until(text, ','));
  if (!id || !user || !state || *state < 0 || *state >= job_state_count || !done || !last) {
    return std::nullopt;
  }
  job.id = *id;
  job.user = {*user};
  if (const auto number = number_in(unit)) job.unit = unit_id{*number};
  job.state = static_cast<job_state>(*state);
  job.done = *done;
  job.last_event = *last;
  for (const char letter : text) {
    const int kind = letter - 'a';
    if (kind < 0 || kind > static_cast<int>(job_event::kind::continued)) return std::nullopt;
    job.events.push_back(static_cast<job_event::kind>(kind));
  }
  return job;
}

}  // namespace

std::vector<std::string> news_texts(std::string_view from, const committed& what) {
  std::string front(from);
  front += " -";
  if (what.deliveries > 0) front += 'd';
  if (what.schedules) front += 's';
  const bool is_word = front.back() != '-';
  std::vector<std::string> all;
  if (is_word) all.push_back(front);
  for (const auto& job : jobs_of(what)) {
    auto text = text_of(job);
    if (all.empty() || all.back().size() + text.size() > longest) {
      all.push_back(std::string(from) + " -");
    }
    all.back() += text;
  }
  return all;
}

std::optional<std::string_view> read_news(std::string_view text, heard_news& into) {
  const auto from = take_until(text, ' ');
  const auto flags = take_until(text, ' ');
  if (from.empty() || !flags.starts_with('-')) return std::nullopt;
  into.deliveries = into.deliveries || flags.find('d') != std::string_view::npos;
  into.schedules = into.schedules || flags.find('s') != std::string_view::npos;
  while (!text.empty()) {
    auto job = read_job(take_until(text, ' '));
    if (!job) return std::nullopt;
    into.jobs.push_back(*std::move(job));
  }
  return from;
}

}  // namespace mutirao::storage::postgres
