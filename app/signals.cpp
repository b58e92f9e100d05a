#include "app/signals.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <ctime>

namespace mutirao::app {
namespace {

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

sigset_t waited_signals() {
  sigset_t set = stop_signals();
  sigaddset(&set, SIGCHLD);
  return set;
}

void end_now(int signal) {
  _exit(128 + signal);
}

}  // namespace

void block_stop_signals() {
  const sigset_t set = waited_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file at the limit of its size: the write fails instead
}

bool wait_for_stop_signal(std::chrono::milliseconds patience) {
  const sigset_t set = waited_signals();
  timespec time{};
  time.tv_sec = patience.count() / 1000;
  time.tv_nsec = patience.count() % 1000 * 1'000'000;
  const int came = sigtimedwait(&set, nullptr, &time);
  return came > 0 && came != SIGCHLD;
}

void end_at_next_stop_signal() {
  // A handler, not the default: process 1 of a container would ignore that.
  std::signal(SIGTERM, end_now);
  std::signal(SIGINT, end_now);
  const sigset_t set = stop_signals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void end_anyway_after(std::chrono::seconds patience) {
  std::signal(SIGALRM, [](int) { _exit(0); });
  alarm(static_cast<unsigned>(patience.count()));
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

std::size_t descriptor_limit() {
  rlimit limit{};
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? static_cast<std::size_t>(limit.rlim_cur) : 256;
}

}  // namespace mutirao::app
