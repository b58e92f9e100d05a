#include "http/router.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "http/percent.hpp"

namespace mutirao::http {
namespace {

constexpr std::size_t method_count = 8;

std::size_t index_of(method verb) {
  return static_cast<std::size_t>(verb);
}

/// Of a path that begins with '/': "/a/b" and "/a/b/" are two segments, "/" is none.
std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> parts;
  path.remove_prefix(1);
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    parts.push_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return parts;
}

std::optional<std::vector<std::string>> decoded_segments(std::string_view path) {
  std::vector<std::string> segments;
  for (const auto part : split(path)) {
    auto text = percent_decoded(part);
    if (!text) return std::nullopt;
    segments.push_back(*std::move(text));
  }
  return segments;
}

}  // namespace

struct router::node {
  std::vector<std::pair<std::string_view, std::unique_ptr<node>>> named;
  std::unique_ptr<node> any;
  std::array<const route*, method_count> by_method{};
  std::string allow;  // empty: no route ends here

  node& child(std::string_view segment) {
    if (segment.starts_with(':')) {
      if (!any) any = std::make_unique<node>();
      return *any;
    }
    for (auto& [name, below] : named) {
      if (name == segment) return *below;
    }
    return *named.emplace_back(segment, std::make_unique<node>()).second;
  }

  void list_methods() {
    constexpr std::array shown{std::pair{method::get, "GET, HEAD, "},
                               std::pair{method::post, "POST, "}, std::pair{method::put, "PUT, "},
                               std::pair{method::del, "DELETE, "},
                               std::pair{method::patch, "PATCH, "}};
    allow.clear();
    for (const auto& [verb, name] : shown) {
      if (by_method[index_of(verb)]) allow += name;
    }
    allow += "OPTIONS";
  }
};

router::router(std::vector<route> routes)
    : routes_(std::move(routes)), root_(std::make_unique<node>()) {
  for (const auto& what : routes_) add(what);
}

router::~router() = default;

void router::add(const route& what) {
  auto* at = root_.get();
  for (const auto segment : split(what.pattern)) at = &at->child(segment);
  at->by_method[index_of(what.verb)] = &what;
  at->list_methods();
}

const router::node* router::walk(const node& at, segments rest, std::vector<std::string>& values) {
  if (rest.empty()) return at.allow.empty() ? nullptr : &at;
  for (const auto& [name, below] : at.named) {
    if (name != rest.front()) continue;
    if (const auto* found = walk(*below, rest.subspan(1), values)) return found;
  }
  if (!at.any) return nullptr;
  values.push_back(rest.front());
  if (const auto* found = walk(*at.any, rest.subspan(1), values)) return found;
  values.pop_back();
  return nullptr;
}

router::match router::find(method verb, std::string_view path) const {
  match result;
  if (!path.starts_with('/')) return result;
  const auto parts = decoded_segments(path);
  result.malformed = !parts;
  if (!parts) return result;
  const auto* at = walk(*root_, *parts, result.values);
  if (!at) return result;
  result.allow = at->allow;
  result.found = at->by_method[index_of(verb == method::head ? method::get : verb)];
  return result;
}

}  // namespace mutirao::http
