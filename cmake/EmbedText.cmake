# Writes OUT: the text of FILE as the raw string literal embedded::NAME. Run by mutirao_embed_text.
file(READ "${FILE}" body)
file(WRITE "${OUT}" "#pragma once
#include <string_view>
namespace mutirao::embedded {
inline constexpr std::string_view ${NAME} = R\"embedded(${body})embedded\";
}  // namespace mutirao::embedded
")
