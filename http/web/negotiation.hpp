// What a client says of representations: which coding it takes, and which one it has already
// (RFC 9110, sections 12.5.3 and 13.1.2).
#pragma once

#include <string_view>

namespace mutirao::http::web {

/// Whether a client with this Accept-Encoding takes gzip: named, or by "*", and not with q=0.
bool takes_gzip(std::string_view accept_encoding);

/// Whether If-None-Match names `tag` (with its quotes), weakly compared, or is "*".
bool has_already(std::string_view if_none_match, std::string_view tag);

}  // namespace mutirao::http::web
