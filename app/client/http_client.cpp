#include "app/client/http_client.hpp"

#include <curl/curl.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <string_view>

namespace mutirao::app {
namespace {

constexpr std::size_t longest_answer = 256U << 20;

std::size_t append(char* data, std::size_t /*one*/, std::size_t size, void* body) {
  auto& text = *static_cast<std::string*>(body);
  if (text.size() + size > longest_answer) return 0;
  text.append(data, size);
  return size;
}

// A stream while it is read.
struct listening {
  using steady = std::chrono::steady_clock;
  static constexpr std::chrono::seconds longest_silence{45};

  CURL* curl;
  const std::function<bool(const rest::server_event&)>& each;
  rest::event_reader reader = {};
  std::string body = {};  // of an answer that is no stream
  steady::time_point last_byte = steady::now();
  bool enough = false;

  bool is_stream() const {
    long status = 0;
    const char* type = nullptr;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
    return status == 200 && type && std::string_view(type).starts_with("text/event-stream");
  }
};

std::size_t take_events(char* data, std::size_t one, std::size_t size, void* to) {
  auto& at = *static_cast<listening*>(to);
  at.last_byte = listening::steady::now();
  if (!at.is_stream()) return append(data, one, size, &at.body);
  at.enough = !at.reader.feed({data, size}, at.each);
  return at.enough ? 0 : size;  // 0: curl ends the transfer
}

// Not 0: curl ends the transfer.
int watch_silence(void* of, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const auto& at = *static_cast<listening*>(of);
  return listening::steady::now() - at.last_byte > listening::longest_silence ? 1 : 0;
}

}  // namespace

struct http_client::handle {
  CURL* curl = nullptr;
  curl_slist* headers = nullptr;

  handle() {
    static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (once == CURLE_OK) curl = curl_easy_init();
  }
  ~handle() {
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
  }
  handle(const handle&) = delete;
  handle& operator=(const handle&) = delete;
};

http_client::http_client(client_options options)
    : options_(std::move(options)), handle_(std::make_unique<handle>()) {
  if (options_.url.ends_with('/')) options_.url.pop_back();
  const std::string bearer = "Authorization: Bearer " + options_.token;
  handle_->headers = curl_slist_append(handle_->headers, bearer.c_str());
  handle_->headers = curl_slist_append(handle_->headers, "Accept-Language: en");
  handle_->headers = curl_slist_append(handle_->headers, "Content-Type: application/json");
}

http_client::~http_client() = default;

expected<http_answer> http_client::get(const std::string& target) {
  return send(target, "GET");
}

expected<http_answer> http_client::post(const std::string& target, const std::string& json) {
  return send(target, "POST", json);
}

expected<http_answer> http_client::put(const std::string& target, const std::string& json) {
  return send(target, "PUT", json);
}

expected<http_answer> http_client::remove(const std::string& target) {
  return send(target, "DELETE");
}

void http_client::prepare(const std::string& url) {
  CURL* const curl = handle_->curl;
  curl_easy_reset(curl);
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, handle_->headers);
}

// What was prepared; the body goes where that says.
expected<http_answer> http_client::perform() {
  CURL* const curl = handle_->curl;
  std::array<char, CURL_ERROR_SIZE> reason{};
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason.data());
  const CURLcode code = curl_easy_perform(curl);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, nullptr);
  if (code != CURLE_OK) {
    const std::string why = reason[0] != '\0' ? reason.data() : curl_easy_strerror(code);
    return fail(errc::internal,
                "no answer from " + options_.url + ": " + why + "; is it the right --url?");
  }
  http_answer answer;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
  return answer;
}

expected<http_answer> http_client::send(const std::string& target, const char* method,
                                        const std::string& body) {
  CURL* const curl = handle_->curl;
  if (curl == nullptr) return fail(errc::internal, "no HTTP client could be made");
  std::string received;
  prepare(options_.url + target);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.timeout.count()));
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &received);
  if (method != std::string_view("GET")) {
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str());
  }
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
  auto answer = perform();
  if (answer) answer->body = std::move(received);
  return answer;
}

expected<http_answer> http_client::listen(
    const std::string& target, const std::function<bool(const rest::server_event&)>& each) {
  CURL* const curl = handle_->curl;
  if (curl == nullptr) return fail(errc::internal, "no HTTP client could be made");
  listening at{curl, each};
  prepare(options_.url + target);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.timeout.count()));
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_events);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &at);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, watch_silence);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &at);
  auto answer = perform();
  if (at.enough || (!answer && at.is_stream())) return http_answer{200, {}};
  if (answer) answer->body = std::move(at.body);
  return answer;
}

}  // namespace mutirao::app
