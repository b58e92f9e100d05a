#include "app/password_input.hpp"

#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <optional>

#include "domain/ports/passwords.hpp"

namespace mutirao::app {
namespace {

constexpr std::array stopping{SIGINT, SIGTERM, SIGHUP, SIGQUIT};
volatile sig_atomic_t stopped_by = 0;

// A terminal without echo, and signals that only interrupt what is read, so that the echo comes
// back whatever happens.
class silent_terminal {
 public:
  silent_terminal() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    stopped_by = 0;
    struct sigaction interrupt {};
    interrupt.sa_handler = [](int signal) { stopped_by = signal; };
    for (std::size_t i = 0; i < stopping.size(); ++i) {
      ::sigaction(stopping[i], &interrupt, &handlers_[i]);
    }
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    silent.c_lflag |= ECHONL;
    set_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
  }
  ~silent_terminal() {
    if (set_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    for (std::size_t i = 0; i < stopping.size(); ++i) {
      ::sigaction(stopping[i], &handlers_[i], nullptr);
    }
    if (stopped_by != 0) ::raise(stopped_by);
  }
  silent_terminal(const silent_terminal&) = delete;
  silent_terminal& operator=(const silent_terminal&) = delete;

  /// Nothing where it was interrupted or ended.
  std::optional<std::string> read_line() {
    std::string line;
    char c = 0;
    while (stopped_by == 0 && ::read(STDIN_FILENO, &c, 1) == 1) {
      if (c == '\n') return line;
      line += c;
    }
    return std::nullopt;
  }

 private:
  termios before_{};
  std::array<struct sigaction, stopping.size()> handlers_{};
  bool set_ = false;
};

expected<std::string> ask_twice(std::ostream& prompts) {
  silent_terminal terminal;
  prompts << "Password: " << std::flush;
  const auto first = terminal.read_line();
  if (!first) return fail(errc::invalid_field, "no password was given");
  prompts << "Again: " << std::flush;
  const auto second = terminal.read_line();
  if (!second) return fail(errc::invalid_field, "no password was given");
  if (*first != *second) return fail(errc::invalid_field, "the two passwords differ");
  return *first;
}

expected<std::string> first_line(std::istream& in) {
  std::string line;
  if (!std::getline(in, line)) {
    return fail(errc::invalid_field,
                "no password: it is the first line of the standard input, e.g. "
                "mutirao users ... < password.txt");
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

std::int64_t characters_in(const std::string& text) {
  return std::count_if(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

}  // namespace

expected<std::string> read_new_password(const console& terminal) {
  const bool asks = &terminal.in == &std::cin && ::isatty(STDIN_FILENO) != 0;
  auto given = asks ? ask_twice(terminal.err) : first_line(terminal.in);
  if (!given) return given;
  if (characters_in(*given) < static_cast<std::int64_t>(least_password_characters) ||
      given->size() > most_password_bytes) {
    return fail(errc::invalid_field,
                "a password has at least " + std::to_string(least_password_characters) +
                    " characters, and at most " + std::to_string(most_password_bytes) + " bytes");
  }
  return given;
}

}  // namespace mutirao::app
