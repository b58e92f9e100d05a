// A certificate authority of one's own for the gateway and its peers, as PEM files in a folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "domain/error.hpp"

namespace mutirao::app {

struct certificate_options {
  std::filesystem::path folder;
  std::vector<std::string> nodes;  // none: only where the CA is new, `gateway` and `client`
  std::int64_t days = 825;         // of a node's; the CA's are ten years
  bool force = false;
};

/// Letters, digits, dots, dashes, underscores; 1 to 64; not "ca".
bool is_node_name(const std::string& name);

/// Makes ca.pem and ca.key where the folder has none, then NAME.pem and NAME.key of each node. Keys
/// are for their owner alone (0600). What is there already is used, and replaced only by force: the
/// nodes that are named, or, where none is, the CA. Returns the files that were written.
/// errc::invalid_field where something is in the way, errc::internal where nothing can be written.
expected<std::vector<std::filesystem::path>> make_certificates(const certificate_options& with);

}  // namespace mutirao::app
