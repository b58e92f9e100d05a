#include "app/file_text.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace mutirao::app {

expected<std::string> read_file(const std::string& path, std::string_view wanted) {
  std::error_code unknown;
  if (std::filesystem::is_directory(path, unknown)) {
    return fail(errc::invalid_field, "\"" + path + "\" is a folder; name " + std::string(wanted));
  }
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file.is_open() || file.bad()) {
    return fail(errc::invalid_field, "cannot read \"" + path + "\"");
  }
  return text;
}

}  // namespace mutirao::app
