#include "http/parameters.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "domain/web_url.hpp"
#include "http/cursor.hpp"

namespace mutirao::http {
namespace {

constexpr std::size_t longest_key = 255;
constexpr char last_future_year = '5';

/// An id given as a filter: nothing where it is absent.
template <class Id>
expected<std::optional<Id>> read_filter_id(const query& asked, std::string_view name) {
  const auto text = asked.get(name);
  if (!text) return std::nullopt;
  const auto number = parse_positive(*text);
  if (!number) return fail(errc::invalid_field, std::string(name));
  return Id{*number};
}

std::optional<std::string> text_of(const query& asked, std::string_view name) {
  const auto text = asked.get(name);
  return text ? std::optional(std::string(*text)) : std::nullopt;
}

}  // namespace

std::optional<std::int64_t> parse_positive(std::string_view text) {
  if (text.empty() ||
      !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || number == 0) return std::nullopt;
  return number;
}

expected<job_id> path_job(const exchange& at) {
  const auto id = job_id::parse(at.values.at(0));
  if (!id) return fail(errc::unknown_job);
  return *id;
}

expected<window> read_window(const query& asked, page_sizes sizes) {
  window read{sizes.usual, std::nullopt};
  if (const auto text = asked.get("limit")) {
    const auto number = parse_positive(*text);
    if (!number || *number > sizes.most) {
      return fail(errc::invalid_limit, "1.." + std::to_string(sizes.most));
    }
    read.limit = *number;
  }
  if (const auto text = asked.get("cursor")) {
    const auto after = decode_cursor(*text);
    if (!after) return tl::unexpected(after.error());
    read.after = *after;
  }
  return read;
}

expected<std::optional<std::int64_t>> read_groups(const query& asked) {
  constexpr std::int64_t most_groups = 1'000;
  const auto text = asked.get("groups");
  if (!text) return std::nullopt;
  const auto number = parse_positive(*text);
  if (!number || *number > most_groups) return fail(errc::invalid_field, "groups");
  return number;
}

expected<int> read_future_years(const query& asked) {
  const auto text = asked.get("futureYears");
  if (!text) return 0;
  if (text->size() != 1 || text->front() < '0' || text->front() > last_future_year) {
    return fail(errc::invalid_future_years, std::string(*text));
  }
  return text->front() - '0';
}

expected<bool> read_flag(const query& asked, std::string_view name, bool absent) {
  const auto text = asked.get(name);
  if (!text) return absent;
  if (*text == "false") return false;
  if (*text == "true") return true;
  return fail(errc::invalid_field, std::string(name));
}

expected<std::optional<date>> read_date(const query& asked, std::string_view name) {
  const auto text = asked.get(name);
  if (!text) return std::nullopt;
  const auto day = parse_date(*text);
  if (!day) return fail(errc::invalid_field, std::string(name));
  return day;
}

expected<task_filter> read_task_filter(const query& asked) {
  const auto company = read_filter_id<company_id>(asked, "empresa_id");
  if (!company) return tl::unexpected(company.error());
  const auto unit = read_filter_id<unit_id>(asked, "unidade_id");
  if (!unit) return tl::unexpected(unit.error());
  const auto from = read_date(asked, "de");
  if (!from) return tl::unexpected(from.error());
  const auto to = read_date(asked, "ate");
  if (!to) return tl::unexpected(to.error());
  return task_filter{*company, *unit, text_of(asked, "status"), *from, *to};
}

expected<list_jobs> read_job_filter(const query& asked, const caller& who) {
  list_jobs question;
  question.by = who;
  for (const auto text : asked.all("state")) {
    const auto state = parse_job_state(text);
    if (!state) return fail(errc::invalid_field, "state");
    question.states.push_back(*state);
  }
  const auto all = read_flag(asked, "all");
  if (!all) return tl::unexpected(all.error());
  question.all = *all && who.admin;
  const auto unit = read_filter_id<unit_id>(asked, "unidade_id");
  if (!unit) return tl::unexpected(unit.error());
  question.unit = *unit;
  question.kind = text_of(asked, "type");
  return question;
}

expected<std::optional<item_state>> read_item_state(const query& asked) {
  const auto text = asked.get("status");
  if (!text) return std::nullopt;
  for (const auto state :
       {item_state::pending, item_state::done, item_state::failed, item_state::skipped}) {
    if (to_string(state) == *text) return state;
  }
  return fail(errc::invalid_field, "status");
}

expected<void> check_callback(const exchange& at, const std::string& url) {
  if (url.empty()) return {};
  const auto& callbacks = at.site->given.options.callbacks;
  if (!callbacks.on) return fail(errc::callbacks_off);
  const auto address = literal_address(*parse_web_url(url));
  if (address && !callbacks.allowed.allows(*address)) {
    return fail(errc::private_callback_url, url);
  }
  return {};
}

expected<std::optional<idempotency_key>> read_idempotency_key(const request& what) {
  const auto text = what.header("idempotency-key");
  if (!text) return std::nullopt;
  const bool printable =
      std::all_of(text->begin(), text->end(), [](char c) { return c >= ' ' && c <= '~'; });
  if (text->empty() || text->size() > longest_key || !printable) {
    return fail(errc::invalid_idempotency_key);
  }
  return idempotency_key{std::string(*text)};
}

}  // namespace mutirao::http
