// Commands about companies, tasks, notifications and imports.
#include <unordered_set>

#include "storage/sql/attempt.hpp"
#include "storage/sql/commands.hpp"

namespace mutirao::storage::sql {
namespace {

bool has_one_registration(const company& data) {
  return data.cnpj.has_value() != data.caepf.has_value();
}

date first_of_year(date today) {
  return std::chrono::sys_days(std::chrono::year(year_of(today)) / 1 / 1);
}

}  // namespace

expected<void> commands::add(std::span<const new_task> tasks, company_id of, instant now) {
  if (tasks.empty()) return {};
  MUTIRAO_TRY(auto id, book_.new_tasks(tasks.size()));
  for (const auto& task : tasks) {
    const auto whose = task.company.value != 0 ? task.company : of;
    MUTIRAO_CHECK(tasks_.insert(id, task, whose, now));
    ++id.value;
    book_.changed(whose);
  }
  staged_.rows_written += 2 * std::ssize(tasks);
  return {};
}

expected<std::int64_t> commands::generate(const company& of, const generation& run, instant now) {
  MUTIRAO_TRY(const auto due, tasks_.due_dates(of.unidade_responsavel, of.id));
  const auto planned = plan_auto_tasks(run, {of.data_renovacao, of.periodicidade}, due);
  MUTIRAO_CHECK(add(render_tasks(of, planned), of.id, now));
  MUTIRAO_CHECK(tasks_.flush());
  return static_cast<std::int64_t>(planned.size());
}

expected<create_company::answer> commands::run(const create_company& asked) {
  const auto& data = asked.data;
  if (!has_one_registration(data)) return fail(errc::one_registration);
  if (data.unidade_responsavel) {
    if (!asked.by.may_see(data.unidade_responsavel)) return fail(errc::forbidden_unit);
    MUTIRAO_TRY(const bool known, companies_.has_unit(*data.unidade_responsavel));
    if (!known) return fail(errc::unknown_unit);
  }
  MUTIRAO_TRY(bool taken, companies_.has_registration(data, {0}));
  if (!taken && data.id.value != 0) {
    MUTIRAO_TRY(const auto same_id, companies_.find(data.id));
    taken = same_id.has_value();
  }
  if (taken) return fail(errc::already_registered);

  company created = data;
  MUTIRAO_TRY(created.id, companies_.insert(data));
  MUTIRAO_CHECK(generate(created, {asked.today, 0}, asked.now));
  book_.changed(created.id);
  return created;
}

expected<void> commands::check(const edit_company& asked, const company& before,
                               const company& after) {
  if (!has_one_registration(after)) return fail(errc::one_registration);
  if (after.unidade_responsavel != before.unidade_responsavel) {
    if (!asked.by.may_see(after.unidade_responsavel)) return fail(errc::forbidden_unit);
    if (after.unidade_responsavel) {
      MUTIRAO_TRY(const bool known, companies_.has_unit(*after.unidade_responsavel));
      if (!known) return fail(errc::unknown_unit);
    }
  }
  MUTIRAO_TRY(const bool taken, companies_.has_registration(after, after.id));
  if (taken) return fail(errc::already_registered);
  return {};
}

expected<void> commands::regenerate(const edit_company& asked, const company& before,
                                    edit_company::answer& answer) {
  const auto& after = answer.data;
  MUTIRAO_TRY(const auto removed, tasks_.remove_automatic(before.unidade_responsavel, before.id,
                                                          first_of_year(asked.today)));
  // All that is left of its tasks follows the company.
  if (after.unidade_responsavel != before.unidade_responsavel) {
    MUTIRAO_CHECK(tasks_.move(before.unidade_responsavel, before.id, after.unidade_responsavel));
  }
  const int years = future_years_after_change(asked.today, asked.future_years, removed.last);
  MUTIRAO_TRY(answer.tasks_created, generate(after, {asked.today, years}, asked.now));
  answer.tasks_removed = removed.count;
  return {};
}

expected<edit_company::answer> commands::run(const edit_company& asked) {
  MUTIRAO_TRY(const auto before, companies_.find(asked.id));
  if (!before) return fail(errc::unknown_company);
  if (!asked.by.may_see(before->unidade_responsavel)) return fail(errc::forbidden_unit);
  edit_company::answer answer;
  answer.data = patched(*before, asked.patch);
  MUTIRAO_CHECK(check(asked, *before, answer.data));
  if (answer.data == *before) return answer;

  MUTIRAO_CHECK(companies_.update(answer.data));
  if (regenerates(*before, answer.data)) MUTIRAO_CHECK(regenerate(asked, *before, answer));
  // Also where only a name changed: plans carry texts.
  book_.changed(asked.id);
  return answer;
}

expected<edit_task::answer> commands::run(const edit_task& asked) {
  MUTIRAO_TRY(auto found, tasks_.find(asked.id));
  if (!found) return fail(errc::unknown_task);
  task_row& task = *found;
  if (!asked.by.may_see(task.unit)) return fail(errc::forbidden_unit);
  if (asked.status) task.status = *asked.status;
  if (asked.sector) task.sector = *asked.sector;
  if (asked.technician) {
    task.technician = asked.technician;
    MUTIRAO_CHECK(tasks_.move_event(asked.id, *asked.technician));
    MUTIRAO_TRY(task.technician_name, tasks_.name_of(*asked.technician));
  }
  MUTIRAO_CHECK(tasks_.update(task));
  // A plan may say that it is to be taken back, or leave it out.
  if (asked.status) book_.changed(task.company);
  return std::move(task);
}

expected<read_notification::answer> commands::run(const read_notification& asked) {
  MUTIRAO_TRY(const bool read, messages_.mark_read(asked.user, asked.id, asked.now));
  if (!read) return fail(errc::unknown_notification);
  return asked.id;
}

expected<read_all_notifications::answer> commands::run(const read_all_notifications& asked) {
  return messages_.mark_all_read(asked.user, asked.now);
}

expected<mark_pushed::answer> commands::run(const mark_pushed& asked) {
  std::int64_t marked = 0;
  for (const auto id : asked.ids) {
    MUTIRAO_TRY(const bool first, messages_.mark_pushed(asked.user, id, asked.now));
    marked += first ? 1 : 0;
  }
  return marked;
}

expected<void> commands::check_import(const import_rows& asked) {
  std::unordered_set<std::int64_t> units;
  std::unordered_set<std::int64_t> ids;
  std::unordered_set<std::string> registrations;
  for (const auto& unit : asked.units) units.insert(unit.id.value);
  std::size_t number = 0;
  for (const auto& row : asked.companies) {
    const auto refused = [&, at = ++number](errc code, const std::string& why) {
      return fail(code, "empresa " + std::to_string(at) + ": " + why);
    };
    if (!has_one_registration(row)) return refused(errc::one_registration, "cnpj ou caepf");
    const auto& registration = row.cnpj ? *row.cnpj : *row.caepf;
    MUTIRAO_TRY(const bool taken, companies_.has_registration(row, {0}));
    if (taken || !registrations.insert((row.cnpj ? "cnpj " : "caepf ") + registration).second) {
      return refused(errc::already_registered, registration + " já cadastrado");
    }
    if (row.id.value != 0) {
      MUTIRAO_TRY(const auto same_id, companies_.find(row.id));
      if (same_id || !ids.insert(row.id.value).second) {
        return refused(errc::already_registered,
                       "id " + std::to_string(row.id.value) + " já cadastrado");
      }
    }
    if (!row.unidade_responsavel || units.contains(row.unidade_responsavel->value)) continue;
    MUTIRAO_TRY(const bool known, companies_.has_unit(*row.unidade_responsavel));
    if (!known) {
      return refused(errc::unknown_unit,
                     "unidade " + std::to_string(row.unidade_responsavel->value) + " não existe");
    }
    units.insert(row.unidade_responsavel->value);
  }
  return {};
}

expected<import_rows::answer> commands::run(const import_rows& asked) {
  MUTIRAO_CHECK(check_import(asked));
  for (const auto& unit : asked.units) MUTIRAO_CHECK(companies_.put_unit(unit));
  for (const auto& user : asked.users) MUTIRAO_CHECK(companies_.put_user(user));
  // Rows with an id first: a new id must not take one that a later row brings.
  for (const bool with_id : {true, false}) {
    for (const auto& row : asked.companies) {
      if ((row.id.value != 0) != with_id) continue;
      MUTIRAO_TRY(const auto id, companies_.insert(row));
      book_.changed(id);
    }
  }
  return import_rows::answer{static_cast<std::int64_t>(asked.units.size()),
                             static_cast<std::int64_t>(asked.users.size()),
                             static_cast<std::int64_t>(asked.companies.size())};
}

}  // namespace mutirao::storage::sql
