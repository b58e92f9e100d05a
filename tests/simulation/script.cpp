#include "tests/simulation/script.hpp"

#include "domain/jobs/remove_unit_tasks.hpp"

namespace mutirao::simulation {
namespace {

const caller admin{{1}, true, {}};
constexpr std::int64_t imported_from = 1'000;  // ids that the store does not give itself so soon

std::string short_name(const job_id& id) {
  return id.to_string().substr(0, 8);
}

date day(int year, unsigned month, unsigned of_month) {
  return std::chrono::sys_days(std::chrono::year(year) / static_cast<int>(month) /
                               static_cast<int>(of_month));
}

}  // namespace

template <class Command>
void script::tell_store(machine& at, Command what) {
  at.ask(at.cast().store(), std::move(what), [](const auto&) {});
}

company script::made_up_company() {
  auto& chance = on_.chance;
  company made;
  made.caepf = std::to_string(10'000'000'000'000 + ++companies_);
  made.razao_social = "Empresa " + std::to_string(companies_);
  made.nome_fantasia = made.razao_social;
  if (chance.chance(80)) made.periodicidade = chance.between(90, 400);
  if (chance.chance(90)) {
    made.data_renovacao = day(static_cast<int>(chance.between(2019, 2028)),
                              static_cast<unsigned>(chance.between(1, 12)),
                              static_cast<unsigned>(chance.between(1, 28)));
  }
  if (chance.chance(80)) made.tecnico_responsavel = user_id{chance.between(40, 42)};
  const auto& units = on_.past.world().units();
  if (!units.empty() && chance.chance(95)) made.unidade_responsavel = chance.one_of(units)->first;
  made.active = chance.chance(90);
  return made;
}

import_rows script::opening() {
  import_rows rows;
  const auto units = on_.chance.between(1, 3);
  for (std::int64_t unit = 1; unit <= units; ++unit) {
    rows.units.push_back({{unit}, "Unidade " + std::to_string(unit)});
  }
  const auto companies = on_.chance.between(3, 20);
  for (std::int64_t id = 1; id <= companies; ++id) {
    auto made = made_up_company();
    made.id = {id};
    if (on_.chance.chance(95)) made.unidade_responsavel = unit_id{on_.chance.between(1, units)};
    rows.companies.push_back(std::move(made));
  }
  return rows;
}

void script::act(machine& at) {
  struct kind {
    int weight;
    void (script::*run)(machine&);
  };
  const kind kinds[] = {{30, &script::submit},
                        {18, &script::change_job},
                        {4, &script::prioritize},
                        {10, &script::look_somewhere},
                        {14, &script::edit},
                        {4, &script::create},
                        {3, &script::import_more},
                        {5, &script::edit_some_task},
                        {5, &script::read_notifications},
                        {4, &script::change_moods},
                        {1, &script::let_a_day_pass},
                        {on_.zones ? 18 : 0, &script::make_schedule},
                        {on_.zones ? 4 : 0, &script::delete_some_schedule}};
  int all = 0;
  for (const auto& one : kinds) all += one.weight;
  auto drawn = static_cast<int>(on_.chance.below(static_cast<std::size_t>(all)));
  for (const auto& one : kinds) {
    drawn -= one.weight;
    if (drawn < 0) return (this->*one.run)(at);
  }
}

void script::submit(machine& at) {
  auto& chance = on_.chance;
  const bool removes = chance.chance(20);
  const auto kind = removes ? remove_unit_tasks::name : generate_unit_tasks::name;
  const auto& type = *on_.types.find(kind);
  const auto units = static_cast<std::int64_t>(on_.past.world().units().size());
  argument_reader given{{"unit", std::to_string(chance.between(1, units))}};
  if (!removes) given["futureYears"] = std::to_string(chance.below(3));
  if (removes && chance.chance(50)) given["from"] = format_date(on_.time.today());
  const auto request = type.validate(given, admin, on_.time.today());
  actors::submit what{&type, {chance.between(7, 9)}, request->arguments, std::nullopt};
  if (chance.chance(40)) what.key = idempotency_key{"key " + std::to_string(chance.below(4))};
  if (on_.callbacks && chance.chance(30)) {
    what.callback_url = "https://caller.example/" + std::to_string(chance.below(2));
  }
  submit(at, what);
  if (chance.chance(30)) submit(at, what);
}

void script::submit(machine& at, const actors::submit& what) {
  note("user " + std::to_string(what.user.value) + " submits " + std::string(what.type->kind()) +
       " " + what.arguments.request + (what.key ? " with " + what.key->key : ""));
  at.ask(at.cast().supervisor(), what, [this](const expected<insert_job::answer>& answer) {
    if (!answer) return note("is refused: " + std::string(to_string(answer.error().code)));
    note("has job " + short_name(answer->job.id));
    on_.found.check(on_.past.find(answer->job.id) != nullptr,
                    "job " + short_name(answer->job.id) + " was answered and is not stored");
  });
}

// Once, within the minutes that a seed takes, or every two minutes; now and then such that it is
// refused for good.
void script::make_schedule(machine& at) {
  auto& chance = on_.chance;
  const auto now = on_.time.now();
  create_schedule asked;
  asked.now = now;
  asked.most = 4;
  auto& what = asked.what;
  what.owner = {{chance.between(7, 9)}, true, {}};
  what.kind = generate_unit_tasks::name;
  what.zone = "UTC";
  what.created_at = now;
  what.each_unit = chance.chance(40);
  what.arguments["futureYears"] = std::to_string(chance.chance(35) ? 9 : chance.below(3));
  if (!what.each_unit) what.arguments["unit"] = std::to_string(chance.between(1, 3));
  if (chance.chance(60)) {
    what.next_due = now + std::chrono::seconds(chance.between(1, 20));
    asked.run_at = format_instant(*what.next_due);
  } else {
    what.cron = "*/2 * * * *";
    what.next_due = next_due(*parse_cron(what.cron), what.zone, now, *on_.zones).value();
  }
  if (chance.chance(30)) asked.key = "key " + std::to_string(chance.below(4));
  note("makes a schedule for " + format_instant(*what.next_due));
  tell_store(at, std::move(asked));
}

void script::delete_some_schedule(machine& at) {
  const auto& all = on_.past.schedules().all();
  if (all.empty()) return;
  const auto id = on_.chance.one_of(all)->first;
  note("deletes schedule " + std::to_string(id.value));
  tell_store(at, delete_schedule{id, admin});
}

const known_job* script::some_job() {
  const auto& jobs = on_.past.jobs();
  return jobs.empty() ? nullptr : &on_.chance.one_of(jobs)->second;
}

caller script::asker(const known_job& of) {
  if (on_.chance.chance(5)) return {{99}, false, {{1}}};
  return on_.chance.chance(50) ? admin : caller{of.view.user, false, {}};
}

void script::change_job(machine& at) {
  const auto* job = some_job();
  if (!job) return submit(at);
  constexpr std::array ways{job_trigger::cancel, job_trigger::pause, job_trigger::resume,
                            job_trigger::resume, job_trigger::retry, job_trigger::retry};
  const auto on = *on_.chance.one_of(ways);
  note(std::string(to_string(on)) + " " + short_name(job->view.id));
  at.ask(at.cast().supervisor(),
         request_change{job->view.id, asker(*job), on, std::nullopt, on_.time.now()},
         [](const auto&) {});
}

void script::change(machine& at, const job_id& job, job_trigger on) {
  note("admin's " + std::string(to_string(on)) + " " + short_name(job));
  at.ask(at.cast().supervisor(), request_change{job, admin, on, std::nullopt, on_.time.now()},
         [](const auto&) {});
}

void script::prioritize(machine& at) {
  const auto* job = some_job();
  if (!job) return;
  at.ask(at.cast().supervisor(),
         request_change{job->view.id, asker(*job), std::nullopt,
                        static_cast<int>(on_.chance.between(-10, 10)), on_.time.now()},
         [](const auto&) {});
}

void script::look_somewhere(machine& at) {
  if (const auto* job = some_job()) look(at, job->view.id);
}

void script::look(machine& at, const job_id& job) {
  at.ask(at.cast().supervisor(), find_job{job},
         [this, job, before = seen_[job]](const expected<job_view>& answer) {
           if (!answer) return;
           const std::pair now{answer->run, answer->totals.done};
           on_.found.check(now >= before, "job " + short_name(job) + ": a client saw it go back");
           seen_[job] = std::max(seen_[job], now);
         });
}

company_patch script::made_up_patch() {
  auto& chance = on_.chance;
  company_patch patch;
  if (chance.chance(50)) {
    patch.periodicidade = chance.chance(80) ? std::optional(chance.between(90, 400)) : std::nullopt;
  }
  if (chance.chance(20)) {
    patch.data_renovacao = day(static_cast<int>(chance.between(2019, 2028)),
                               static_cast<unsigned>(chance.between(1, 12)), 15);
  }
  if (chance.chance(20)) patch.tecnico_responsavel = user_id{chance.between(40, 42)};
  if (chance.chance(25)) {
    patch.unidade_responsavel = chance.one_of(on_.past.world().units())->first;
  }
  if (chance.chance(20)) patch.active = chance.chance(60);
  if (chance.chance(10)) patch.razao_social = "Nova " + std::to_string(chance.below(100));
  return patch;
}

std::optional<company_id> script::some_company() {
  const auto& all = on_.past.world().all();
  if (all.empty()) return std::nullopt;
  return on_.chance.one_of(all)->first;
}

void script::edit(machine& at) {
  const auto id = some_company();
  if (!id) return;
  note("edits company " + std::to_string(id->value));
  tell_store(at, edit_company{admin, *id, made_up_patch(), static_cast<int>(on_.chance.below(2)),
                              on_.time.today(), on_.time.now()});
}

void script::pester(machine& at, std::span<const item_id> planned) {
  const company_id id{on_.chance.one_of(planned)->value};
  company_patch patch;
  patch.periodicidade = std::optional(on_.chance.between(90, 400));
  note("edits company " + std::to_string(id.value) + ", which was just planned");
  // Sent at once: it must be there before the plan is.
  caf::anon_send(at.cast().store(),
                 edit_company{admin, id, patch, 0, on_.time.today(), on_.time.now()});
}

void script::create(machine& at) {
  note("creates a company");
  tell_store(at, create_company{admin, made_up_company(), on_.time.today(), on_.time.now()});
}

void script::import_more(machine& at) {
  note("imports a company");
  import_rows rows;
  rows.companies.push_back(made_up_company());
  rows.companies.back().id = {imported_from + companies_};
  tell_store(at, std::move(rows));
}

void script::edit_some_task(machine& at) {
  const auto company = some_company();
  if (!company) return;
  const auto which = on_.chance.next();
  const bool passes_on = on_.chance.chance(30);
  at.ask(at.cast().readers().front(), company_tasks{admin, *company},
         [this, &at, which, passes_on](const expected<std::vector<task_row>>& rows) {
           if (!rows || rows->empty()) return;
           edit_task what{admin, (*rows)[which % rows->size()].id, "pendente", {}, {}};
           if (passes_on) what.technician = user_id{40};
           note("takes task " + std::to_string(what.id.value) + " up");
           tell_store(at, what);
         });
}

void script::read_notifications(machine& at) {
  const user_id user{on_.chance.between(7, 9)};
  const auto& all = on_.past.notifications();
  const auto mine = all.find(user);
  if (mine == all.end() || mine->second.empty() || on_.chance.chance(40)) {
    return tell_store(at, read_all_notifications{user, on_.time.now()});
  }
  tell_store(at, read_notification{user, {on_.chance.one_of(mine->second)->first}, on_.time.now()});
}

void script::change_moods(machine&) {
  const auto company = some_company();
  if (!company) return;
  const item_id item{company->value};
  auto& some = on_.chance.chance(80) ? on_.feelings.failing : on_.feelings.throwing;
  note("company " + std::to_string(item.value) + " can or cannot be planned");
  if (some.erase(item) == 0) some.insert(item);
}

void script::let_a_day_pass(machine&) {
  note("a day passes");
  on_.time.advance(std::chrono::hours(24));
}

}  // namespace mutirao::simulation
