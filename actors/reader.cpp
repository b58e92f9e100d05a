#include "actors/reader.hpp"

#include <algorithm>
#include <caf/typed_event_based_actor.hpp>
#include <exception>
#include <map>

namespace mutirao::actors {
namespace {

constexpr std::size_t rehearsal_batch = 1'000;
constexpr std::size_t rehearsal_sample = 10;

// A question that throws must not take the reader with it: its asker gets the error.
template <class Message, class Ask>
answer_to<Message> guarded(telemetry* log, Ask ask) try {
  return {ask()};
} catch (const std::exception& thrown) {
  log->log(log_level::error, "read_threw", {{"what", std::string(thrown.what())}});
  return {fail(errc::internal, thrown.what())};
}

void count_in(rehearse::answer& sum, std::map<int, std::int64_t>& years, item_plan&& item) {
  ++sum.processed;
  sum.created += static_cast<std::int64_t>(item.tasks.size());
  for (auto& task : item.tasks) {
    ++years[year_of(task.due)];
    if (sum.sample.size() < rehearsal_sample) sum.sample.push_back(std::move(task));
  }
}

expected<rehearse::answer> rehearse_all(reads& source, const rehearse& question) {
  const auto items = source.list_items_of(*question.type, question.arguments);
  if (!items) return tl::unexpected(items.error());
  rehearse::answer sum;
  std::map<int, std::int64_t> years;
  for (std::size_t at = 0; at < items->size(); at += rehearsal_batch) {
    const auto count = std::min(rehearsal_batch, items->size() - at);
    auto planned = source.plan(*question.type, job_id{}, question.arguments,
                               std::span(*items).subspan(at, count));
    if (!planned) return tl::unexpected(planned.error());
    for (auto& item : planned->items) count_in(sum, years, std::move(item));
  }
  sum.per_year.assign(years.begin(), years.end());
  return sum;
}

template <class... Questions>
reader_actor::behavior_type handlers(reads* source, telemetry* log, std::tuple<Questions...>*) {
  return {[source, log](const Questions& question) {
            return guarded<Questions>(log, [&] { return source->read(question); });
          }...,
          [source, log](const rehearse& question) {
            return guarded<rehearse>(log, [&] { return rehearse_all(*source, question); });
          }};
}

}  // namespace

reader_actor::behavior_type run_reader(reader_actor::pointer, reads* source, telemetry* log) {
  return handlers(source, log, static_cast<all_reads*>(nullptr));
}

}  // namespace mutirao::actors
