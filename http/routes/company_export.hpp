// All companies that a caller may see, written page by page: the next page is read only when the
// client has taken the last, so that a list of any length costs one page of memory.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "domain/ports/reads.hpp"
#include "http/edge/stream.hpp"
#include "http/exchange.hpp"

namespace mutirao::http::routes {

/// Lives in the closures that wait for its next page or for room.
class company_export : public std::enable_shared_from_this<company_export> {
 public:
  /// Answers `{companies:[...], total}`, in one piece where one page holds it all. An error before
  /// the first page is a problem; one behind it cuts the connection.
  static void start(const exchange_ptr& at, std::optional<unit_id> unit);

  company_export(const exchange_ptr& at, std::optional<unit_id> unit) : at_(at), unit_(unit) {}

 private:
  void ask_page(std::optional<std::int64_t> after);
  void take(const list_companies::answer& page);
  void begin();
  void end();

  exchange_ptr at_;
  std::optional<unit_id> unit_;
  stream out_;
  bool begun_ = false;
  std::int64_t written_ = 0;
};

}  // namespace mutirao::http::routes
