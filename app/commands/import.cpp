#include <ostream>

#include "app/commands/commands.hpp"
#include "app/commands/common.hpp"
#include "app/commands/stored_rows.hpp"
#include "app/file_text.hpp"
#include "app/import/reading.hpp"
#include "app/job_types.hpp"
#include "app/options.hpp"
#include "http/import_texts.hpp"

namespace mutirao::app {
namespace {

using kind = option_spec::kind;

// Tells what was wrong. Whether to go on.
bool accept(const import_reading& reading, const import_options& options, const console& terminal) {
  for (const auto& row : reading.bad) {
    terminal.err << options.file << ": " << row.part << (row.part.empty() ? "line " : " ")
                 << row.number << ": " << http::row_message(row, http::language::english) << '\n';
  }
  if (reading.bad.empty() || options.skip_bad) return true;
  terminal.err << "mutirao import: " << reading.bad.size()
               << " bad rows, so nothing was stored; --skip-bad stores the others\n";
  return false;
}

expected<int> import_file(const import_options& options, const console& terminal) {
  const auto text = read_file(options.file, "a CSV or JSON file");
  if (!text) return tl::unexpected(text.error());
  const job_types types = registered_job_types();
  auto database = storage::open_database(options.database, types, {.owner = "mutirao import"});
  if (!database) return tl::unexpected(database.error());
  auto reader = (*database)->reader();
  if (!reader) return tl::unexpected(reader.error());
  const auto keys = (*reader)->read(list_stored_keys{});
  if (!keys) return tl::unexpected(keys.error());
  auto reading = read_import(*text, *keys, operator_terms());
  if (!reading) {
    return fail(reading.error().code, options.file + ": " + explain_refusal(reading.error()));
  }
  if (!accept(*reading, options, terminal)) return exit_failed;
  const auto stored = store_rows(**database, std::move(reading->rows));
  if (!stored) return tl::unexpected(stored.error());
  terminal.out << "stored " << stored->units << " units, " << stored->users << " users and "
               << stored->companies << " companies; skipped " << reading->bad.size()
               << " bad rows\n";
  return exit_done;
}

int run_import(option_reader& given, const console& terminal) {
  import_options options;
  options.file = given.positional(0);
  options.database = read_database(given);
  options.skip_bad = given.flag("skip-bad");
  if (!given.problems().empty()) return exit_wrong_use;
  const auto code = import_file(options, terminal);
  return code ? *code : report_failure(terminal, "import", code.error());
}

}  // namespace

command_spec import_command() {
  return {"import",
          "stores units, users and companies from a CSV (header row) or JSON file",
          "mutirao import empresas.csv --database sqlite:mutirao.db",
          {
              database_option(),
              {"skip-bad", kind::flag, "", "store the good rows although others are bad", ""},
          },
          {{"FILE", "CSV in UTF-8 (, or ;) or JSON {\"unidades\":[...], \"empresas\":[...]}"}},
          run_import};
}

}  // namespace mutirao::app
