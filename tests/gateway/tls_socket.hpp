// A peer that has a certificate and speaks whatever a test likes.
#pragma once

#include <openssl/ssl.h>

#include <stdexcept>
#include <string>

#include "tests/gateway/fixture.hpp"

namespace mutirao::gateway {

class tls_socket {
 public:
  tls_socket(std::uint16_t port, const client::node_options& files) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    SSL_CTX_use_certificate_chain_file(context_, files.certificate.c_str());
    SSL_CTX_use_PrivateKey_file(context_, files.key.c_str(), SSL_FILETYPE_PEM);
    stream_ = SSL_new(context_);
    SSL_set_fd(stream_, socket_);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0 ||
        SSL_connect(stream_) != 1) {
      throw std::runtime_error("no TLS connection");
    }
  }
  ~tls_socket() {
    SSL_free(stream_);
    SSL_CTX_free(context_);
    ::close(socket_);
  }
  tls_socket(const tls_socket&) = delete;
  tls_socket& operator=(const tls_socket&) = delete;

  void send(const std::string& bytes) {
    SSL_write(stream_, bytes.data(), static_cast<int>(bytes.size()));
  }
  /// Reads until the other side ends the connection; false: it did not in time.
  bool wait_for_end(milliseconds limit = patience) {
    const auto end = std::chrono::steady_clock::now() + limit;
    char buffer[4096];
    while (std::chrono::steady_clock::now() < end) {
      pollfd wanted{socket_, POLLIN, 0};
      if (::poll(&wanted, 1, 10) > 0 && SSL_read(stream_, buffer, sizeof buffer) <= 0) return true;
    }
    return false;
  }

 private:
  SSL_CTX* context_ = SSL_CTX_new(TLS_client_method());
  SSL* stream_ = nullptr;
  int socket_ = -1;
};

}  // namespace mutirao::gateway
