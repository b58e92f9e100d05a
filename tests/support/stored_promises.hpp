// What holds between the tables after every commit, whatever was committed. SQL that both engines
// take; tests/jepsen/promises.py reads the list from here.
#pragma once

#include <string>
#include <vector>

#include "storage/sqlite/connection.hpp"

namespace mutirao::testing {

struct stored_promise {
  const char* says;
  const char* breaches;  // a query that answers a row for each
};

inline constexpr stored_promise stored_promises[] = {
    {"counters equal the ledger",
     "SELECT 1 FROM jobs j LEFT JOIN job_items i ON i.job_no = j.no GROUP BY j.no HAVING"
     " j.done <> count(CASE WHEN i.state IN (1, 3) OR i.run = j.run THEN 1 END)"
     " OR j.failed <> count(CASE WHEN i.state = 2 AND i.run = j.run THEN 1 END)"
     " OR j.skipped <> count(CASE WHEN i.state = 3 THEN 1 END)"
     " OR j.created <> coalesce(sum(i.created), 0)"},
    {"each task has its event, each event its task",
     "SELECT id FROM tarefas t WHERE NOT EXISTS (SELECT 1 FROM agenda a WHERE a.id = t.id)"
     " UNION ALL SELECT id FROM agenda a WHERE NOT EXISTS"
     " (SELECT 1 FROM tarefas t WHERE t.id = a.id)"},
    {"no company has two tasks of one day",
     "SELECT 1 FROM tarefas GROUP BY empresa_id, prazo HAVING count(*) > 1"},
    {"a task's unit is its company's",
     "SELECT 1 FROM tarefas t JOIN empresas e ON e.id = t.empresa_id"
     " WHERE coalesce(t.unidade_id, 0) <> coalesce(e.unidade_responsavel, 0)"},
    {"events have no gap",
     "SELECT 1 FROM job_events GROUP BY user_id HAVING max(seq) <> count(*) OR min(seq) <> 1"},
    {"each ended run is told once, and no other",
     "SELECT 1 FROM job_events v LEFT JOIN notificacoes n"
     " ON n.job_no = v.job_no AND n.run = v.run JOIN jobs j ON j.no = v.job_no"
     " WHERE v.kind IN (5, 6) AND j.total > 0 GROUP BY v.job_no, v.run"
     " HAVING count(DISTINCT v.seq) <> count(DISTINCT n.id) OR count(*) <> 1"},
    {"nobody is told of anything else",
     "SELECT 1 FROM notificacoes n LEFT JOIN job_events v ON v.job_no = n.job_no"
     " AND v.run = n.run AND v.kind IN (5, 6) WHERE v.seq IS NULL"},
    {"each callback of an ended job is told of its end",
     "SELECT 1 FROM job_callbacks c JOIN jobs j ON j.no = c.job_no WHERE j.state >= 4"
     " AND 1 <> (SELECT count(*) FROM webhook_deliveries d WHERE d.job_no = j.no"
     " AND d.url = c.url AND d.run = j.run AND d.kind IN (5, 6, 7))"},
    {"of a job one delivery at a time goes to a URL",
     "SELECT 1 FROM webhook_deliveries WHERE state = 0 GROUP BY job_no, url HAVING count(*) > 1"},
    {"a delivery waits behind an earlier one",
     "SELECT 1 FROM webhook_deliveries w WHERE state = 1 AND NOT EXISTS (SELECT 1 FROM"
     " webhook_deliveries p WHERE p.job_no = w.job_no AND p.url = w.url AND p.state = 0"
     " AND p.id < w.id)"},
    {"a completed job is done", "SELECT 1 FROM jobs WHERE state = 4 AND done <> total"},
};

/// The promises that the file breaks, each with how often; empty where all hold.
inline std::vector<std::string> broken_promises(const std::string& file) {
  auto on = storage::sqlite::connection::open(file, storage::sqlite::access::read);
  if (!on) return {"it does not open: " + on.error().detail};
  std::vector<std::string> broken;
  for (const auto& promise : stored_promises) {
    const auto sql = "SELECT count(*) FROM (" + std::string(promise.breaches) + ") AS breaches";
    const auto count = on->integer(sql.c_str());
    if (!count) {
      broken.push_back(promise.says + (": " + count.error().detail));
    } else if (*count != 0) {
      broken.push_back(promise.says + (": not " + std::to_string(*count) + " times"));
    }
  }
  return broken;
}

}  // namespace mutirao::testing
