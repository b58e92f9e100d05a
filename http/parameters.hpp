// Reads what a request says outside of its body: ids of the path, the query, Idempotency-Key.
// Every error names what was wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "domain/error.hpp"
#include "domain/job.hpp"
#include "domain/job_state.hpp"
#include "domain/ports/reads.hpp"
#include "http/exchange.hpp"
#include "http/query.hpp"

namespace mutirao::http {

/// A positive whole number in decimal digits and nothing else; nothing for any other text.
std::optional<std::int64_t> parse_positive(std::string_view text);

/// The id at the place `index` of the path's values. errc::invalid_id.
template <class Id>
expected<Id> path_id(const exchange& at, std::size_t index = 0) {
  const auto number = parse_positive(at.values.at(index));
  if (!number) return fail(errc::invalid_id, at.values[index]);
  return Id{*number};
}

/// The job at the place 0 of the path's values. errc::unknown_job where it is no UUID.
expected<job_id> path_job(const exchange& at);

/// Of a list: how many, and behind which place.
struct window {
  std::int64_t limit = 0;
  std::optional<std::int64_t> after;
};
struct page_sizes {
  std::int64_t usual;
  std::int64_t most;
};
/// `limit` (1 to `most`, else `usual`) and `cursor`. errc::invalid_limit, errc::invalid_cursor.
expected<window> read_window(const query& asked, page_sizes sizes);

/// `groups` of a job's items: 1 to 1,000; nothing where it is absent. errc::invalid_field.
expected<std::optional<std::int64_t>> read_groups(const query& asked);

/// 0 to 5, absent: 0. errc::invalid_future_years with the text received.
expected<int> read_future_years(const query& asked);

/// "true" or "false". errc::invalid_field with the name.
expected<bool> read_flag(const query& asked, std::string_view name, bool absent = false);

/// errc::invalid_field with the name.
expected<std::optional<date>> read_date(const query& asked, std::string_view name);

/// `empresa_id`, `unidade_id`, `status`, `de`, `ate`. errc::invalid_field with the name.
expected<task_filter> read_task_filter(const query& asked);

/// `state` (repeatable), `type`, `unidade_id`, and `all`, which only admins have. The limit is not
/// set. errc::invalid_field with the name.
expected<list_jobs> read_job_filter(const query& asked, const caller& who);

/// `status`. errc::invalid_field with the name.
expected<std::optional<item_state>> read_item_state(const query& asked);

/// Whether the URL that the job's end is told to may be called: that of a name only once it is.
/// errc::callbacks_off, errc::private_callback_url with what was received.
expected<void> check_callback(const exchange& at, const std::string& url);

/// errc::invalid_idempotency_key.
expected<std::optional<idempotency_key>> read_idempotency_key(const request& what);

}  // namespace mutirao::http
