#include "app/version.hpp"

#include "generated/version.hpp"  // from cmake/Version.cmake

namespace mutirao::app {

std::string_view version() {
  return MUTIRAO_VERSION;
}

std::string_view commit() {
  return MUTIRAO_COMMIT;
}

std::string_view version_line() {
  return "mutirao " MUTIRAO_VERSION " (" MUTIRAO_COMMIT ")";
}

}  // namespace mutirao::app
