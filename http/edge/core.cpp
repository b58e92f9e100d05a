#include "http/edge/core.hpp"

#include "http/edge/bare_problem.hpp"

namespace mutirao::http {

response edge_core::render_problem(errc code, std::string_view language,
                                   std::string_view path) const {
  try {
    if (hooks.problem) return hooks.problem(code, language, path);
  } catch (...) {
    // The texts could not be had; the status still can.
  }
  return bare_problem(code);
}

}  // namespace mutirao::http
