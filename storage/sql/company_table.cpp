#include "storage/sql/company_table.hpp"

#include "storage/sql/attempt.hpp"

namespace mutirao::storage::sql {

date read_date(std::string_view text) {
  return parse_date(text).value_or(date{});
}

company read_company(const rows& row) {
  company data;
  data.id = row.id<company_id>(0);
  data.cnpj = row.optional(1, &rows::string);
  data.caepf = row.optional(2, &rows::string);
  data.razao_social = row.text(3);
  data.nome_fantasia = row.text(4);
  data.cidade = row.optional(5, &rows::string);
  data.telefone = row.optional(6, &rows::string);
  data.periodicidade = row.optional(7, &rows::integer);
  if (!row.is_null(8)) data.data_renovacao = read_date(row.text(8));
  data.tecnico_responsavel = row.optional_id<user_id>(9);
  data.unidade_responsavel = row.optional_id<unit_id>(10);
  data.active = row.integer(11) != 0;
  return data;
}

#define MUTIRAO_PUT_COMPANY                                                               \
  "INSERT INTO empresas (id, cnpj, caepf, razao_social, nome_fantasia, cidade, telefone," \
  " periodicidade, data_renovacao, tecnico_responsavel, unidade_responsavel, ativo) VALUES ("
#define MUTIRAO_COMPANY_VALUES ", ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"

company_table::company_table(connection& on)
    : far_(on.is_far()),
      find_(on, "SELECT " MUTIRAO_COMPANY_COLUMNS " FROM empresas e WHERE e.id = ?1"),
      unit_(on, "SELECT 1 FROM unidades WHERE id = ?1"),
      registration_(on,
                    "SELECT 1 FROM empresas WHERE cnpj = ?1 AND id <> ?3"
                    " UNION ALL SELECT 1 FROM empresas WHERE caepf = ?2 AND id <> ?3"),
      insert_(on, MUTIRAO_PUT_COMPANY MUTIRAO_NEW_ID("empresas") MUTIRAO_COMPANY_VALUES
              " RETURNING id"),
      update_(on,
              "UPDATE empresas SET cnpj = ?2, caepf = ?3, razao_social = ?4, nome_fantasia = ?5,"
              " cidade = ?6, telefone = ?7, periodicidade = ?8, data_renovacao = ?9,"
              " tecnico_responsavel = ?10, unidade_responsavel = ?11, ativo = ?12 WHERE id = ?1"),
      put_unit_(on,
                "INSERT INTO unidades (id, nome) VALUES (" MUTIRAO_NEW_ID("unidades") ", ?2)"
                " ON CONFLICT (id) DO UPDATE SET nome = excluded.nome"),
      put_user_(on,
                "INSERT INTO usuarios (id, nome, sobrenome, email)"
                " VALUES (" MUTIRAO_NEW_ID("usuarios") ", ?2, ?3, ?4)"
                " ON CONFLICT (id) DO UPDATE SET nome = excluded.nome,"
                " sobrenome = excluded.sobrenome,"
                " email = CASE WHEN usuarios.senha IS NULL THEN excluded.email"
                " ELSE usuarios.email END"),
      registered_(on,
                  "SELECT cnpj, caepf FROM empresas WHERE cnpj = ANY(string_to_array(?1, ','))"
                  " UNION ALL"
                  " SELECT cnpj, caepf FROM empresas WHERE caepf = ANY(string_to_array(?2, ','))"),
      new_ids_(on,
               "SELECT next_id('empresas_id_seq', (SELECT max(id) FROM empresas))"
               " FROM generate_series(1, ?1)"),
      new_companies_(on, MUTIRAO_PUT_COMPANY "?1" MUTIRAO_COMPANY_VALUES, "ittttttitiii", "id") {}

namespace {

/// `take` of the id and of all columns behind it, in the order of the statements.
template <class Id, class Take>
auto with_columns(const Id& id, const company& of, Take take) {
  return take(id, of.cnpj, of.caepf, of.razao_social, of.nome_fantasia, of.cidade, of.telefone,
              of.periodicidade, of.data_renovacao, of.tecnico_responsavel, of.unidade_responsavel,
              of.active);
}

template <class Tag>
std::optional<id<Tag>> given(id<Tag> x) {
  return x.value == 0 ? std::nullopt : std::optional(x);
}

}  // namespace

expected<bool> company_table::any(rows found) {
  return found.next();
}

expected<std::optional<company>> company_table::find(company_id id) {
  return first_of(find_.run(id), read_company);
}

expected<bool> company_table::has_unit(unit_id id) {
  return any(unit_.run(id));
}

expected<bool> company_table::has_registration(const company& of, company_id except) {
  return any(registration_.run(of.cnpj, of.caepf, except));
}

std::string company_table::registration_of(const company& of) {
  return of.cnpj ? "cnpj " + *of.cnpj : "caepf " + of.caepf.value_or("");
}

expected<std::unordered_set<std::string>> company_table::registered(
    const std::vector<const company*>& of) {
  std::unordered_set<std::string> found;
  if (!far_) {
    for (const auto* one : of) {
      MUTIRAO_TRY(const bool there, has_registration(*one, {0}));
      if (there) found.insert(registration_of(*one));
    }
    return found;
  }
  std::string cnpjs, caepfs;
  for (const auto* one : of) {
    auto& list = one->cnpj ? cnpjs : caepfs;
    list += (list.empty() ? "" : ",") + (one->cnpj ? *one->cnpj : one->caepf.value_or(""));
  }
  company stored;
  auto there = registered_.run(cnpjs, caepfs);
  for (;;) {
    MUTIRAO_TRY(const bool more, there.next());
    if (!more) return found;
    stored.cnpj = there.optional(0, &rows::string);
    stored.caepf = there.optional(1, &rows::string);
    found.insert(registration_of(stored));
  }
}

expected<void> company_table::expect_new(std::size_t count) {
  if (!far_ || count == 0) return {};
  MUTIRAO_TRY(const auto ids, numbers(new_ids_.run(static_cast<std::int64_t>(count))));
  ids_.assign(ids.begin(), ids.end());
  return {};
}

expected<void> company_table::flush() {
  ids_.clear();
  MUTIRAO_CHECK(new_companies_.flush());
  return {};
}

void company_table::drop() {
  new_companies_.drop();
  ids_.clear();
}

expected<company_id> company_table::insert(const company& data) {
  if (!ids_.empty()) {
    const auto id = ids_.front();
    ids_.pop_front();
    MUTIRAO_CHECK(with_columns(
        id, data, [&](const auto&... values) { return new_companies_.add(id, values...); }));
    return company_id{id};
  }
  return id_of_new<company_id>(with_columns(
      given(data.id), data, [&](const auto&... values) { return insert_.run(values...); }));
}

expected<void> company_table::update(const company& data) {
  MUTIRAO_CHECK(with_columns(data.id, data,
                             [&](const auto&... values) { return update_.execute(values...); }));
  return {};
}

expected<void> company_table::put_unit(const named_unit& unit) {
  MUTIRAO_CHECK(put_unit_.execute(given(unit.id), unit.name));
  return {};
}

expected<void> company_table::put_user(const named_user& user) {
  MUTIRAO_CHECK(put_user_.execute(given(user.id), user.name, user.surname, user.email));
  return {};
}

directory::directory(connection& on)
    : far_(on.is_far()),
      unit_(on, "SELECT 1 FROM unidades WHERE id = ?1"),
      active_(on,
              "SELECT id FROM empresas WHERE unidade_responsavel = ?1 AND ativo = 1 ORDER BY id"),
      all_(on, "SELECT id FROM empresas WHERE unidade_responsavel = ?1 ORDER BY id"),
      company_(on, "SELECT " MUTIRAO_COMPANY_COLUMNS " FROM empresas e WHERE e.id = ?1"),
      due_dates_(
          on,
          "SELECT prazo FROM tarefas WHERE unidade_id IS NOT DISTINCT FROM ?1 AND empresa_id = ?2"),
      automatic_(on,
                 "SELECT id FROM tarefas WHERE unidade_id IS NOT DISTINCT FROM ?1 AND empresa_id = "
                 "?2 AND prazo >= ?3"
                 " AND status = 'Automático' ORDER BY id"),
      payload_(on,
               "WITH job AS (SELECT no FROM jobs WHERE id = ?1)"
               " SELECT first_item, bytes FROM job_payloads WHERE job_no = (SELECT no FROM job)"
               " AND first_item <= ?3 AND first_item >= coalesce((SELECT max(first_item)"
               " FROM job_payloads WHERE job_no = (SELECT no FROM job) AND first_item <= ?2), 0)"
               " ORDER BY first_item"),
      companies_(on, "SELECT " MUTIRAO_COMPANY_COLUMNS
                     " FROM empresas e WHERE e.id = ANY(string_to_array(?1, ',')::bigint[])"
                     " ORDER BY e.id"),
      due_dates_of_all_(on,
                        "SELECT empresa_id, prazo FROM tarefas"
                        " WHERE empresa_id = ANY(string_to_array(?1, ',')::bigint[])"
                        " ORDER BY empresa_id") {}

expected<std::vector<item_id>> directory::active_companies(unit_id unit) {
  return listed(active_, unit);
}

expected<std::vector<item_id>> directory::companies_of(unit_id unit) {
  return listed(all_, unit);
}

expected<std::vector<item_id>> directory::listed(statement& which, unit_id unit) {
  MUTIRAO_TRY(auto found,
              all_of(which.run(unit), [](const rows& row) { return row.id<item_id>(0); }));
  if (found.empty()) MUTIRAO_CHECK(check_unit(unit));
  return found;
}

expected<void> directory::check_unit(unit_id unit) {
  rows known = unit_.run(unit);
  MUTIRAO_TRY(const bool there, known.next());
  if (!there) return fail(errc::unknown_unit);
  return {};
}

expected<std::vector<planning_company>> directory::companies_in_one(std::span<const item_id> ids) {
  std::string list;
  for (const auto id : ids) list += (list.empty() ? "" : ",") + std::to_string(id.value);
  MUTIRAO_TRY(auto all, all_of(companies_.run(list), [](const rows& row) {
                return planning_company{read_company(row), {}};
              }));
  auto dates = due_dates_of_all_.run(list);
  for (auto at = all.begin();;) {
    MUTIRAO_TRY(const bool more, dates.next());
    if (!more) return all;
    const auto of = dates.id<company_id>(0);
    while (at != all.end() && at->data.id < of) ++at;
    if (at != all.end() && at->data.id == of) at->due_dates.push_back(read_date(dates.text(1)));
  }
}

expected<std::vector<planning_company>> directory::companies(std::span<const item_id> ids) {
  if (far_) return companies_in_one(ids);
  std::vector<planning_company> all;
  all.reserve(ids.size());
  for (const item_id id : ids) {
    MUTIRAO_TRY(auto found, first_of(company_.run(id), read_company));
    if (!found) continue;
    auto& one = all.emplace_back();
    one.data = *std::move(found);
    MUTIRAO_TRY(one.due_dates, all_of(due_dates_.run(one.data.unidade_responsavel, id),
                                      [](const rows& row) { return read_date(row.text(0)); }));
  }
  return all;
}

expected<std::vector<task_id>> directory::automatic_tasks(const company& of, date from) {
  const auto first = format_date(from);
  return all_of(automatic_.run(of.unidade_responsavel, of.id, first),
                [](const rows& row) { return row.id<task_id>(0); });
}

expected<std::vector<payload_chunk>> directory::payload(item_id first, item_id last) {
  return all_of(payload_.run(job_, first, last), [](const rows& row) {
    const auto stored = row.blob(1);
    return payload_chunk{row.id<item_id>(0), std::string(stored.begin(), stored.end())};
  });
}

}  // namespace mutirao::storage::sql
