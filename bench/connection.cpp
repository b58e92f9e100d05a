#include "bench/connection.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "bench/failure.hpp"

namespace mutirao::bench {

std::string request_text(std::string_view method, std::string_view target, std::string_view token) {
  std::string text(method);
  text.append(" ").append(target).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ");
  text.append(token).append("\r\n");
  if (method == "POST") text.append("Content-Length: 0\r\n");
  return text.append("\r\n");
}

int connect_to(std::uint16_t port) {
  const int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (made < 0 || connect(made, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) {
    give_up(std::string("cannot connect: ") + std::strerror(errno));
  }
  const int on = 1;
  setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return made;
}

connection::~connection() {
  if (socket_ >= 0) close(socket_);
}

response connection::ask(std::string_view request) {
  while (!request.empty()) {
    const auto sent = send(socket_, request.data(), request.size(), MSG_NOSIGNAL);
    if (sent <= 0) give_up(std::string("cannot send: ") + std::strerror(errno));
    request.remove_prefix(static_cast<std::size_t>(sent));
  }
  response answer;
  while (!reader_.next(answer)) {
    constexpr std::size_t room = 16'384;
    const auto got = recv(socket_, reader_.space(room), room, 0);
    if (got <= 0) give_up("the service closed the connection");
    reader_.received(static_cast<std::size_t>(got));
  }
  return answer;
}

std::string post_text(std::int64_t unit, int future_years, std::string_view token) {
  auto target = "/api/empresas/unidade/" + std::to_string(unit) + "/auto-tarefas";
  if (future_years > 0) target += "?futureYears=" + std::to_string(future_years);
  return request_text("POST", target, token);
}

std::string status_text(std::string_view job, std::string_view token) {
  return request_text("GET", "/api/empresas/jobs/" + std::string(job), token);
}

std::string priority_text(const std::string& job, const std::string& token, int priority) {
  const auto body = "{\"priority\":" + std::to_string(priority) + "}";
  return "PUT /api/empresas/jobs/" + job +
         "/priority HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token +
         "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

std::string job_in(std::string_view body) {
  constexpr std::string_view name = R"("jobId":")";
  constexpr std::size_t uuid = 36;
  const auto at = body.find(name);
  require(at != std::string_view::npos && body.size() >= at + name.size() + uuid,
          "no job in: " + std::string(body));
  return std::string(body.substr(at + name.size(), uuid));
}

std::string job_client::post(std::int64_t unit, int future_years) {
  const auto answer = on_.ask(post_text(unit, future_years, token_));
  require(answer.status == 202,
          "POST was answered " + std::to_string(answer.status) + ": " + std::string(answer.body));
  return job_in(answer.body);
}

bool job_client::completed(std::string_view job) {
  const auto answer = on_.ask(status_text(job, token_));
  require(
      answer.status == 200 && answer.body.find(R"("status":"failed")") == std::string_view::npos,
      "GET was answered " + std::to_string(answer.status) + ": " + std::string(answer.body));
  return answer.body.find(R"("status":"completed")") != std::string_view::npos;
}

void job_client::wait(std::string_view job, int pause_microseconds) {
  while (!completed(job)) {
    if (pause_microseconds > 0) usleep(static_cast<useconds_t>(pause_microseconds));
  }
}

}  // namespace mutirao::bench
