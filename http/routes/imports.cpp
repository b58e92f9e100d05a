#include "http/routes/imports.hpp"

#include <memory>
#include <utility>

#include "domain/jobs/import_companies.hpp"
#include "http/ask.hpp"
#include "http/json/import.hpp"
#include "http/language.hpp"
#include "http/names.hpp"
#include "http/parameters.hpp"
#include "http/problem.hpp"

namespace mutirao::http::routes {
namespace {

struct asked_import {
  bool dry = false;
  bool skip_bad = false;
  import_terms terms;
};

expected<asked_import> read_asked(const exchange& at) {
  asked_import asked;
  const auto dry = read_flag(at.asked, "dryRun");
  if (!dry) return tl::unexpected(dry.error());
  const auto skip = read_flag(at.asked, "skipBad");
  if (!skip) return tl::unexpected(skip.error());
  const auto as_job = read_flag(at.asked, "asJob");
  if (!as_job) return tl::unexpected(as_job.error());
  asked.dry = *dry;
  asked.skip_bad = *skip;
  asked.terms.by = *at.who;
  asked.terms.as_job = *as_job;
  asked.terms.most_rows = import_companies::most_rows;
  const auto unit = at.asked.get("unidade_id");
  if (!unit) return asked;
  const auto number = parse_positive(*unit);
  if (!number) return fail(errc::invalid_field, "unidade_id");
  asked.terms.unit = unit_id{*number};
  if (!at.who->may_see(asked.terms.unit)) return fail(errc::forbidden_unit);
  return asked;
}

language language_of(const exchange& at) {
  return preferred_language(at.what.header("accept-language").value_or(""));
}

/// 400 with every bad row.
void refuse_rows(const exchange& at, const import_reading& of) {
  const auto speaks = language_of(at);
  at.send(render_problem({errc::bad_rows, std::to_string(of.bad.size())}, speaks, at.what.path,
                         json::render_bad_rows(of, speaks)));
}

void store(const exchange_ptr& at, import_reading&& reading) {
  auto rows = std::exchange(reading.rows, {});
  ask(at, at->site->given.store, std::move(rows),
      [at, reading = std::move(reading)](expected<import_rows::answer>&& stored) {
        if (!stored) return at->refuse(stored.error());
        at->site->names.expire();
        at->send(json_answer(json::render_imported(stored->companies, reading, language_of(*at))));
      });
}

void judge(const exchange_ptr& at, const asked_import& asked, const stored_keys& stored) {
  auto reading = at->site->given.read_import(at->what.body, stored, asked.terms);
  if (!reading) return at->refuse(reading.error());
  if (asked.dry) {
    return at->send(json_answer(
        json::render_import_preview(*reading, *names_for(*at->site), language_of(*at))));
  }
  if (!reading->bad.empty() && !asked.skip_bad) return refuse_rows(*at, *reading);
  store(at, *std::move(reading));
}

}  // namespace

// The body is read where it holds up nobody else.
void import_file(const exchange_ptr& at) {
  auto asked = read_asked(*at);
  if (!asked) return at->refuse(asked.error());
  ask(at, at->site->next_reader(), list_stored_keys{},
      [at, asked = *std::move(asked)](stored_keys&& keys) {
        auto stored = std::make_shared<const stored_keys>(std::move(keys));
        at->site->carriers.run_aside(
            [at, asked, stored] { detail::guarded(at, [&] { judge(at, asked, *stored); }); });
      });
}

}  // namespace mutirao::http::routes
