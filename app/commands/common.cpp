#include "app/commands/common.hpp"

#include <ostream>

#include "storage/open.hpp"

namespace mutirao::app {

option_spec database_option() {
  return {"database", option_spec::kind::value, "URL",
          "where everything is stored: sqlite:FILE or postgres://...", "sqlite:mutirao.db"};
}

std::string read_database(option_reader& given) {
  std::string url = given.text("database");
  const bool file = url.starts_with("sqlite:") && url.size() > std::string_view("sqlite:").size();
  if (!file && !storage::is_postgres(url)) {
    given.complain("database", "\"" + url +
                                   "\" is neither sqlite:FILE, e.g. sqlite:mutirao.db, nor"
                                   " postgres://USER@HOST/NAME");
  }
  return url;
}

int report_failure(const console& terminal, const std::string& command, const error& why) {
  terminal.err << "mutirao " << command << ": "
               << (why.detail.empty() ? std::string(to_string(why.code)) : why.detail) << '\n';
  return exit_failed;
}

int report_wrong_use(const console& terminal, const std::string& command, const error& why) {
  report_failure(terminal, command, why);
  return exit_wrong_use;
}

}  // namespace mutirao::app
