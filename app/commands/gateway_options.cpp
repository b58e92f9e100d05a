#include "app/commands/gateway_options.hpp"

#include "app/commands/serve_options.hpp"

namespace mutirao::app {
namespace {

using kind = option_spec::kind;

void read_address(option_reader& given, gateway::gateway_options& options, bool plain) {
  const auto address = parse_listen(given.text("listen"));
  if (!address) {
    return given.complain("listen", "\"" + given.text("listen") +
                                        "\" is not HOST:PORT, e.g. 127.0.0.1:5001 or [::1]:0");
  }
  if (plain && !is_loopback(*address)) {
    given.complain("listen",
                   "--insecure speaks plain text, to this machine only; give a loopback address, "
                   "e.g. 127.0.0.1:5001, or certificates (see `mutirao certs`)");
  }
  options.host = address->host;
  options.port = address->port;
}

void read_tls(option_reader& given, gateway::gateway_options& options, bool plain) {
  if (plain) {
    for (const char* each : {"certificate", "key", "ca"}) {
      if (given.given(each)) given.complain(each, "goes with TLS; leave it or --insecure out");
    }
    return;
  }
  constexpr std::string_view why =
      "make certificates with `mutirao certs`, or try it out with --insecure on a loopback address";
  options.tls = {given.required("certificate", why), given.required("key", why),
                 given.required("ca", why)};
}

}  // namespace

std::vector<option_spec> gateway_option_table() {
  return {
      {"listen", kind::value, "HOST:PORT", "address for CAF nodes; port 0: any free one",
       "127.0.0.1:5001"},
      {"url", kind::value, "URL", "where the service is", "http://127.0.0.1:5000"},
      {"certificate", kind::value, "FILE", "this node's certificate, PEM", ""},
      {"key", kind::value, "FILE", "its key, PEM", ""},
      {"ca", kind::value, "FILE", "the CA that peers' certificates come from, PEM", ""},
      {"insecure", kind::flag, "", "plain text and no certificates; loopback only", ""},
      {"heartbeat", kind::value, "TIME", "between two signs of life; peers use the same", "2s"},
      {"silence", kind::value, "TIME", "a peer that says nothing for so long is cut", "10s"},
      {"request-timeout", kind::value, "TIME", "how long the service may take to answer", "10s"},
      {"max-connections", kind::value, "N", "beyond, the most silent are cut", "2000"},
      {"max-sessions", kind::value, "N", "more are refused", "1000"},
      {"memory-limit", kind::value, "MIB", "of this process's data; 0: none", "1024"},
  };
}

gateway::gateway_options read_gateway_options(option_reader& given) {
  using std::chrono::milliseconds;
  gateway::gateway_options options;
  const bool plain = given.flag("insecure");
  read_address(given, options, plain);
  read_tls(given, options, plain);
  options.url = given.text("url");
  if (!options.url.starts_with("http://") && !options.url.starts_with("https://")) {
    given.complain("url", "\"" + options.url + "\" is not an http:// or https:// address");
  }
  options.heartbeat = given.duration("heartbeat", milliseconds(10));
  options.silence = given.duration("silence", milliseconds(20));
  if (options.silence < 2 * options.heartbeat) {
    given.complain("silence", "must be two heartbeats at least");
  }
  options.limits.request_deadline = given.duration("request-timeout", milliseconds(1));
  options.connections = static_cast<std::size_t>(given.integer("max-connections", 1, 1'000'000));
  options.limits.sessions = static_cast<std::size_t>(given.integer("max-sessions", 1, 1'000'000));
  return options;
}

}  // namespace mutirao::app
