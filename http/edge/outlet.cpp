#include "http/edge/outlet.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <utility>

namespace mutirao::http {
namespace {

// Pieces of a stream up to this are joined with their framing; larger ones are queued as they are.
constexpr std::size_t joined_bytes = 4096;

std::string join(std::string_view before, std::string_view bytes, std::string_view after) {
  std::string all;
  all.reserve(before.size() + bytes.size() + after.size());
  all.append(before).append(bytes).append(after);
  return all;
}

}  // namespace

outlet::outlet(std::shared_ptr<edge_core> core, worker_counters& counters, socket_waker& waker,
               int fd)
    : core_(std::move(core)),
      counters_(counters),
      waker_(waker),
      fd_(fd),
      out_(fd),
      idle_until_(core_->hooks.now() + core_->limits.head_deadline),
      deadline_(idle_until_.time_since_epoch().count()) {}

void outlet::run(callbacks& due) {
  for (auto& then : due) {
    try {
      if (then) then();
    } catch (...) {
      // A callback has nobody to tell.
    }
  }
  due.clear();
}

output::slot* outlet::live(std::uint64_t slot, output::answer state) {
  auto* found = gone_ ? nullptr : out_.find(slot);
  return found && found->state == state ? found : nullptr;
}

const output::slot* outlet::live(std::uint64_t slot, output::answer state) const {
  const auto* found = gone_ ? nullptr : out_.find(slot);
  return found && found->state == state ? found : nullptr;
}

bool outlet::answerable(std::uint64_t slot) const {
  const std::lock_guard guard(mutex_);
  return live(slot, output::answer::none) != nullptr;
}

template <class Change>
bool outlet::change(std::uint64_t slot, output::answer state, Change&& how) {
  callbacks due;
  {
    const std::lock_guard guard(mutex_);
    auto* where = live(slot, state);
    if (!where) return false;
    how(*where, due);
  }
  run(due);
  return true;
}

bool outlet::answer(std::uint64_t slot, std::string head, payload body, bool close_after) {
  return change(slot, output::answer::none, [&](output::slot& where, callbacks& due) {
    where.parts.reserve(2);
    out_.append(where, std::move(head));
    out_.append(where, std::move(body));
    where.state = output::answer::complete;
    where.close_after = close_after;
    tidy(due);
  });
}

bool outlet::begin_stream(std::uint64_t slot, std::string head, bool close_after) {
  return change(slot, output::answer::none, [&](output::slot& where, callbacks& due) {
    out_.append(where, std::move(head));
    where.state = output::answer::streaming;
    where.close_after = close_after;
    tidy(due);
  });
}

bool outlet::write(std::uint64_t slot, std::string_view before, payload bytes,
                   std::string_view after) {
  bool taken = false;
  change(slot, output::answer::streaming, [&](output::slot& where, callbacks& due) {
    if (where.bytes >= core_->limits.waiting_bytes) {
      count(counters_.cut_slow);
      reset(due);
      return;
    }
    if (bytes.size() <= joined_bytes) {
      out_.append(where, join(before, bytes.view(), after));
    } else {
      out_.append(where, before);
      out_.append(where, std::move(bytes));
      out_.append(where, after);
    }
    tidy(due);
    taken = !gone_;
  });
  return taken;
}

std::size_t outlet::outstanding(std::uint64_t slot) const {
  const std::lock_guard guard(mutex_);
  const auto* where = live(slot, output::answer::streaming);
  return where ? where->bytes : 0;
}

void outlet::on_room(std::uint64_t slot, std::function<void()> then) {
  std::function<void()> replaced;  // may hold a stream: ends after the lock
  {
    const std::lock_guard guard(mutex_);
    if (auto* where = live(slot, output::answer::streaming)) {
      replaced = std::exchange(where->on_room, std::move(then));
      if (!working_ && where->bytes < core_->limits.low_water) wake();
      return;
    }
  }
  callbacks due;
  due.push_back(std::move(then));
  run(due);
}

void outlet::on_gone(std::uint64_t slot, std::function<void()> then) {
  std::function<void()> replaced;  // may hold a stream: ends after the lock
  {
    const std::lock_guard guard(mutex_);
    auto* where = live(slot, output::answer::streaming);
    // While the worker is at work end_work looks at what it has read.
    if (where && (working_ || !reading_.closed)) {
      replaced = std::exchange(where->on_gone, std::move(then));
      return;
    }
  }
  callbacks due;
  due.push_back(std::move(then));
  run(due);
}

void outlet::bound_kernel_queue(std::uint64_t slot, int bytes) {
  const std::lock_guard guard(mutex_);
  if (live(slot, output::answer::streaming)) {
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
  }
}

void outlet::finish_stream(std::uint64_t slot, std::string_view last) {
  callbacks dropped;  // may hold a stream: end after the lock
  change(slot, output::answer::streaming, [&](output::slot& where, callbacks& due) {
    drop_callbacks(where, dropped);
    out_.append(where, last);
    where.state = output::answer::complete;
    tidy(due);
  });
}

void outlet::abandon_stream(std::uint64_t slot, bool framed) {
  callbacks dropped;  // may hold a stream: end after the lock
  change(slot, output::answer::streaming, [&](output::slot& where, callbacks& due) {
    drop_callbacks(where, dropped);
    if (!framed) {
      reset(due);
      return;
    }
    where.state = output::answer::complete;
    where.close_after = true;
    tidy(due);
  });
}

bool outlet::gone() const {
  const std::lock_guard guard(mutex_);
  return gone_ || lingering_;
}

// Sends and draws the consequences, where the worker will not do it.
void outlet::tidy(callbacks& due) {
  if (working_ || gone_) return;
  send_now(core_->hooks.now(), due);
  if (gone_) return;
  if (finished()) {
    cut(due);  // wakes the worker, which removes the connection
  } else {
    const bool resume = paused_ && has_room_again();
    if (resume) paused_ = false;
    if (resume || any_due()) wake();
  }
  refresh_deadline();
}

void outlet::send_now(steady_time now, callbacks& due) {
  if (lingering_) return;
  switch (out_.flush(now)) {
    case output::result::drained:
      break;
    case output::result::blocked:
      if (!std::exchange(write_polled_, true)) wake();
      break;
    case output::result::ended:
      begin_linger(now, due);
      break;
    case output::result::failed:
      cut(due);
      break;
  }
  if (out_.idle() && reading_.idle) idle_until_ = now + core_->limits.idle_deadline;
}

void outlet::begin_linger(steady_time now, callbacks& due) {
  ::shutdown(fd_, SHUT_WR);
  lingering_ = true;
  linger_until_ = now + core_->limits.linger_deadline;
  drop_all(due);
}

void outlet::drop_callbacks(output::slot& of, callbacks& to) {
  to.push_back(std::exchange(of.on_room, nullptr));
  to.push_back(std::exchange(of.on_gone, nullptr));
}

void outlet::drop_all(callbacks& due) {
  for (auto& slot : out_.clear()) drop_callbacks(slot, due);
}

// What follows a shutdown is an event for the worker, which alone removes and closes.
void outlet::cut(callbacks& due, int how) {
  if (std::exchange(gone_, true)) return;
  drop_all(due);
  ::shutdown(fd_, how);
  refresh_deadline();
}

// Ends without the orderly end that a cut sends, and throws away what the kernel still holds: the
// close that follows becomes a reset. Shutting down reading tells the client nothing yet.
void outlet::reset(callbacks& due) {
  const linger at_once{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  cut(due, SHUT_RD);
}

bool outlet::any_due() const {
  const auto& slots = out_.slots();
  return std::any_of(slots.begin(), slots.end(), [this](const output::slot& slot) {
    return slot.on_room && slot.bytes < core_->limits.low_water;
  });
}

void outlet::take_due(callbacks& due) {
  for (auto& slot : out_.slots()) {
    if (slot.on_gone && reading_.closed) due.push_back(std::exchange(slot.on_gone, nullptr));
    if (!slot.on_room || slot.bytes >= core_->limits.low_water) continue;
    due.push_back(std::exchange(slot.on_room, nullptr));
  }
}

bool outlet::has_room_again() const {
  return out_.answers() <= core_->limits.waiting_answers / 2 &&
         out_.bytes() <= core_->limits.waiting_bytes / 2;
}

void outlet::begin_work() {
  const std::lock_guard guard(mutex_);
  working_ = true;
}

bool outlet::end_work(const reading& now_reading) {
  callbacks due;
  bool alive = false;
  {
    const std::lock_guard guard(mutex_);
    working_ = false;
    reading_ = now_reading;
    if (!gone_) send_now(core_->hooks.now(), due);
    if (!gone_ && (reading_.broken || finished())) {
      gone_ = true;
      drop_all(due);
    }
    alive = !gone_;
    if (alive) take_due(due);
    if (alive && paused_ && has_room_again()) {
      paused_ = false;
      wake();
    }
    refresh_deadline();
  }
  run(due);
  return alive;
}

std::uint64_t outlet::open() {
  const std::lock_guard guard(mutex_);
  return out_.open();
}

std::shared_ptr<owed_answer> outlet::ask(std::uint64_t slot, asked about) {
  const auto at = about.at;
  auto made = std::make_shared<owed_answer>(shared_from_this(), slot, std::move(about));
  const std::lock_guard guard(mutex_);
  if (auto* where = live(slot, output::answer::none)) {
    where->asked_at = at;
    where->owner = made;
  }
  return made;
}

void outlet::send_interim(std::uint64_t slot, std::string_view bytes) {
  const std::lock_guard guard(mutex_);
  if (auto* where = live(slot, output::answer::none)) out_.append(*where, bytes);
}

bool outlet::has_room() {
  callbacks due;
  bool room = false;
  {
    const std::lock_guard guard(mutex_);
    const auto full = [this] {
      return out_.answers() >= core_->limits.waiting_answers ||
             out_.bytes() >= core_->limits.waiting_bytes;
    };
    if (!gone_ && full()) send_now(core_->hooks.now(), due);
    paused_ = !gone_ && full();
    room = !gone_ && !paused_;
  }
  run(due);
  return room;
}

bool outlet::idle() const {
  const std::lock_guard guard(mutex_);
  return out_.idle();
}

void outlet::wake() {
  write_polled_ = true;  // waking polls for both
  waker_.wake(fd_);
}

void outlet::poll_again() {
  const std::lock_guard guard(mutex_);
  if (!gone_) wake();
}

void outlet::hand_over() {
  const std::lock_guard guard(mutex_);
  gone_ = true;
}

void outlet::stop() {
  callbacks due;
  {
    const std::lock_guard guard(mutex_);
    gone_ = true;
    drop_all(due);
    refresh_deadline();
  }
  run(due);
}

steady_time outlet::next_deadline() const {
  if (gone_) return steady_time::max();
  if (lingering_) return linger_until_;
  const auto& limits = core_->limits;
  if (out_.idle() && reading_.idle) return idle_until_;
  auto next = reading_.deadline;
  if (out_.blocked()) next = std::min(next, out_.checked_at() + limits.take_deadline / 4);
  for (const auto& slot : out_.slots()) {
    if (slot.state != output::answer::none || slot.asked_at == steady_time::max()) continue;
    return std::min(next, slot.asked_at + limits.answer_deadline);  // later ones were asked later
  }
  return next;
}

void outlet::cut_overdue(steady_time now, callbacks& due) {
  if (lingering_) {
    if (linger_until_ <= now) cut(due);
    return;
  }
  if (out_.blocked()) {
    out_.check_progress(now);
    if (out_.progress_at() + core_->limits.take_deadline <= now) {
      count(counters_.cut_slow);
      reset(due);
      return;
    }
  }
  const bool idle = out_.idle() && reading_.idle;
  if ((idle ? idle_until_ : reading_.deadline) <= now) {
    count(counters_.cut_deadline);
    cut(due);
  }
}

void outlet::expire(steady_time now) {
  callbacks due;
  std::vector<std::shared_ptr<owed_answer>> late;
  {
    const std::lock_guard guard(mutex_);
    if (gone_ || working_) return;  // end_work sets the deadline anew
    cut_overdue(now, due);
    bool owned = true;
    for (const auto& slot : out_.slots()) {
      const bool open = slot.state == output::answer::none && slot.asked_at != steady_time::max();
      if (!open || slot.asked_at + core_->limits.answer_deadline > now) continue;
      late.push_back(slot.owner.lock());
      owned = owned && late.back();
    }
    if (!owned) cut(due);  // its last reply could not even answer 503
    refresh_deadline();
  }
  run(due);
  for (const auto& one : late) {
    if (one && one->fail(errc::deadline)) count(counters_.late);
  }
}

}  // namespace mutirao::http
