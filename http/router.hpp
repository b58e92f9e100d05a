// The table of routes: which handler answers a method on a path. Filled once, then only read.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/edge/request.hpp"

namespace mutirao::http {

struct exchange;
using handler = void (*)(const std::shared_ptr<const exchange>&);

/// Whether a route is for everybody, for who brings a token, or for who brings a token or a ticket
/// (?ticket=).
enum class access : std::uint8_t { token, ticket, open };

struct route {
  http::method verb = http::method::get;
  std::string_view pattern;  // "/api/empresas/:id", text with static lifetime
  handler run = nullptr;
  access who = access::token;
  std::size_t body_bytes = 1u << 20;
};

class router {
 public:
  explicit router(std::vector<route> routes);
  ~router();
  router(const router&) = delete;
  router& operator=(const router&) = delete;

  struct match {
    const route* found = nullptr;     // nothing: see `allow`
    std::vector<std::string> values;  // of the pattern's names, in order, decoded
    std::string_view allow;           // "GET, HEAD, OPTIONS"; empty where the path is unknown
    bool malformed = false;           // the path holds a broken percent-encoding
  };

  /// `path` as received. Each segment prefers a name of its own over a ":parameter". HEAD is found
  /// as GET; one '/' at the end does not count.
  match find(http::method verb, std::string_view path) const;

  std::span<const route> all() const { return routes_; }

 private:
  struct node;
  using segments = std::span<const std::string>;
  static const node* walk(const node& at, segments rest, std::vector<std::string>& values);
  void add(const route& what);

  std::vector<route> routes_;
  std::unique_ptr<node> root_;
};

}  // namespace mutirao::http
