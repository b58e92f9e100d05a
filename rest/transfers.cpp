#include "rest/transfers.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <string_view>
#include <thread>

namespace mutirao::rest {
namespace {

using steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int look_ms = 1'000;  // at silent streams and late requests
constexpr long stream_buffer = 4'096;

answer no_answer(std::string why) {
  answer none;
  none.problem = std::move(why);
  return none;
}

// One request or stream on its way. libcurl points at it.
struct transfer {
  explicit transfer(request&& asked) : what(std::move(asked)), due(steady::now() + what.deadline) {}
  ~transfer() {
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
  }
  transfer(const transfer&) = delete;
  transfer& operator=(const transfer&) = delete;

  request what;
  steady::time_point due;
  std::uint64_t number = 0;
  bool streams = false;
  std::function<void(answer&&)> done;
  stream_hooks hooks;

  CURL* curl = nullptr;
  curl_slist* headers = nullptr;
  std::string url;
  std::string body;
  std::size_t longest = 0;
  event_reader reader;
  bool opened = false;
  steady::time_point last_byte = steady::now();

  void end(answer&& with) {
    if (streams) {
      if (hooks.ended) hooks.ended(std::move(with));
    } else if (done) {
      done(std::move(with));
    }
  }

  bool is_stream() const {
    long status = 0;
    const char* type = nullptr;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
    return streams && status == 200 && type &&
           std::string_view(type).starts_with("text/event-stream");
  }

  std::size_t take(std::string_view bytes) {
    last_byte = steady::now();
    if (is_stream()) {
      reader.feed(bytes, [this](const server_event& event) {
        open();
        if (hooks.event) hooks.event(server_event(event));
        return true;
      });
      if (reader.begun()) open();
      return bytes.size();
    }
    if (body.size() + bytes.size() > longest) return 0;
    body.append(bytes);
    return bytes.size();
  }

  void open() {
    if (opened) return;
    opened = true;
    if (hooks.opened) hooks.opened(reader.first_id());
  }

  bool prepare(const std::string& root, std::size_t longest_answer);
};

std::size_t take_bytes(char* data, std::size_t /*one*/, std::size_t size, void* to) {
  return static_cast<transfer*>(to)->take({data, size});
}

bool transfer::prepare(const std::string& root, std::size_t longest_answer) {
  curl = curl_easy_init();
  if (curl == nullptr) return false;
  longest = longest_answer;
  url = root + what.target;
  for (const auto& [name, value] : what.headers) {
    if (auto* longer = curl_slist_append(headers, (name + ": " + value).c_str())) headers = longer;
  }
  headers = curl_slist_append(headers, "Content-Type: application/json");
  headers = curl_slist_append(headers, "Accept-Language: en");
  headers = curl_slist_append(headers, "Expect:");
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl, CURLOPT_PRIVATE, this);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
  const auto left = std::chrono::duration_cast<milliseconds>(due - steady::now());
  const long left_ms = std::max<long>(1, static_cast<long>(left.count()));
  if (streams) {
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, left_ms);
    curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, stream_buffer);
  } else {
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, left_ms);
  }
  if (what.method != "GET") {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(what.body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, what.body.c_str());
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, what.method.c_str());
  }
  return true;
}

answer answer_of(transfer& of, CURLcode code) {
  if (code != CURLE_OK) {
    auto none = no_answer(curl_easy_strerror(code));
    none.late = code == CURLE_OPERATION_TIMEDOUT;
    return none;
  }
  answer came;
  curl_off_t retry_after = 0;
  curl_easy_getinfo(of.curl, CURLINFO_RESPONSE_CODE, &came.status);
  curl_easy_getinfo(of.curl, CURLINFO_RETRY_AFTER, &retry_after);
  came.retry_after_s = static_cast<std::uint32_t>(std::clamp<curl_off_t>(retry_after, 0, 86'400));
  came.body = std::move(of.body);
  if (of.streams && came.status == 200 && !of.opened) came.problem = "no stream of events";
  return came;
}

}  // namespace

class transfers::engine {
 public:
  engine(std::string url, const transfer_limits& limits) : url_(std::move(url)), limits_(limits) {
    static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (url_.ends_with('/')) url_.pop_back();
    if (once == CURLE_OK) multi_ = curl_multi_init();
    if (multi_ != nullptr) thread_ = std::thread([this] { run(); });
  }

  ~engine() {
    stop();
    curl_multi_cleanup(multi_);
  }
  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;

  void stop() {
    if (!thread_.joinable()) return;
    {
      const std::lock_guard hold(mutex_);
      stops_ = true;
    }
    curl_multi_wakeup(multi_);
    thread_.join();
  }

  std::uint64_t add(std::unique_ptr<transfer> one) {
    const std::uint64_t number = one->number = ++numbers_;
    {
      const std::lock_guard hold(mutex_);
      if (multi_ != nullptr && !stops_) added_.push_back(std::move(one));
    }
    if (one) {
      one->end(no_answer(multi_ == nullptr ? "no HTTP client could be made" : "the gateway stops"));
    } else {
      curl_multi_wakeup(multi_);
    }
    return number;
  }

  void close(std::uint64_t stream) {
    {
      const std::lock_guard hold(mutex_);
      closed_.push_back(stream);
    }
    if (multi_ != nullptr) curl_multi_wakeup(multi_);
  }

 private:
  void run() {
    while (!stops_) {
      take_over();
      start_waiting();
      int left = 0;
      curl_multi_perform(multi_, &left);
      finish();
      drop_silent();
      curl_multi_poll(multi_, nullptr, 0, look_ms, nullptr);
    }
    take_over();
    const auto stopping = [](transfer& one) { one.end(no_answer("the gateway stops")); };
    for (auto& one : waiting_) stopping(*one);
    for (auto& [number, one] : out_) {
      curl_multi_remove_handle(multi_, one->curl);
      stopping(*one);
    }
    waiting_.clear();
    out_.clear();
  }

  void take_over() {
    std::vector<std::unique_ptr<transfer>> added;
    std::vector<std::uint64_t> closed;
    {
      const std::lock_guard hold(mutex_);
      added.swap(added_);
      closed.swap(closed_);
    }
    for (auto& one : added) accept(std::move(one));
    for (const auto number : closed) {
      const auto found = out_.find(number);
      if (found != out_.end()) end(found, no_answer("closed"));
    }
  }

  void accept(std::unique_ptr<transfer> one) {
    const bool full =
        one->streams ? streams_ >= limits_.streams : waiting_.size() >= limits_.waiting;
    if (full) {
      auto none = no_answer("too many requests at once");
      none.too_many = true;
      return one->end(std::move(none));
    }
    if (one->streams) return start(std::move(one));
    waiting_.push_back(std::move(one));
  }

  void start_waiting() {
    while (!waiting_.empty() && out_.size() - streams_ < limits_.at_once) {
      auto one = std::move(waiting_.front());
      waiting_.pop_front();
      if (steady::now() < one->due) {
        start(std::move(one));
      } else {
        end_late(*one);
      }
    }
    while (!waiting_.empty() && waiting_.front()->due <= steady::now()) {
      const auto one = std::move(waiting_.front());
      waiting_.pop_front();
      end_late(*one);
    }
  }

  static void end_late(transfer& one) {
    auto none = no_answer("no answer in time");
    none.late = true;
    one.end(std::move(none));
  }

  void start(std::unique_ptr<transfer> one) {
    one->last_byte = steady::now();
    if (!one->prepare(url_, limits_.longest_answer) ||
        curl_multi_add_handle(multi_, one->curl) != CURLM_OK) {
      return one->end(no_answer("no HTTP client could be made"));
    }
    streams_ += one->streams ? 1 : 0;
    const auto number = one->number;
    out_.emplace(number, std::move(one));
  }

  using place = std::map<std::uint64_t, std::unique_ptr<transfer>>::iterator;

  place end(place at, answer&& with) {
    const auto one = std::move(at->second);
    curl_multi_remove_handle(multi_, one->curl);
    streams_ -= one->streams ? 1 : 0;
    const auto next = out_.erase(at);
    one->end(std::move(with));
    return next;
  }

  void finish() {
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      char* of = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &of);
      auto& one = *reinterpret_cast<transfer*>(of);
      auto came = answer_of(one, message->data.result);
      const auto found = out_.find(one.number);
      if (found != out_.end()) end(found, std::move(came));
    }
  }

  void drop_silent() {
    const auto now = steady::now();
    for (auto at = out_.begin(); at != out_.end();) {
      const auto& one = *at->second;
      const bool dead = one.streams && (one.opened ? now - one.last_byte > limits_.longest_silence
                                                   : now > one.due);
      if (dead) {
        auto none = no_answer("the stream fell silent");
        none.late = true;
        at = end(at, std::move(none));
      } else {
        ++at;
      }
    }
  }

  std::string url_;
  transfer_limits limits_;
  CURLM* multi_ = nullptr;
  std::atomic<bool> stops_ = false;
  std::atomic<std::uint64_t> numbers_ = 0;
  std::mutex mutex_;  // of these two
  std::vector<std::unique_ptr<transfer>> added_;
  std::vector<std::uint64_t> closed_;
  // Of the thread alone.
  std::deque<std::unique_ptr<transfer>> waiting_;
  std::map<std::uint64_t, std::unique_ptr<transfer>> out_;
  std::size_t streams_ = 0;
  std::thread thread_;
};

transfers::transfers(std::string url, const transfer_limits& limits)
    : engine_(std::make_unique<engine>(std::move(url), limits)) {}

transfers::~transfers() = default;

void transfers::stop() {
  engine_->stop();
}

void transfers::ask(request what, std::function<void(answer&&)> done) {
  auto one = std::make_unique<transfer>(std::move(what));
  one->done = std::move(done);
  engine_->add(std::move(one));
}

std::uint64_t transfers::listen(request what, stream_hooks hooks) {
  auto one = std::make_unique<transfer>(std::move(what));
  one->streams = true;
  one->hooks = std::move(hooks);
  return engine_->add(std::move(one));
}

void transfers::close(std::uint64_t stream) {
  engine_->close(stream);
}

}  // namespace mutirao::rest
