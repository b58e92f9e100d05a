// One request with all that answering it takes: what was asked, who asks, and the right to answer.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "domain/caller.hpp"
#include "domain/error.hpp"
#include "http/context.hpp"
#include "http/edge/reply.hpp"
#include "http/edge/request.hpp"
#include "http/query.hpp"

namespace mutirao::http {

struct exchange {
  std::shared_ptr<const context> site;
  request what;
  reply out;
  std::vector<std::string> values;  // of the route's :parameters, in order
  query asked;
  std::shared_ptr<const caller> who;  // nothing on open routes
  std::optional<instant> until;       // when the caller's token expires

  /// Sends `answer`, readable for the page that asked if its origin is allowed.
  void send(response answer) const;
  /// The stream of an answer that is written bit by bit.
  stream begin_stream(response head) const;
  /// What is answered for `why`.
  response problem(const error& why) const;
  /// Sends it. What went wrong inside is logged with its detail, not sent.
  void refuse(const error& why) const;
};

using exchange_ptr = std::shared_ptr<const exchange>;

/// 200 (or another status) with a JSON body.
response json_answer(std::string body, int status = 200);

}  // namespace mutirao::http
