#include "app/gateway_child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <string_view>

#include "app/commands/gateway_options.hpp"

namespace mutirao::app {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view front = "listening on ";

// Ours without MUTIRAO_*: the secret is not for who speaks to peers.
std::vector<std::string> environment_of_child() {
  std::vector<std::string> all;
  for (char** each = environ; *each != nullptr; ++each) {
    if (!std::string_view(*each).starts_with("MUTIRAO_")) all.emplace_back(*each);
  }
  all.push_back(std::string(gateway_parent_variable) + "=" + std::to_string(::getpid()));
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> all;
  for (auto& word : words) all.push_back(word.data());
  all.push_back(nullptr);
  return all;
}

// No descriptor of ours but the standard ones, no signal blocked.
pid_t spawn_program(std::vector<std::string> words, int output) {
  auto variables = environment_of_child();
  const auto arguments = pointers(words);
  const auto environment = pointers(variables);
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&files);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (output >= 0) {
    posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  } else {
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  }
  posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
  sigset_t none;
  sigset_t ours;
  sigemptyset(&none);
  sigemptyset(&ours);
  sigaddset(&ours, SIGPIPE);
  sigaddset(&ours, SIGXFSZ);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &ours);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  pid_t child = -1;
  const int failure = ::posix_spawn(&child, "/proc/self/exe", &files, &attributes, arguments.data(),
                                    environment.data());
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  return failure == 0 ? child : -1;
}

// The first line, without its end; empty where none came in time.
std::string first_line(int from, milliseconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  std::string text;
  while (text.find('\n') == std::string::npos) {
    const auto left =
        std::chrono::duration_cast<milliseconds>(end - std::chrono::steady_clock::now());
    pollfd wanted{from, POLLIN, 0};
    char buffer[256];
    if (left.count() <= 0 || ::poll(&wanted, 1, static_cast<int>(left.count())) <= 0) return {};
    const auto got = ::read(from, buffer, sizeof buffer);
    if (got <= 0) return {};
    text.append(buffer, static_cast<std::size_t>(got));
  }
  return text.substr(0, text.find('\n'));
}

}  // namespace

gateway_child::~gateway_child() {
  finish(milliseconds(0));
}

bool gateway_child::spawn(int output) {
  std::vector<std::string> words{"mutirao", "gateway", "--listen", options_.listen, "--url", url_};
  words.insert(words.end(), options_.arguments.begin(), options_.arguments.end());
  child_ = spawn_program(std::move(words), output);
  started_ = steady_clock::now();
  due_.reset();
  if (child_ < 0) return false;
  descriptor_ = static_cast<int>(::syscall(SYS_pidfd_open, child_, 0));
  return true;
}

expected<std::string> gateway_child::start(const std::string& url) {
  url_ = url;
  int line[2];
  if (::pipe2(line, O_CLOEXEC) != 0) return fail(errc::internal, "no pipe for the gateway");
  const bool spawned = spawn(line[1]);
  ::close(line[1]);
  const auto said = spawned ? first_line(line[0], options_.patience) : std::string();
  ::close(line[0]);
  if (said.starts_with(front)) {
    const auto address = said.substr(front.size());
    // A port that was chosen stays.
    options_.listen = address.substr(address.find("://") + 3);
    return address;
  }
  const auto status = ended(milliseconds(1'000));
  finish(milliseconds(0));
  const bool wrong_use = status && WIFEXITED(*status) && WEXITSTATUS(*status) == 2;
  return fail(wrong_use ? errc::invalid_field : errc::internal, "the gateway did not start");
}

std::optional<int> gateway_child::ended(milliseconds limit) {
  if (child_ <= 0) return std::nullopt;
  pollfd wanted{descriptor_, POLLIN, 0};
  if (descriptor_ >= 0) ::poll(&wanted, 1, static_cast<int>(limit.count()));
  int status = 0;
  if (::waitpid(child_, &status, WNOHANG) != child_) return std::nullopt;
  if (descriptor_ >= 0) ::close(descriptor_);
  child_ = descriptor_ = -1;
  return status;
}

void gateway_child::look() {
  if (const auto status = ended(milliseconds(0))) note_end(*status);
  if (stopping_ || !due_ || steady_clock::now() < *due_) return;
  ++restarts_;
  if (spawn(-1)) {
    log_.log(log_level::info, "gateway_restarted", {{"process", std::int64_t{child_}}});
  } else {
    note_end(0);
  }
}

void gateway_child::note_end(int status) {
  const auto now = steady_clock::now();
  if (now - started_ >= options_.steady) pause_ = options_.first_pause;
  log_.log(log_level::warning, "gateway_ended",
           {{"code", std::int64_t{WIFEXITED(status) ? WEXITSTATUS(status) : -1}},
            {"signal", std::int64_t{WIFSIGNALED(status) ? WTERMSIG(status) : 0}},
            {"restart_ms", std::int64_t{pause_.count()}}});
  due_ = now + pause_;
  pause_ = std::min(2 * pause_, options_.longest_pause);
}

milliseconds gateway_child::until_next_look() const {
  if (!due_) return milliseconds(1'000);
  const auto left = std::chrono::ceil<milliseconds>(*due_ - steady_clock::now());
  return std::clamp(left, milliseconds(0), milliseconds(1'000));
}

void gateway_child::ask_to_stop() {
  stopping_ = true;
  if (child_ > 0) ::kill(child_, SIGTERM);
}

void gateway_child::finish(milliseconds limit) {
  stopping_ = true;
  if (child_ <= 0 || ended(limit)) return;
  ::kill(child_, SIGKILL);
  ended(milliseconds(10'000));
}

}  // namespace mutirao::app
