#include "http/body_cache.hpp"

#include <utility>

namespace mutirao::http {
namespace {

constexpr std::size_t bytes_beside_body = 300;  // an entry's own, roughly

}  // namespace

job_face::job_face(const job_view& of, std::uint64_t names_version)
    : state(of.state),
      run(of.run),
      priority(of.priority),
      totals(of.totals),
      done_at_claim(of.done_at_claim),
      started_at(of.started_at),
      claimed_at(of.claimed_at),
      advanced_at(of.advanced_at),
      completed_at(of.completed_at),
      lease_until(of.lease_until),
      names(names_version) {}

std::shared_ptr<const std::string> body_cache::find(const job_view& of,
                                                    std::uint64_t names_version) {
  const job_face face(of, names_version);
  const std::lock_guard lock(mutex_);
  const auto* known = bodies_.find(of.id);
  return known && known->face == face ? known->body : nullptr;
}

void body_cache::put(const job_view& of, std::shared_ptr<const std::string> body,
                     std::uint64_t names_version) {
  rendered entry{job_face(of, names_version), std::move(body)};
  const auto bytes = entry.body->size() + bytes_beside_body;
  const std::lock_guard lock(mutex_);
  bodies_.put(of.id, std::move(entry), bytes);
}

}  // namespace mutirao::http
