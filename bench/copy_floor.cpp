#include "bench/copy_floor.hpp"

#include <algorithm>
#include <future>

#include "bench/floor_job.hpp"
#include "bench/postgres.hpp"
#include "bench/stopwatch.hpp"

namespace mutirao::bench {
namespace {

constexpr std::string_view now = "1760000000000";

template <class... Values>
void add_row(std::string& to, const Values&... values) {
  const auto text = [](const auto& value) -> std::string {
    if constexpr (std::is_integral_v<std::decay_t<decltype(value)>>) {
      return std::to_string(value);
    } else {
      return std::string(value);
    }
  };
  ((to += text(values), to += '\t'), ...);
  to.back() = '\n';
}

copy_batch batch_of(const std::vector<company>& companies, std::int64_t job_no,
                    std::int64_t& last_task) {
  const auto job = floor_job_of(companies, job_no);
  copy_batch made;
  for (const auto& one : job.tasks) {
    const auto& of = *one.of;
    add_row(made.tasks, ++last_task, of.id, one.purpose, "Normal", "Automático", one.due, 2,
            of.technician, 1, of.unit, now);
    add_row(made.events, last_task, one.title, one.description, one.color, one.start, one.end,
            of.technician);
  }
  for (const auto& one : companies) {
    add_row(made.items, job_no, one.id, 1, tasks_a_year, 1, 1, now);
  }
  return made;
}

void write(postgres& on, const copy_batch& batch) {
  on.run("BEGIN");
  on.copy("job_items (job_no, item, state, created, attempts, run, ended_at)", batch.items);
  on.copy(
      "tarefas (id, empresa_id, finalidade_id, prioridade, status, prazo, setor_id,"
      " responsavel_id, created_by, unidade_id, created_at)",
      batch.tasks);
  on.copy("agenda (id, title, description, color, start_date, end_date, usuario_id)", batch.events);
  on.run("COMMIT");
}

}  // namespace

std::vector<copy_batch> copy_batches(const population& people, std::size_t first, std::size_t units,
                                     std::size_t companies) {
  std::vector<copy_batch> all;
  std::int64_t last_task = 0;
  for (std::size_t i = first; i < first + units; ++i) {
    const auto& unit = people.units[i];
    for (std::size_t begin = 0; begin < unit.size(); begin += companies) {
      const auto end = std::min(begin + companies, unit.size());
      const std::vector<company> part(unit.begin() + static_cast<std::ptrdiff_t>(begin),
                                      unit.begin() + static_cast<std::ptrdiff_t>(end));
      all.push_back(batch_of(part, static_cast<std::int64_t>(i + 1), last_task));
    }
  }
  return all;
}

double copy_all(const std::string& url, const std::vector<copy_batch>& batches,
                std::size_t connections) {
  std::vector<postgres> open;
  for (std::size_t i = 0; i < connections; ++i) open.emplace_back(url);
  const stopwatch watch;
  std::vector<std::future<void>> all;
  for (std::size_t i = 0; i < connections; ++i) {
    all.push_back(std::async(std::launch::async, [&, i] {
      for (std::size_t at = i; at < batches.size(); at += connections) write(open[i], batches[at]);
    }));
  }
  for (auto& each : all) each.get();
  return watch.seconds();
}

}  // namespace mutirao::bench
