#include "http/edge/core.hpp"

#include "http/edge/bare_problem.hpp"

namespace mutirao::http {

response edge_core::render_problem(errc code, const refused_request& what) const {
  try {
    if (hooks.problem) return hooks.problem(code, what);
  } catch (...) {
    // The texts could not be had; the status still can.
  }
  return bare_problem(code);
}

}  // namespace mutirao::http
