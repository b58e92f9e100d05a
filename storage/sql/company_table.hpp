// The tables empresas, unidades and usuarios, and the rules' view of them (company_directory).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/ports/directory.hpp"
#include "domain/ports/store.hpp"
#include "storage/sql/statement.hpp"

namespace mutirao::storage::sql {

/// The columns of a company, in the order that read_company takes.
#define MUTIRAO_COMPANY_COLUMNS                                                    \
  "e.id, e.cnpj, e.caepf, e.razao_social, e.nome_fantasia, e.cidade, e.telefone, " \
  "e.periodicidade, e.data_renovacao, e.tecnico_responsavel, e.unidade_responsavel, e.ativo"
inline constexpr int company_columns = 12;

company read_company(const rows& row);
/// Dates are stored as text that parse_date takes; anything else reads as 1970-01-01.
date read_date(std::string_view text);

class company_table {
 public:
  explicit company_table(connection& on);

  expected<std::optional<company>> find(company_id id);
  expected<bool> has_unit(unit_id id);
  /// Whether another company than `except` has this cnpj or caepf.
  expected<bool> has_registration(const company& of, company_id except);

  /// `data.id` 0: a new id. Answers the id.
  expected<company_id> insert(const company& data);
  expected<void> update(const company& data);

  /// A unit or user that is there already gets the new names, and a user the new address, unless
  /// that is what somebody signs in with. Id 0: a new one.
  expected<void> put_unit(const named_unit& unit);
  expected<void> put_user(const named_user& user);

 private:
  expected<bool> any(rows found);

  statement find_, unit_, registration_, insert_, update_, put_unit_, put_user_;
};

/// Reads one consistent picture only where the connection is inside a transaction.
class directory final : public company_directory {
 public:
  explicit directory(connection& on);

  /// The job whose payload is asked for from here on.
  void plans_for(const job_id& job) { job_ = job; }

  expected<std::vector<item_id>> active_companies(unit_id unit) override;
  expected<std::vector<item_id>> companies_of(unit_id unit) override;
  expected<std::vector<planning_company>> companies(std::span<const item_id> ids) override;
  expected<std::vector<task_id>> automatic_tasks(const company& of, date from) override;
  expected<std::vector<payload_chunk>> payload(item_id first, item_id last) override;

  /// errc::unknown_unit.
  expected<void> check_unit(unit_id unit);

 private:
  expected<std::vector<item_id>> listed(statement& which, unit_id unit);
  expected<std::vector<planning_company>> companies_in_one(std::span<const item_id> ids);

  job_id job_;
  bool far_;
  statement unit_, active_, all_, company_, due_dates_, automatic_, payload_;
  statement companies_, due_dates_of_all_;  // where it is far
};

}  // namespace mutirao::storage::sql
