// Made-up units, technicians and companies to try the service with.
#pragma once

#include <cstdint>
#include <string>

#include "domain/ports/store.hpp"

namespace mutirao::app {

struct demo_size {
  std::int64_t units = 3;
  std::int64_t companies = 150;  // of each unit
};

/// At most so many companies in all: their registration numbers are then all different.
inline constexpr std::int64_t most_demo_companies = 9'000'000;

/// The same `seed` and size give the same rows on every machine, on every day. Ids count from 1,
/// unit by unit. Nearly all companies are active, have a technician, a renewal date and a period;
/// some lack one. Nine of ten have a numeric CNPJ, some an alphanumeric one or a CAEPF; all valid.
import_rows make_demo_data(demo_size size, std::uint64_t seed);

}  // namespace mutirao::app
