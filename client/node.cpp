#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>
#include <fstream>
#include <vector>

#include "mutirao/client.hpp"

namespace mutirao::client {

std::string problem_of(const node_options& options) {
  const std::vector<std::pair<const char*, const std::string&>> files{
      {"certificate", options.certificate}, {"key", options.key}, {"ca", options.ca}};
  bool any = false;
  for (const auto& [name, path] : files) any = any || !path.empty();
  if (!any) return {};
  for (const auto& [name, path] : files) {
    if (path.empty()) return std::string(name) + ": missing; give all three files, or none";
    if (std::ifstream(path).peek() == std::ifstream::traits_type::eof()) {
      return std::string(name) + ": cannot read \"" + path + "\"";
    }
  }
  return {};
}

void configure(caf::actor_system_config& config, const node_options& options) {
  config.add_message_types<caf::id_block::mutirao_v1>();
  config.set("middleman.app-identifiers",
             std::vector<std::string>{std::string(protocol::v1::app_identifier)});
  config.set("middleman.heartbeat-interval", caf::timespan(options.heartbeat));
  config.set("middleman.connection-timeout", caf::timespan(options.silence));
  config.load<caf::io::middleman>();
  if (options.certificate.empty() && options.key.empty() && options.ca.empty()) return;
  config.openssl_certificate = options.certificate;
  config.openssl_key = options.key;
  config.openssl_cafile = options.ca;
  config.load<caf::openssl::manager>();
}

}  // namespace mutirao::client
