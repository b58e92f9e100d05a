#include "tests/e2e/database.hpp"

#include <algorithm>
#include <stdexcept>

namespace mutirao::e2e {
namespace {

struct rule {
  const char* says;
  const char* counts_breaches;
};

// An item that failed in an earlier run is to be done again, and counts no longer. What ended more
// than an hour ago may have been pruned in part: its notification, not its job.
constexpr rule rules[] = {
    {"a job's counters differ from its ledger",
     "SELECT count(*) FROM (SELECT 1 FROM jobs j LEFT JOIN job_items i ON i.job_no = j.no GROUP BY "
     "j.no HAVING j.done <> total(i.state IN (1, 3) OR i.run = j.run) OR j.failed <> "
     "total(i.state = 2 AND i.run = j.run) OR j.skipped <> total(i.state = 3) OR j.created <> "
     "total(i.created))"},
    {"a completed job has items left",
     "SELECT count(*) FROM jobs WHERE state = 4 AND done < total"},
    {"a user's events have gaps",
     "SELECT count(*) FROM (SELECT user_id FROM job_events GROUP BY user_id "
     "HAVING max(seq) - min(seq) + 1 <> count(*))"},
    {"a run ended twice, or has ended and is told of no more or no less than once",
     "SELECT count(*) FROM (SELECT 1 FROM job_events v JOIN jobs j ON j.no = v.job_no LEFT JOIN "
     "notificacoes n ON n.job_no = v.job_no AND n.run = v.run WHERE v.kind IN (5, 6) AND j.total > "
     "0 AND v.at > (unixepoch() - 3600) * 1000 GROUP BY v.job_no, v.run HAVING count(DISTINCT "
     "v.seq) <> 1 OR count(n.id) <> 1)"},
    {"an ended job has no notification of its run",
     "SELECT count(*) FROM jobs j WHERE state IN (4, 5) AND total > 0 AND completed_at > "
     "(unixepoch() - 3600) * 1000 AND NOT EXISTS (SELECT 1 FROM notificacoes n WHERE n.job_no = "
     "j.no AND n.run = j.run)"},
    {"an unfinished, cancelled or empty job has a notification",
     "SELECT count(*) FROM notificacoes n JOIN jobs j ON j.no = n.job_no AND j.run = n.run WHERE "
     "j.state NOT IN (4, 5) OR j.total = 0"},
    {"an unfinished job has an end, or an ended one none",
     "SELECT count(*) FROM jobs WHERE (state >= 4) <> (completed_at IS NOT NULL)"},
    {"rows are left of a job that is gone and forgotten",
     "SELECT count(*) FROM (SELECT job_no FROM job_items UNION SELECT job_no FROM job_scopes UNION "
     "SELECT job_no FROM idempotency_keys WHERE job_no > 0 UNION "
     "SELECT job_no FROM webhook_deliveries UNION SELECT "
     "job_no FROM job_callbacks UNION SELECT job_no FROM job_payloads EXCEPT SELECT no FROM jobs "
     "EXCEPT SELECT no FROM "
     "pruned_jobs)"},
    {"a callback of an ended job is told of its end less or more than once",
     "SELECT count(*) FROM job_callbacks c JOIN jobs j ON j.no = c.job_no WHERE j.state >= 4 AND 1 "
     "<> (SELECT count(*) FROM webhook_deliveries d WHERE d.job_no = j.no AND d.url = c.url AND "
     "d.run = j.run AND d.kind IN (5, 6, 7))"},
    {"two deliveries of one job are on their way to one URL",
     "SELECT count(*) FROM (SELECT 1 FROM webhook_deliveries WHERE state = 0 GROUP BY job_no, url "
     "HAVING count(*) > 1)"},
    {"a delivery waits behind nothing",
     "SELECT count(*) FROM webhook_deliveries w WHERE state = 1 AND NOT EXISTS (SELECT 1 FROM "
     "webhook_deliveries p WHERE p.job_no = w.job_no AND p.url = w.url AND p.state = 0)"},
    {"a company has two tasks of one day",
     "SELECT count(*) FROM (SELECT 1 FROM tarefas GROUP BY empresa_id, prazo HAVING count(*) > 1)"},
    {"a task has no event, or an event no task",
     "SELECT (SELECT count(*) FROM tarefas) <> (SELECT count(*) FROM agenda) OR EXISTS (SELECT 1 "
     "FROM agenda WHERE id NOT IN (SELECT id FROM tarefas))"},
    {"a task's unit is not its company's",
     "SELECT count(*) FROM tarefas t JOIN empresas e ON e.id = t.empresa_id WHERE t.unidade_id IS "
     "NOT e.unidade_responsavel"},
};

[[noreturn]] void give_up(sqlite3* handle, const std::string& sql) {
  throw std::runtime_error(std::string(sqlite3_errmsg(handle)) + " at: " + sql);
}

}  // namespace

database::database(const std::string& file) {
  if (sqlite3_open_v2(file.c_str(), &handle_, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK) {
    sqlite3_close(handle_);
    throw std::runtime_error("cannot open " + file);
  }
  sqlite3_busy_timeout(handle_, 30'000);
}

database::~database() {
  sqlite3_close(handle_);
}

void database::run(const std::string& sql) {
  if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    give_up(handle_, sql);
  }
}

std::vector<std::vector<std::string>> database::rows(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
    give_up(handle_, sql);
  }
  std::vector<std::vector<std::string>> all;
  int step = 0;
  while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
    auto& row = all.emplace_back();
    for (int i = 0; i < sqlite3_column_count(statement); ++i) {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
      row.emplace_back(text == nullptr ? "null" : text);
    }
  }
  sqlite3_finalize(statement);
  if (step != SQLITE_DONE) give_up(handle_, sql);
  return all;
}

std::vector<std::string> database::lines(const std::string& sql) {
  std::vector<std::string> all;
  for (const auto& row : rows(sql)) {
    auto& line = all.emplace_back();
    for (const auto& column : row) line += (&column == &row.front() ? "" : "|") + column;
  }
  return all;
}

std::string database::text(const std::string& sql) {
  const auto all = rows(sql);
  if (all.size() != 1) throw std::runtime_error(std::to_string(all.size()) + " rows of " + sql);
  return all.front().front();
}

std::int64_t database::integer(const std::string& sql) {
  return std::stoll(text(sql));
}

std::string blob(const std::string& uuid) {
  std::string digits = uuid;
  digits.erase(std::remove(digits.begin(), digits.end(), '-'), digits.end());
  return "x'" + digits + "'";
}

std::vector<std::string> breaches(database& in) {
  std::vector<std::string> found;
  if (const auto said = in.text("PRAGMA integrity_check(1)"); said != "ok") found.push_back(said);
  if (!in.rows("PRAGMA foreign_key_check").empty())
    found.emplace_back("a foreign key leads nowhere");
  for (const auto& [says, counts_breaches] : rules) {
    if (in.integer(counts_breaches) != 0) found.emplace_back(says);
  }
  return found;
}

}  // namespace mutirao::e2e
