// The status line and headers of an answer, as bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "http/edge/response.hpp"

namespace mutirao::http {

enum class body_framing : std::uint8_t {
  length,       // Content-Length
  chunked,      // Transfer-Encoding: chunked
  until_close,  // neither: the end of the connection ends the body
  none,         // 1xx, 204, 304: no body and no word about one
};

/// True for the statuses whose answers never have a body.
bool is_bodiless(int status);

/// The head with its empty line. `length` counts for body_framing::length only. `http10`: the
/// client spoke HTTP/1.0, where staying open must be said. Control characters in header values
/// become spaces, so a value cannot start a header of its own.
std::string render_head(const response& answer, body_framing framing, std::size_t length,
                        bool http10, bool keep_alive);

}  // namespace mutirao::http
