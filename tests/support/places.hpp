// Where the things are that the tests of this build start and read. CMake writes places.cpp, so
// that no test is compiled anew for another checkout.
#pragma once

#include <string>

namespace mutirao::testing {

struct build_places {
  const char* source;        // the checkout
  const char* program;       // mutirao
  const char* peer;          // another node
  const char* example;       // examples/caf-client
  const char* failing_disk;  // to be loaded before all else
  const char* node_modules;
};
extern const build_places places;

inline std::string in_source(const std::string& path) {
  return std::string(places.source) + "/" + path;
}

}  // namespace mutirao::testing
