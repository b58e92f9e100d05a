#include "app/heap_trimmer.hpp"

#include <unistd.h>

#include <fstream>
#include <utility>

namespace mutirao::app {
namespace {

constexpr std::uint64_t many_clients = 16;
constexpr std::size_t worth_another = std::size_t{1} << 20U;
constexpr int walks_for_nothing = 3;

}  // namespace

bool heap_trimmer::is_due(std::uint64_t accepted, std::uint64_t open) {
  const bool settled = std::exchange(open_before_, open) == open;
  if (!settled) return false;
  const auto came = accepted - gone_before_;
  if (came >= many_clients && open <= came / 2) {
    walks_due_ = walks_for_nothing;
    gone_before_ = accepted - open;
  }
  return walks_due_ > 0;
}

void heap_trimmer::gave_back(std::size_t bytes) {
  if (bytes >= worth_another) {
    walks_due_ = walks_for_nothing;
  } else {
    --walks_due_;
  }
}

std::size_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t all = 0;
  std::size_t pages = 0;
  file >> all >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace mutirao::app
