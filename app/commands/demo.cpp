#include <limits>
#include <ostream>

#include "app/commands/commands.hpp"
#include "app/commands/common.hpp"
#include "app/commands/stored_rows.hpp"
#include "app/demo/data.hpp"
#include "app/job_types.hpp"
#include "app/options.hpp"

namespace mutirao::app {
namespace {

using kind = option_spec::kind;

demo_options read_options(option_reader& given) {
  demo_options options;
  options.database = read_database(given);
  options.units = given.integer("units", 1, 10'000);
  options.companies = given.integer("companies", 0, most_demo_companies);
  options.seed = static_cast<std::uint64_t>(
      given.integer("seed", 0, std::numeric_limits<std::int64_t>::max()));
  if (given.problems().empty() && options.companies > most_demo_companies / options.units) {
    given.complain("companies", "more than " + std::to_string(most_demo_companies) +
                                    " companies in all; give fewer --units or --companies");
  }
  return options;
}

// Whether the database holds no unit and no company; says on stdout what it holds.
expected<bool> is_empty(reads& stored, const console& terminal) {
  list_units units;
  units.by.admin = true;
  const auto found = stored.read(units);
  if (!found) return tl::unexpected(found.error());
  list_companies companies;
  companies.by.admin = true;
  companies.limit = 1;
  const auto first = stored.read(companies);
  if (!first) return tl::unexpected(first.error());
  if (found->empty() && first->total == 0) return true;
  terminal.out << "nothing to do: the database holds " << found->size() << " units and "
               << first->total << " companies already\n";
  return false;
}

expected<void> fill(const demo_options& options, const console& terminal) {
  const job_types types = registered_job_types();
  auto database = storage::open_database(options.database, types, {.owner = "mutirao demo"});
  if (!database) return tl::unexpected(database.error());
  auto reader = (*database)->reader();
  if (!reader) return tl::unexpected(reader.error());
  const auto empty = is_empty(**reader, terminal);
  if (!empty) return tl::unexpected(empty.error());
  if (!*empty) return {};
  const auto stored =
      store_rows(**database, make_demo_data({options.units, options.companies}, options.seed));
  if (!stored) {
    // Another may have filled it meanwhile.
    const auto still = is_empty(**reader, terminal);
    if (still && !*still) return {};
    return tl::unexpected(stored.error());
  }
  terminal.out << "stored " << stored->units << " units with " << stored->companies
               << " companies and " << stored->users << " users\n";
  return {};
}

int run_demo(option_reader& given, const console& terminal) {
  const demo_options options = read_options(given);
  if (!given.problems().empty()) return exit_wrong_use;
  const auto filled = fill(options, terminal);
  return filled ? exit_done : report_failure(terminal, "demo", filled.error());
}

}  // namespace

command_spec demo_command() {
  return {"demo",
          "fills an empty database with made-up units and companies; the same seed gives the same",
          "mutirao demo --database sqlite:mutirao.db --units 3 --companies 150 --seed 1",
          {
              database_option(),
              {"units", kind::value, "N", "units", "3"},
              {"companies", kind::value, "N", "companies of each unit", "150"},
              {"seed", kind::value, "N", "another number gives other data", "1"},
          },
          {},
          run_demo};
}

}  // namespace mutirao::app
