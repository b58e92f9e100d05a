// One request and the answer that it is owed: what a reply holds. Answers 503 if it goes
// unanswered.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "domain/error.hpp"
#include "http/edge/output.hpp"
#include "http/edge/reply.hpp"
#include "http/edge/request.hpp"

namespace mutirao::http {

class outlet;

/// What the answer depends on.
struct asked {
  http::method method = http::method::other;
  bool http10 = false;
  bool keep_alive = false;
  std::string path;      // empty where it could not be read
  std::string language;  // Accept-Language
  std::string origin;
  steady_time at;
};

class owed_answer final : public answer_sink, public std::enable_shared_from_this<owed_answer> {
 public:
  owed_answer(std::shared_ptr<outlet> client, std::uint64_t slot, asked about)
      : client_(std::move(client)), slot_(slot), about_(std::move(about)) {}
  ~owed_answer() override;

  bool send(response answer) override;
  stream begin_stream(response head) override;
  bool client_gone() const override;
  void set_route(std::string_view pattern) override { route_ = pattern; }

  /// Answers with the edge's own error, if nobody answered yet.
  bool fail(errc code);

 private:
  void observe(int status) const;

  std::shared_ptr<outlet> client_;
  std::uint64_t slot_;
  asked about_;
  std::string_view route_;
  std::atomic<bool> settled_{false};  // answered, or nobody is left to answer
};

}  // namespace mutirao::http
