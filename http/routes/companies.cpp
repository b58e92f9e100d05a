#include "http/routes/companies.hpp"

#include <string>
#include <utility>

#include "domain/registration.hpp"
#include "http/ask.hpp"
#include "http/bodies.hpp"
#include "http/json/company.hpp"
#include "http/parameters.hpp"
#include "http/routes/company_export.hpp"

namespace mutirao::http::routes {
namespace {

constexpr page_sizes company_pages{.usual = 100, .most = 500};

void list_companies_of(const exchange_ptr& at, std::optional<unit_id> unit) {
  const bool paged = at->asked.get("limit") || at->asked.get("cursor");
  if (!paged) return company_export::start(at, unit);
  const auto window = read_window(at->asked, company_pages);
  if (!window) return at->refuse(window.error());
  const bool counted = !window->after;
  ask(at, at->site->next_reader(), list_companies{*at->who, unit, window->limit, window->after},
      [counted](const list_companies::answer& page) {
        return json_answer(json::render_companies(page, counted));
      });
}

void show(const exchange_ptr& at, find_company question) {
  ask(at, at->site->next_reader(), std::move(question),
      [](const company_row& found) { return json_answer(json::render_company(found)); });
}

response created(const company_row& row) {
  auto answer = json_answer(json::render_company(row), 201);
  answer.headers.emplace_back("Location", "/api/empresas/" + std::to_string(row.data.id.value));
  return answer;
}

/// Answers by `render` with what was stored, with the names beside it where they can be read.
template <class Render>
void show_written(const exchange_ptr& at, company stored, Render render) {
  find_company question{*at->who, stored.id, std::nullopt};
  ask(at, at->site->next_reader(), std::move(question),
      [at, stored = std::move(stored), render = std::move(render)](expected<company_row>&& found) {
        at->send(render(found ? *found : company_row{stored, {}, {}}));
      });
}

/// The unit of a body is a field of it: one that does not exist is no missing page.
void refuse_write(const exchange_ptr& at, error why) {
  if (why.code == errc::unknown_unit) why = {errc::invalid_field, "unidade_responsavel"};
  at->refuse(why);
}

}  // namespace

void companies_of_caller(const exchange_ptr& at) {
  list_companies_of(at, std::nullopt);
}

void companies_of_unit(const exchange_ptr& at) {
  const auto unit = path_id<unit_id>(*at);
  if (!unit) return at->refuse(unit.error());
  list_companies_of(at, *unit);
}

void company_by_id(const exchange_ptr& at) {
  const auto id = path_id<company_id>(*at);
  if (!id) return at->refuse(id.error());
  show(at, {*at->who, *id, std::nullopt});
}

void company_by_cnpj(const exchange_ptr& at) {
  auto cnpj = normalize_cnpj(at->values[0]);
  if (!cnpj) return at->refuse({errc::invalid_cnpj, {}});
  show(at, {*at->who, std::nullopt, *std::move(cnpj)});
}

void add_company(const exchange_ptr& at) {
  auto data = read_new_company(at->what.body);
  if (!data) return at->refuse(data.error());
  const auto& clock = *at->site->given.clock;
  ask(at, at->site->given.store,
      create_company{*at->who, *std::move(data), clock.today(), clock.now()},
      [at](expected<company>&& made) {
        if (!made) return refuse_write(at, made.error());
        show_written(at, *std::move(made), created);
      });
}

void change_company(const exchange_ptr& at) {
  const auto id = path_id<company_id>(*at);
  if (!id) return at->refuse(id.error());
  const auto years = read_future_years(at->asked);
  if (!years) return at->refuse(years.error());
  auto patch = read_company_patch(at->what.body);
  if (!patch) return at->refuse(patch.error());
  const auto& clock = *at->site->given.clock;
  ask(at, at->site->given.store,
      edit_company{*at->who, *id, *std::move(patch), *years, clock.today(), clock.now()},
      [at](expected<edit_company::answer>&& changed) {
        if (!changed) return refuse_write(at, changed.error());
        show_written(at, changed->data, [change = *changed](const company_row& row) {
          return json_answer(json::render_changed_company(row, change));
        });
      });
}

}  // namespace mutirao::http::routes
