#include "bench/floor_job.hpp"

namespace mutirao::bench {
namespace {

std::vector<std::uint8_t> scope_of(const std::vector<company>& companies) {
  std::vector<std::uint8_t> bytes;
  std::int64_t before = 0;
  for (const auto& one : companies) {
    auto rest = static_cast<std::uint64_t>(one.id - before);
    before = one.id;
    for (; rest >= 0x80; rest >>= 7) bytes.push_back(static_cast<std::uint8_t>(rest | 0x80));
    bytes.push_back(static_cast<std::uint8_t>(rest));
  }
  return bytes;
}

}  // namespace

floor_job floor_job_of(const std::vector<company>& unit, std::int64_t no) {
  floor_job made{unit.front().unit, &unit, {}, std::vector<std::uint8_t>(16),
                 scope_of(unit),    {},    {}, {}};
  // Random, as the service's: they come anywhere in their index.
  auto bits = static_cast<std::uint64_t>(no) * 0x9E3779B97F4A7C15U;
  for (auto& byte : made.id) {
    bits ^= bits << 13;
    bits ^= bits >> 7;
    bits ^= bits << 17;
    byte = static_cast<std::uint8_t>(bits >> 32);
  }
  made.request = "unit=" + std::to_string(made.unit) + " futureYears=0";
  made.key = "generate-auto-tasks-unit 7 " + made.request;
  const int year = year_of_today();
  for (const auto& one : unit) {
    std::int64_t purpose = 2;
    for (const auto& due : due_dates(one, year)) {
      const std::string kind = purpose == 2 ? "Renovação" : "Rotina";
      made.tasks.push_back({&one, purpose, due, kind + " (" + one.name + ")",
                            kind + " a ser realizada na empresa " + one.name,
                            due + (purpose == 2 ? " 13:00:00" : " 08:00:00"),
                            due + (purpose == 2 ? " 14:00:00" : " 08:30:00"),
                            purpose == 2 ? "rgb(167 150 0)" : "rgb(1 120 90)"});
      purpose = 4;
    }
  }
  made.body = std::to_string(made.tasks.size()) + " tarefas automáticas foram geradas para " +
              std::to_string(unit.size()) + " empresas da unidade.";
  return made;
}

}  // namespace mutirao::bench
