#include "storage/postgres/snapshots.hpp"

#include <charconv>
#include <utility>

namespace mutirao::storage::postgres {
namespace {

/// The number at the begin of `text`, which is taken off with the separator behind it.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (!text.empty()) text.remove_prefix(1);
  return value;
}

}  // namespace

std::optional<snapshot> parse_snapshot(std::string_view text) {
  const auto oldest = take_number(text);
  const auto next = take_number(text);
  if (!oldest || !next) return std::nullopt;
  snapshot read{*oldest, *next, {}};
  while (!text.empty()) {
    const auto one = take_number(text);
    if (!one) return std::nullopt;
    read.unfinished.push_back(*one);
  }
  return read;
}

revision snapshots::add(snapshot taken) {
  const std::lock_guard hold(lock_);
  kept_.push_back(std::move(taken));
  if (kept_.size() > most_kept) {
    kept_.pop_front();
    ++first_;
  }
  return first_ + kept_.size() - 1;
}

std::optional<snapshot> snapshots::find(revision number) const {
  const std::lock_guard hold(lock_);
  if (number < first_ || number - first_ >= kept_.size()) return std::nullopt;
  return kept_[number - first_];
}

}  // namespace mutirao::storage::postgres
