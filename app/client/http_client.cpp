#include "app/client/http_client.hpp"

#include <curl/curl.h>

#include <array>
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

expected<http_answer> http_client::send(const std::string& target, const char* method,
                                        const std::string& body) {
  CURL* const curl = handle_->curl;
  if (curl == nullptr) return fail(errc::internal, "no HTTP client could be made");
  const std::string url = options_.url + target;
  http_answer answer;
  std::array<char, CURL_ERROR_SIZE> reason{};
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.timeout.count()));
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, handle_->headers);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason.data());
  if (method == std::string_view("GET")) {
    curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
  } else {
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str());
  }
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
  const CURLcode code = curl_easy_perform(curl);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, nullptr);
  if (code != CURLE_OK) {
    const std::string why = reason[0] != '\0' ? reason.data() : curl_easy_strerror(code);
    return fail(errc::internal,
                "no answer from " + options_.url + ": " + why + "; is it the right --url?");
  }
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
  return answer;
}

}  // namespace mutirao::app
