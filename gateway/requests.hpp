// What a peer asks for as a request of the HTTP API, and the answer as what the peer is told. Pure.
#pragma once

#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "mutirao/protocol.hpp"
#include "rest/transfers.hpp"

namespace mutirao::gateway {

namespace v1 = protocol::v1;

template <class T>
using checked = tl::expected<T, protocol::failure>;

/// Without who asks. errc::invalid_argument where the service could not even be asked: what stands
/// in a line of HTTP is checked here, everything else by the service.
checked<rest::request> to_request(const v1::submit_unit& what);
checked<rest::request> to_request(const v1::submit_job& what);
checked<rest::request> to_request(const v1::get_job& what);
checked<rest::request> to_request(const v1::list_jobs& what);
checked<rest::request> to_request(const v1::cancel_job& what);
checked<rest::request> to_request(const v1::subscribe_job& what);
checked<rest::request> to_request(const v1::subscribe_user& what);

/// Answered 200 to whoever has a token: asked at the hello.
rest::request probe();

/// The header Authorization. errc::unauthorized where it is no token at all.
checked<std::pair<std::string, std::string>> authorization(const std::string& token);

checked<v1::accepted> read_accepted(const rest::answer& from);
checked<v1::job> read_job(const rest::answer& from);
checked<v1::job_page> read_page(const rest::answer& from);
/// Of an answer that is no success.
protocol::failure read_failure(const rest::answer& from);

/// The data of an event; nothing where it is no job, no notification.
std::optional<v1::job> job_of(const std::string& data);
std::optional<v1::notification> notification_of(const std::string& data);

}  // namespace mutirao::gateway
