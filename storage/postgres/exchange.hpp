// One question to a PostgreSQL server and its answer. libpq's own calls wait for as long as the
// server is silent; this one can be told to stop.
#pragma once

#include <libpq-fe.h>

#include <functional>
#include <memory>
#include <string_view>

namespace mutirao::storage::postgres {

struct closed_result {
  void operator()(PGresult* of) const { PQclear(of); }
};
using result = std::unique_ptr<PGresult, closed_result>;

/// The bytes of one value; they last as long as the result.
inline std::string_view cell(const result& of, int row, int column) {
  return {PQgetvalue(of.get(), row, column),
          static_cast<std::size_t>(PQgetlength(of.get(), row, column))};
}

/// Sends by `send` (one of libpq's PQsend...) and gives the last answer to it; `on` does not block.
/// Nothing where it was not sent, or where `gives_up`, asked each 100 ms at least, said true: then
/// the answer may still come, and the line is of no more use.
result exchange(PGconn* on, const std::function<int()>& send,
                const std::function<bool()>& gives_up);

}  // namespace mutirao::storage::postgres
