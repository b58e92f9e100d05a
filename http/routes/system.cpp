#include "http/routes/system.hpp"

#include <string_view>

#include "http/json/writer.hpp"

namespace mutirao::http::routes {
namespace {

response state(std::string_view word, int status) {
  json::writer out;
  out.begin_object().field("status", word).end_object();
  return json_answer(out.take(), status);
}

}  // namespace

void alive(const exchange_ptr& at) {
  at->send(state("live", 200));
}

void ready(const exchange_ptr& at) {
  const auto& is_ready = at->site->given.ready;
  if (!is_ready || is_ready()) return at->send(state("ready", 200));
  auto answer = state("not ready", 503);
  answer.headers.emplace_back("Retry-After", "1");
  at->send(std::move(answer));
}

void version(const exchange_ptr& at) {
  const auto& build = at->site->given.build;
  json::writer out;
  out.begin_object()
      .field("name", build.name)
      .field("version", build.version)
      .field("commit", build.commit)
      .end_object();
  at->send(json_answer(out.take()));
}

void metrics(const exchange_ptr& at) {
  const auto& text = at->site->given.metrics_text;
  at->send({200, "text/plain; version=0.0.4; charset=utf-8", {}, text ? text() : std::string()});
}

}  // namespace mutirao::http::routes
