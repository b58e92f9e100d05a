// A connection on its way to another protocol's code: whoever holds this owns all of it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "http/edge/owned_fd.hpp"

namespace mutirao::http {

/// A place among the connections that the edge may have, kept while it lives; it may outlive the
/// edge. From any thread.
using connection_place = std::shared_ptr<const void>;

struct handed_socket {
  owned_fd fd;              // non-blocking
  std::string first_bytes;  // the head as received, and all that followed
  connection_place place;   // to be kept as long as the socket is open
};

}  // namespace mutirao::http
