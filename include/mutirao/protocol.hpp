// What another CAF node and the gateway say to each other: every message, every actor, every error.
//
// A PUBLISHED MESSAGE NEVER CHANGES. CAF compares the names of messages and not their fields: a
// field that the reader does not know is lost without a word, and a message that lacks one arrives
// empty. So a new field is a new message, with a new name and a handler of its own beside the old
// one; where that does not do, it is a new version: namespace v2 with a hello and a session of its
// own, served beside v1 at the same port. tests/gateway/wire_test.cpp holds the bytes of each
// message of v1; it may grow, and never change. See docs/gateway.md.
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/atom.hpp>
#include <caf/error.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mutirao::protocol {

/// Why a request was refused, in a caf::error of the category "mutirao" whose context is one text
/// for people and the seconds after which asking again makes sense (0: nobody knows). Codes are
/// added, never given another meaning.
enum class errc : std::uint8_t {
  invalid_argument = 1,  // the text says which
  wrong_version,         // the gateway does not speak it
  unauthorized,          // no token, a bad one, an expired one
  forbidden,
  not_found,          // or not the caller's to see
  conflict,           // does not go together with the state that the job is in
  key_reused,         // the idempotency key stands for another request
  busy,               // a limit of the service or of the gateway: later
  unavailable,        // the service did not answer the gateway
  deadline,           // nobody answered in time; whether it happened is not known
  too_many_sessions,  // or subscriptions
  link_lost,          // the session has ended, with what was asked in it
  internal,
};

/// The name of `code` as it stands above; "unknown" for one that is newer than this header.
std::string_view to_string(errc code);

inline constexpr caf::atom_value error_category = caf::atom("mutirao");

caf::error make_error(errc code, std::string text = {}, std::uint32_t retry_after_s = 0);

/// What `make_error` put in. errc::internal, or deadline and link_lost, for errors of CAF itself.
struct failure {
  errc code = errc::internal;
  std::string text;
  std::uint32_t retry_after_s = 0;
};
failure read_error(const caf::error& of);

/// Beats of a link, in both directions, and the silence after which it counts as lost. Both nodes
/// must have both: a node without beats is cut off by one that waits for them.
inline constexpr std::uint32_t usual_heartbeat_ms = 2'000;
inline constexpr std::uint32_t usual_silence_ms = 10'000;

}  // namespace mutirao::protocol

namespace mutirao::protocol::v1 {

inline constexpr std::uint32_t major = 1;
/// What `middleman.app-identifiers` must hold: nodes that have none in common part at once.
inline constexpr std::string_view app_identifier = "mutirao.gateway.1";

// -- Values. Instants are texts, ISO 8601 in UTC; a text that is not known is empty.

/// A job, as GET /api/empresas/jobs/:id describes it.
struct job {
  std::string id;      // UUID
  std::string type;    // e.g. generate-auto-tasks-unit
  std::string status;  // pending, running, completed, failed
  std::string state;   // the finer word: also paused, cancelling, cancelled
  std::int64_t current = 0;
  std::int64_t total = 0;
  std::int64_t percentage = 0;
  std::int64_t created = 0;  // so far
  std::int64_t failed_items = 0;
  std::int64_t run = 1;
  std::int64_t user = 0;
  std::string error;
  std::string created_at;
  std::string started_at;
  std::string completed_at;
};

/// A notification, as GET /api/notificacoes lists it.
struct notification {
  std::int64_t id = 0;
  std::int64_t user = 0;
  std::string type;
  std::string entity;
  std::string entity_id;
  std::string message;
  std::string metadata;  // JSON
  std::string created_at;
  std::string read_at;
};

// -- What a listener is told.

/// `serial` counts the events of a subscription, from 1. `number` is where to resume behind this
/// event (subscribe_user::after); empty where it is not stored. `name` is snapshot, progress,
/// completed, failed, or, of a user's subscription, job.
struct job_event {
  std::uint64_t subscription = 0;
  std::uint64_t serial = 0;
  std::string number;
  std::string name;
  job what;
};
struct notification_event {
  std::uint64_t subscription = 0;
  std::uint64_t serial = 0;
  std::string number;
  notification what;
};
/// The last of a subscription: its job has ended (`code` 0), or why it broke off (an errc).
struct subscription_ended {
  std::uint64_t subscription = 0;
  std::uint8_t code = 0;
  std::string text;
};

/// Given to the gateway in the hello. The session ends with it.
using listener_actor =
    caf::typed_actor<caf::reacts_to<job_event>, caf::reacts_to<notification_event>,
                     caf::reacts_to<subscription_ended>>;

// -- Requests of a session.

/// Generates the tasks of a unit's companies. The same `key` (1 to 255 printable characters) with
/// the same request answers the same job for 24 h: ask again after a lost link.
struct submit_unit {
  std::string key;
  std::int64_t unit = 0;
  std::int32_t future_years = 0;  // 0 to 5
  std::string callback_url;       // empty: none
};
/// Starts a job of any type. A value that is JSON (5, true, ["a"]) goes as that, another as text.
struct submit_job {
  std::string key;
  std::string type;
  std::map<std::string, std::string> arguments;
  std::string callback_url;
};
/// The job is durable.
struct accepted {
  std::string job_id;
  std::int64_t total = 0;  // items
};

struct get_job {
  std::string id;
};
/// The caller's own, newest first.
struct list_jobs {
  std::vector<std::string> states;  // of job::state; none: all
  std::string type;                 // empty: all
  std::int32_t limit = 50;          // 1 to 500
  std::string cursor;               // of the page before
};
struct job_page {
  std::vector<job> jobs;
  std::string next_cursor;  // empty: the last page
};
struct cancel_job {
  std::string id;
};

/// Events of one job: a snapshot, progress (of several that wait the newest alone), the end.
/// `window` (1 to 256): so many events may be unacknowledged, then the gateway holds back.
struct subscribe_job {
  std::string id;
  std::uint32_t window = 32;
};
/// The caller's jobs and notifications, from behind `after` on, or from now on where it is empty.
/// None is left out: what a full window holds back comes later, from the service's own record.
struct subscribe_user {
  std::string after;
  std::uint32_t window = 32;
};
/// Sent before the first event. `number`: where the subscription begins.
struct subscribed {
  std::uint64_t subscription = 0;
  std::string number;
};
/// Gives credit back: everything up to `serial` has been dealt with.
struct acknowledge {
  std::uint64_t subscription = 0;
  std::uint64_t serial = 0;
};
struct unsubscribe {
  std::uint64_t subscription = 0;
};

/// What a peer has once it has said hello. Every request is answered, or refused by a `failure`.
using session_actor = caf::typed_actor<
    caf::replies_to<submit_unit>::with<accepted>, caf::replies_to<submit_job>::with<accepted>,
    caf::replies_to<get_job>::with<job>, caf::replies_to<list_jobs>::with<job_page>,
    caf::replies_to<cancel_job>::with<job>, caf::replies_to<subscribe_job>::with<subscribed>,
    caf::replies_to<subscribe_user>::with<subscribed>, caf::reacts_to<acknowledge>,
    caf::reacts_to<unsubscribe>>;

// -- The door: the one actor that is published.

struct hello {
  std::uint32_t major_version = major;
  std::string client;  // a name for the log, at most 100 printable characters
  std::string token;   // a JWT, as the HTTP API takes it: the session has its rights
  listener_actor listener;
};
struct welcome {
  session_actor session;
  std::string server;  // its version, for the log
};

using door_actor = caf::typed_actor<caf::replies_to<hello>::with<welcome>>;

// -- For CAF.

template <class Inspector>
auto inspect(Inspector& f, job& x) {
  return f(caf::meta::type_name("job"), x.id, x.type, x.status, x.state, x.current, x.total,
           x.percentage, x.created, x.failed_items, x.run, x.user, x.error, x.created_at,
           x.started_at, x.completed_at);
}
template <class Inspector>
auto inspect(Inspector& f, notification& x) {
  return f(caf::meta::type_name("notification"), x.id, x.user, x.type, x.entity, x.entity_id,
           x.message, x.metadata, x.created_at, x.read_at);
}
template <class Inspector>
auto inspect(Inspector& f, job_event& x) {
  return f(caf::meta::type_name("job_event"), x.subscription, x.serial, x.number, x.name, x.what);
}
template <class Inspector>
auto inspect(Inspector& f, notification_event& x) {
  return f(caf::meta::type_name("notification_event"), x.subscription, x.serial, x.number, x.what);
}
template <class Inspector>
auto inspect(Inspector& f, subscription_ended& x) {
  return f(caf::meta::type_name("subscription_ended"), x.subscription, x.code, x.text);
}
template <class Inspector>
auto inspect(Inspector& f, submit_unit& x) {
  return f(caf::meta::type_name("submit_unit"), x.key, x.unit, x.future_years, x.callback_url);
}
template <class Inspector>
auto inspect(Inspector& f, submit_job& x) {
  return f(caf::meta::type_name("submit_job"), x.key, x.type, x.arguments, x.callback_url);
}
template <class Inspector>
auto inspect(Inspector& f, accepted& x) {
  return f(caf::meta::type_name("accepted"), x.job_id, x.total);
}
template <class Inspector>
auto inspect(Inspector& f, get_job& x) {
  return f(caf::meta::type_name("get_job"), x.id);
}
template <class Inspector>
auto inspect(Inspector& f, list_jobs& x) {
  return f(caf::meta::type_name("list_jobs"), x.states, x.type, x.limit, x.cursor);
}
template <class Inspector>
auto inspect(Inspector& f, job_page& x) {
  return f(caf::meta::type_name("job_page"), x.jobs, x.next_cursor);
}
template <class Inspector>
auto inspect(Inspector& f, cancel_job& x) {
  return f(caf::meta::type_name("cancel_job"), x.id);
}
template <class Inspector>
auto inspect(Inspector& f, subscribe_job& x) {
  return f(caf::meta::type_name("subscribe_job"), x.id, x.window);
}
template <class Inspector>
auto inspect(Inspector& f, subscribe_user& x) {
  return f(caf::meta::type_name("subscribe_user"), x.after, x.window);
}
template <class Inspector>
auto inspect(Inspector& f, subscribed& x) {
  return f(caf::meta::type_name("subscribed"), x.subscription, x.number);
}
template <class Inspector>
auto inspect(Inspector& f, acknowledge& x) {
  return f(caf::meta::type_name("acknowledge"), x.subscription, x.serial);
}
template <class Inspector>
auto inspect(Inspector& f, unsubscribe& x) {
  return f(caf::meta::type_name("unsubscribe"), x.subscription);
}
template <class Inspector>
auto inspect(Inspector& f, hello& x) {
  return f(caf::meta::type_name("hello"), x.major_version, x.client, x.token, x.listener);
}
template <class Inspector>
auto inspect(Inspector& f, welcome& x) {
  return f(caf::meta::type_name("welcome"), x.session, x.server);
}

}  // namespace mutirao::protocol::v1

// The numbers are for the compiler alone: on the wire stand the names, and with them the version.
// A program that has messages of its own numbers them elsewhere.
CAF_BEGIN_TYPE_ID_BLOCK(mutirao_v1, 20'000)
CAF_ADD_TYPE_ID(mutirao_v1, (mutirao::protocol::v1::job))
CAF_ADD_TYPE_ID(mutirao_v1, (mutirao::protocol::v1::notification))
CAF_ADD_TYPE_ID(mutirao_v1, (mutirao::protocol::v1::job_event))
CAF_ADD_TYPE_ID(mutirao_v1, (mutirao::protocol::v1::notification_event))
CAF_ADD_TYPE_ID(mutirao_v1, (mutirao::protocol::v1::subscription_ended))
CAF_ADD_TYPE_ID(mutirao_v1, (mutirao::protocol::v1::listener_actor))
CAF_ADD_TYPE_ID(mutirao_v1, (mutirao::protocol::v1::submit_unit))
CAF_ADD_TYPE_ID(mutirao_v1, (mutirao::protocol::v1::submit_job))
CAF_ADD_TYPE_ID(mutirao_v1, (mutirao::protocol::v1::accepted))
CAF_ADD_TYPE_ID(mutirao_v1, (mutirao::protocol::v1::get_job))
CAF_ADD_TYPE_ID(mutirao_v1, (mutirao::protocol::v1::list_jobs))
CAF_ADD_TYPE_ID(mutirao_v1, (mutirao::protocol::v1::job_page))
CAF_ADD_TYPE_ID(mutirao_v1, (mutirao::protocol::v1::cancel_job))
CAF_ADD_TYPE_ID(mutirao_v1, (mutirao::protocol::v1::subscribe_job))
CAF_ADD_TYPE_ID(mutirao_v1, (mutirao::protocol::v1::subscribe_user))
CAF_ADD_TYPE_ID(mutirao_v1, (mutirao::protocol::v1::subscribed))
CAF_ADD_TYPE_ID(mutirao_v1, (mutirao::protocol::v1::acknowledge))
CAF_ADD_TYPE_ID(mutirao_v1, (mutirao::protocol::v1::unsubscribe))
CAF_ADD_TYPE_ID(mutirao_v1, (mutirao::protocol::v1::session_actor))
CAF_ADD_TYPE_ID(mutirao_v1, (mutirao::protocol::v1::hello))
CAF_ADD_TYPE_ID(mutirao_v1, (mutirao::protocol::v1::welcome))
CAF_END_TYPE_ID_BLOCK(mutirao_v1)
