// Texts that nobody can guess.
#pragma once

#include <string>

#include "domain/ports/clock.hpp"

namespace mutirao::http {

/// 16 hexadecimal digits for each of `words`.
std::string random_text(randomness& chance, int words);

}  // namespace mutirao::http
