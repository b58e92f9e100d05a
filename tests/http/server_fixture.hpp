// The whole HTTP side on fake actors, with real sockets.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "http/server.hpp"
#include "tests/http/site_fixture.hpp"
#include "tests/support/socket_client.hpp"

namespace mutirao::http {

class server_test : public site_test {
 protected:
  void TearDown() override {
    if (running) running->stop();
    running.reset();
    site_test::TearDown();
  }
  void start(const edge_limits& limits = {}) {
    auto started = server::start(system, build(), {}, 2, limits);
    ASSERT_TRUE(started) << started.error().detail;
    running = *std::move(started);
  }
  /// On a connection of its own.
  std::optional<tests::received_answer> exchange(const std::string& head,
                                                 const std::string& body = {}) {
    tests::socket_client client(running->port());
    client.send(head + " HTTP/1.1\r\nHost: a\r\nAuthorization: " + member +
                "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    return client.read_answer(head.starts_with("HEAD"));
  }

  std::unique_ptr<server> running;
};

}  // namespace mutirao::http
