// Debian's PgBouncer before a test's server: it deals sessions out transaction by transaction.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/background_process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace mutirao::testing {

class pooler {
 public:
  /// `server`: the folder of the server's socket.
  explicit pooler(const std::string& server) : process_(setup_of(server)) {}

  /// The URL of the server's database `name`, by way of this.
  std::string url(const std::string& name) const {
    return "postgres://mutirao@/" + name + "?host=" + folder_.path().string() + "&port=6432";
  }
  bool listens() const { return std::filesystem::exists(folder_ / ".s.PGSQL.6432"); }
  /// Its console; anybody may give it orders.
  std::string console() const { return url("pgbouncer"); }
  void send(int signal) { process_.send(signal); }
  std::string output() const { return process_.output(); }

 private:
  background_process::setup setup_of(const std::string& server) {
    std::filesystem::permissions(folder_.path(), std::filesystem::perms::all);
    std::ofstream(folder_ / "pooler.ini")
        << "[databases]\n* = user=mutirao host=" << server << "\n[pgbouncer]\nlisten_addr =\n"
        << "listen_port = 6432\nunix_socket_dir = " << folder_.path().string()
        << "\nauth_type = any\nadmin_users = mutirao\npool_mode = transaction\ndefault_pool_size = "
           "6\n";
    std::vector<std::string> words{"pgbouncer", (folder_ / "pooler.ini").string()};
    // It refuses to run as root.
    if (getuid() == 0) {
      words.insert(words.begin(),
                   {"setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"});
    }
    return {words, folder_ / "pooler.out", {{"PATH", "/usr/sbin:/usr/bin:/sbin:/bin"}}};
  }

  temporary_folder folder_;
  background_process process_;  // made last: what it needs stands above
};

}  // namespace mutirao::testing
