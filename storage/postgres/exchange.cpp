#include "storage/postgres/exchange.hpp"

#include <poll.h>

#include <utility>

namespace mutirao::storage::postgres {
namespace {

constexpr int longest_wait_ms = 100;

/// Waits until what comes next can be taken at once; false where it was given up.
bool arrives(PGconn* on, const std::function<bool()>& gives_up) {
  for (;;) {
    const int unsent = PQflush(on);
    if (unsent == 0 && PQisBusy(on) == 0) return true;
    pollfd line{PQsocket(on), static_cast<short>(unsent > 0 ? POLLIN | POLLOUT : POLLIN), 0};
    (void)::poll(&line, 1, longest_wait_ms);
    // A line that was lost has an answer that says so. One that could not be written to counts as
    // a good one with libpq until it is read from.
    if (PQconsumeInput(on) == 0 || unsent < 0) return true;
    if (gives_up()) return false;
  }
}

}  // namespace

result exchange(PGconn* on, const std::function<int()>& send,
                const std::function<bool()>& gives_up) {
  if (send() == 0) {
    (void)PQconsumeInput(on);
    return nullptr;
  }
  result answer;
  while (arrives(on, gives_up)) {
    result next(PQgetResult(on));
    if (!next) return answer;
    answer = std::move(next);
  }
  return nullptr;
}

}  // namespace mutirao::storage::postgres
