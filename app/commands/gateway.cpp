#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <ostream>

#include "app/clock.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/common.hpp"
#include "app/commands/gateway_options.hpp"
#include "app/commands/serve_options.hpp"
#include "app/service_runtime.hpp"
#include "app/signals.hpp"
#include "app/telemetry.hpp"
#include "app/version.hpp"

namespace mutirao::app {
namespace {

constexpr std::chrono::seconds patience_to_stop{5};

// What a peer could make BASP allocate ends this process, not the machine.
void limit_memory(std::int64_t mebibytes) {
#ifndef __SANITIZE_ADDRESS__  // whose shadow alone is beyond any limit
  if (mebibytes == 0) return;
  const auto bytes = static_cast<rlim_t>(mebibytes) << 20U;
  const rlimit limit{bytes, bytes};
  ::setrlimit(RLIMIT_DATA, &limit);
#else
  (void)mebibytes;
#endif
}

// Dies with who started it, where that is said; false where that one is gone already.
bool follow_parent(const option_reader& given) {
  const auto said = given.variable(gateway_parent_variable);
  if (!said) return true;
  pid_t parent = 0;
  std::from_chars(said->data(), said->data() + said->size(), parent);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  return ::getppid() == parent;
}

gateway::log_line log_to(service_telemetry& log) {
  return [&log](std::string_view event,
                const std::vector<std::pair<std::string, std::string>>& pairs) {
    std::vector<log_field> fields;
    for (const auto& [key, value] : pairs) fields.push_back({key, value});
    log.log_span(log_level::info, event, fields);
  };
}

int run_until_stopped(gateway::gateway_options options, const console& terminal) {
  block_stop_signals();
  raise_descriptor_limit();
  const auto time = system_clock_in("UTC");
  if (!time) return report_failure(terminal, "gateway", time.error());
  service_telemetry log(log_level::info, **time);
  options.log = log_to(log);
  options.server = version();
  const auto host = options.host;
  auto running = gateway::running_gateway::start(std::move(options));
  if (!running) return report_failure(terminal, "gateway", {errc::internal, running.error()});
  const auto address = url_of(host, (*running)->port());
  terminal.out << "listening on caf" << address.substr(address.find(':')) << std::endl;
  while (!wait_for_stop_signal(std::chrono::seconds(1))) {
    if ((*running)->tick()) continue;
    terminal.err << "mutirao gateway: nobody is served any more; ends, to be started anew\n";
    terminal.err.flush();
    ::_exit(exit_failed);
  }
  // A peer can hold up an actor of ours, and with it the end of all.
  end_anyway_after(patience_to_stop);
  running->reset();
  return exit_done;
}

int run_gateway(option_reader& given, const console& terminal) {
  auto options = read_gateway_options(given);
  const auto memory = given.integer("memory-limit", 0, 1 << 20);
  if (!given.problems().empty()) return exit_wrong_use;
  if (options.tls) {
    const auto files = gateway::tls_files::load(*options.tls);
    if (!files) return report_wrong_use(terminal, "gateway", {errc::invalid_field, files.error()});
  }
  if (!follow_parent(given)) return exit_failed;
  limit_memory(memory);
  return run_until_stopped(std::move(options), terminal);
}

}  // namespace

command_spec gateway_command() {
  return {"gateway",
          "lets other CAF nodes in, as clients of a running service",
          "mutirao gateway --listen 0.0.0.0:5001 --url http://127.0.0.1:5000 "
          "--certificate certs/gateway.pem --key certs/gateway.key --ca certs/ca.pem",
          gateway_option_table(),
          {},
          run_gateway};
}

}  // namespace mutirao::app
