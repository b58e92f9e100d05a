// Debian's nginx before a service, with the site of docs/nginx.conf as it stands there but for the
// addresses and the folder.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "http/edge/owned_fd.hpp"
#include "tests/support/background_process.hpp"
#include "tests/support/places.hpp"

namespace mutirao::e2e {

class nginx {
 public:
  /// Keeps its files in `folder`, and serves what is in it.
  nginx(const std::filesystem::path& folder, std::uint16_t service)
      : process_(setup_of(folder, service)) {
    listening_ = http::owned_fd();
  }

  std::uint16_t port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::string errors() const { return process_.output(); }

 private:
  testing::background_process::setup setup_of(const std::filesystem::path& folder,
                                              std::uint16_t service) {
    listen();
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "site.conf") << site(folder, service);
    std::ofstream(folder / "nginx.conf") << around(folder);
    // nginx takes over sockets that listen already: how it replaces itself, and how a port is had
    // that nobody else can take meanwhile.
    return {{"nginx", "-c", (folder / "nginx.conf").string()},
            folder / "nginx.out",
            {{"NGINX", "3;"}, {"PATH", "/usr/sbin:/usr/bin:/sbin:/bin"}},
            listening_.get()};
  }

  void listen() {
    listening_ = http::owned_fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    if (::bind(listening_.get(), reinterpret_cast<sockaddr*>(&at), size) != 0 ||
        ::listen(listening_.get(), 128) != 0 ||
        ::getsockname(listening_.get(), reinterpret_cast<sockaddr*>(&at), &size) != 0) {
      throw std::runtime_error("cannot listen");
    }
    port_ = ntohs(at.sin_port);
  }

  std::string site(const std::filesystem::path& folder, std::uint16_t service) const {
    std::ifstream file(testing::in_source("docs/nginx.conf"));
    std::string text(std::istreambuf_iterator<char>(file), {});
    put(text, "server 127.0.0.1:5000;", "server 127.0.0.1:" + std::to_string(service) + ";");
    put(text, "listen 80;", "listen 127.0.0.1:" + std::to_string(port_) + ";");
    put(text, "root /var/www/html;", "root " + folder.string() + ";");
    return text;
  }
  static void put(std::string& text, const std::string& what, const std::string& instead) {
    const auto at = text.find(what);
    if (at == std::string::npos) throw std::runtime_error("docs/nginx.conf lacks " + what);
    text.replace(at, what.size(), instead);
  }

  // What Debian's own nginx.conf has around a site, as far as it matters; in the foreground, and in
  // folders of the test's own, which nobody else may read.
  static std::string around(const std::filesystem::path& folder) {
    std::string text = "daemon off; user root; error_log stderr; pid " +
                       (folder / "nginx.pid").string() +
                       ";\nevents {}\nhttp {\n  access_log off;\n";
    for (const std::string what : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
      text += "  " + what + "_temp_path " + (folder / what).string() + ";\n";
    }
    return text + "  default_type text/html;\n  include " + (folder / "site.conf").string() +
           ";\n}\n";
  }

  http::owned_fd listening_;
  std::uint16_t port_ = 0;
  testing::background_process process_;  // made last: what it needs stands above
};

}  // namespace mutirao::e2e
