// What processes on one database tell each other with each commit, as texts of NOTIFY.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/ports/neighbours.hpp"
#include "domain/ports/store.hpp"

namespace mutirao::storage::postgres {

#define MUTIRAO_CHANNEL "mutirao_news"

/// One after the other, each short enough for the server; none where nobody needs to know. `from`
/// names the process, without a space.
std::vector<std::string> news_texts(std::string_view from, const committed& what);

/// Who tells the text, and what, added to `into`. Nothing where it is none of ours.
std::optional<std::string_view> read_news(std::string_view text, heard_news& into);

}  // namespace mutirao::storage::postgres
