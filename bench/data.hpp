// Made-up companies, their ids scattered over the units; each company's cycle gives exactly three
// tasks in any one year.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mutirao::bench {

inline constexpr std::int64_t tasks_a_year = 3;
inline constexpr std::int64_t period_days = 150;

struct company {
  std::int64_t id;
  std::int64_t unit;
  std::int64_t technician;
  std::string name;
  std::string renewal;  // the first one, YYYY-MM-DD, in 2019
};

/// A unit's number is its place in `units` + 1.
struct population {
  std::vector<std::vector<company>> units;  // each in ascending id
};

struct units_of_size {
  std::size_t units;
  std::size_t companies;  // of each unit
};

/// The same `sizes` give the same population.
population populate(const std::vector<units_of_size>& sizes);

/// Writes `all` into a database that has the schema and nothing else.
void store(const population& all, const std::string& file);

/// A company's CNPJ, whatever its check digits.
std::string registration(std::int64_t company);

/// The dates of a company's three tasks in `year`, as the service makes them: renewal, then the
/// routines ascending.
std::vector<std::string> due_dates(const company& of, int year);

/// The year in the service's time zone.
int year_of_today();

}  // namespace mutirao::bench
