// A copy of a database file that may be in use.
#pragma once

#include <string>

#include "storage/open.hpp"

namespace mutirao::storage::sqlite {

/// See storage/open.hpp. `file` must be absolute.
expected<backup_report> back_up_file(const std::string& file, const std::string& to);

}  // namespace mutirao::storage::sqlite
