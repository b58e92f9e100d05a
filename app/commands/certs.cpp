#include <ostream>

#include "app/certificates.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/common.hpp"

namespace mutirao::app {
namespace {

using kind = option_spec::kind;

constexpr std::int64_t most_days = 36'500;

int run_certs(option_reader& given, const console& terminal) {
  certificate_options options;
  options.folder = given.required("out", "name a folder, e.g. --out certs");
  options.nodes = given.texts("node");
  for (const auto& each : options.nodes) {
    if (!is_node_name(each)) {
      given.complain("node", "\"" + each +
                                 "\" is not 1 to 64 letters, digits, dots, dashes or underscores, "
                                 "and not ca");
    }
  }
  options.days = given.integer("days", 1, most_days);
  options.force = given.flag("force");
  if (!given.problems().empty()) return exit_wrong_use;
  const auto written = make_certificates(options);
  if (!written) {
    return written.error().code == errc::invalid_field
               ? report_wrong_use(terminal, "certs", written.error())
               : report_failure(terminal, "certs", written.error());
  }
  for (const auto& file : *written) terminal.out << file.string() << '\n';
  return exit_done;
}

}  // namespace

command_spec certs_command() {
  return {"certs",
          "makes a CA and certificates for the gateway and its peers",
          "mutirao certs --out certs --node gateway --node harness",
          {
              {"out", kind::value, "FOLDER", "where the files are, and go", ""},
              {"node", kind::list, "NAME",
               "makes NAME.pem and NAME.key (repeatable; with a new CA: gateway, client)", ""},
              {"days", kind::value, "N", "how long a node's certificate is good", "825"},
              {"force", kind::flag, "",
               "replace what is there: the nodes named, or where none is, the CA", ""},
          },
          {},
          run_certs};
}

}  // namespace mutirao::app
