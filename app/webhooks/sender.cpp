#include "app/webhooks/sender.hpp"

#include <curl/curl.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <cstring>
#include <map>

#include "app/version.hpp"

namespace mutirao::app {
namespace {

using actors::answer_to;
using actors::post_webhook;
using promise = caf::typed_response_promise<answer_to<post_webhook>>;

constexpr int poll_ms = 20;

std::optional<ip_address> address_of(const sockaddr& of) {
  ip_address address;
  if (of.sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &of, sizeof v6);
    std::memcpy(address.bytes.data(), &v6.sin6_addr, address.bytes.size());
    return address;
  }
  if (of.sa_family != AF_INET) return std::nullopt;
  sockaddr_in v4{};
  std::memcpy(&v4, &of, sizeof v4);
  address.bytes[10] = address.bytes[11] = 0xff;
  std::memcpy(address.bytes.data() + 12, &v4.sin_addr, 4);
  return address;
}

std::int64_t seconds_of(instant at) {
  return std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
}

// One POST on its way. libcurl points at it.
struct transfer {
  transfer(post_webhook&& posted, promise answered, const sender_options& with)
      : what(std::move(posted)), answer(std::move(answered)), options(with) {}
  ~transfer() {
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
  }
  transfer(const transfer&) = delete;
  transfer& operator=(const transfer&) = delete;

  post_webhook what;
  promise answer;
  const sender_options& options;
  CURL* curl = curl_easy_init();
  curl_slist* headers = nullptr;
  std::size_t head_read = 0;  // bytes
  std::size_t read = 0;       // of the body
  bool address_refused = false;

  bool prepare(std::string_view signature);
  void add_header(const std::string& line) {
    if (auto* longer = curl_slist_append(headers, line.c_str())) headers = longer;
  }
};

// The address is the one that would be connected to, after any look-up.
curl_socket_t open_socket(void* of, curlsocktype, curl_sockaddr* to) {
  auto& mine = *static_cast<transfer*>(of);
  const auto address = address_of(to->addr);
  if (!address || !mine.options.allowed.allows(*address)) {
    mine.address_refused = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

// libcurl keeps headers, however many come; too much of them is no HTTP.
std::size_t take_header(char*, std::size_t, std::size_t size, void* of) {
  auto& mine = *static_cast<transfer*>(of);
  mine.head_read += size;
  return mine.head_read > mine.options.longest_answer ? 0 : size;
}

// The answer's body says nothing to us; too much of it ends the transfer, whose status stands.
std::size_t throw_away(char*, std::size_t, std::size_t size, void* of) {
  auto& mine = *static_cast<transfer*>(of);
  mine.read += size;
  return mine.read > mine.options.longest_answer ? 0 : size;
}

bool transfer::prepare(std::string_view signature) {
  if (curl == nullptr) return false;
  add_header("Content-Type: application/json");
  add_header("Accept:");
  add_header("Expect:");
  add_header("webhook-id: " + what.message);
  add_header("webhook-timestamp: " + std::to_string(seconds_of(what.now)));
  add_header("webhook-signature: " + std::string(signature));
  const std::string agent = "mutirao/" + std::string(version());
  curl_easy_setopt(curl, CURLOPT_URL, what.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  // Otherwise the end of a transfer waits for its look-up, however long that takes.
  curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
  curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout.count()));
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(options.connect_timeout.count()));
  curl_easy_setopt(curl, CURLOPT_USERAGENT, agent.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl, CURLOPT_POST, 1L);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(what.body.size()));
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, what.body.c_str());
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, throw_away);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, this);
  return true;
}

const char* word_for(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "dns";
    case CURLE_OPERATION_TIMEDOUT:
      return "timeout";
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
      return "tls";
    case CURLE_COULDNT_CONNECT:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
      return "connection";
    default:
      return "protocol";
  }
}

delivery_response response_of(const transfer& done, CURLcode code) {
  delivery_response response;
  const bool cut_by_us = code == CURLE_WRITE_ERROR && done.read > done.options.longest_answer;
  if (code != CURLE_OK && !cut_by_us) {
    // Of a name's addresses some may be refused and another answer.
    const bool refused = done.address_refused && code == CURLE_COULDNT_CONNECT;
    return {0, refused ? "private-address" : word_for(code), std::nullopt};
  }
  long status = 0;
  curl_off_t retry_after = 0;
  curl_easy_getinfo(done.curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(done.curl, CURLINFO_RETRY_AFTER, &retry_after);
  response.status = static_cast<int>(status);
  if (retry_after > 0) response.retry_after = std::chrono::seconds(retry_after);
  return response;
}

class carrier {
 public:
  carrier(actors::sender_actor::pointer self, std::shared_ptr<const sender_options> options)
      : self_(self), options_(std::move(options)) {
    static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (once == CURLE_OK) multi_ = curl_multi_init();
  }
  ~carrier() {
    for (auto& [curl, one] : out_) curl_multi_remove_handle(multi_, curl);
    out_.clear();
    curl_multi_cleanup(multi_);
  }
  carrier(const carrier&) = delete;
  carrier& operator=(const carrier&) = delete;

  promise post(post_webhook& what) {
    auto answer = self_->make_response_promise<answer_to<post_webhook>>();
    const auto secrets = options_->secrets.for_url(what.url);
    if (secrets.empty()) {
      answer.deliver(answer_to<post_webhook>{delivery_response{0, "no-secret", std::nullopt}});
      return answer;
    }
    const auto signature = sign_all(secrets, what.message, seconds_of(what.now), what.body);
    auto one = std::make_unique<transfer>(std::move(what), answer, *options_);
    auto* const curl = one->curl;
    if (!multi_ || !one->prepare(signature) || curl_multi_add_handle(multi_, curl) != CURLM_OK) {
      answer.deliver(answer_to<post_webhook>{delivery_response{0, "internal", std::nullopt}});
      return answer;
    }
    out_.emplace(curl, std::move(one));
    go_on();
    return answer;
  }

  // Looks at all transfers, waits a moment for any of them, then lets messages come.
  void carry() {
    ticking_ = false;
    int left = 0;
    curl_multi_perform(multi_, &left);
    finish();
    if (out_.empty()) return;
    curl_multi_poll(multi_, nullptr, 0, poll_ms, nullptr);
    go_on();
  }

 private:
  void go_on() {
    if (!std::exchange(ticking_, true)) self_->send(self_, actors::tick_atom::value);
  }

  void finish() {
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const auto found = out_.find(message->easy_handle);
      const auto code = message->data.result;
      curl_multi_remove_handle(multi_, message->easy_handle);
      if (found == out_.end()) continue;
      found->second->answer.deliver(answer_to<post_webhook>{response_of(*found->second, code)});
      out_.erase(found);
    }
  }

  actors::sender_actor::pointer self_;
  std::shared_ptr<const sender_options> options_;
  CURLM* multi_ = nullptr;
  std::map<CURL*, std::unique_ptr<transfer>> out_;
  bool ticking_ = false;
};

}  // namespace

actors::sender_actor::behavior_type run_sender(actors::sender_actor::pointer self,
                                               std::shared_ptr<const sender_options> options) {
  auto state = std::make_shared<carrier>(self, std::move(options));
  return {[state](post_webhook& what) { return state->post(what); },
          [state](actors::tick_atom) { state->carry(); }};
}

}  // namespace mutirao::app
