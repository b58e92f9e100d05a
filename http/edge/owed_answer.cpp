#include "http/edge/owed_answer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "http/edge/core.hpp"
#include "http/edge/outlet.hpp"
#include "http/edge/response_head.hpp"

namespace mutirao::http {
namespace {

/// The body of one answer. Dropped before its end it takes the connection with it.
class open_stream final : public stream_sink {
 public:
  open_stream(std::shared_ptr<outlet> client, std::uint64_t slot, bool chunked)
      : client_(std::move(client)), slot_(slot), chunked_(chunked) {}
  ~open_stream() override {
    if (begun_) client_->abandon_stream(slot_, chunked_);
  }
  void begun() { begun_ = true; }

  bool write(payload bytes) override {
    if (bytes.empty()) return !client_->gone();  // an empty chunk would end the body
    if (!chunked_) return client_->write(slot_, {}, std::move(bytes), {});
    std::array<char, 24> line{};
    char* end = std::to_chars(line.data(), line.data() + 20, bytes.size(), 16).ptr;
    *end++ = '\r';
    *end++ = '\n';
    const std::string_view size(line.data(), static_cast<std::size_t>(end - line.data()));
    return client_->write(slot_, size, std::move(bytes), "\r\n");
  }
  std::size_t outstanding() const override { return client_->outstanding(slot_); }
  void on_room(std::function<void()> then) override { client_->on_room(slot_, std::move(then)); }
  void on_gone(std::function<void()> then) override { client_->on_gone(slot_, std::move(then)); }
  void bound_kernel_queue(int bytes) override { client_->bound_kernel_queue(slot_, bytes); }
  void finish() override { client_->finish_stream(slot_, chunked_ ? "0\r\n\r\n" : ""); }

 private:
  std::shared_ptr<outlet> client_;
  std::uint64_t slot_;
  bool chunked_;
  bool begun_ = false;
};

}  // namespace

owed_answer::~owed_answer() {
  try {
    if (!settled_ && client_->answerable(slot_) && fail(errc::overloaded))
      count(client_->counters().dropped);
  } catch (...) {
    // Without memory for an answer the answer's deadline ends the connection.
  }
}

bool owed_answer::client_gone() const {
  return client_->gone();
}

bool owed_answer::send(response answer) {
  const bool bodiless = is_bodiless(answer.status);
  const auto framing = bodiless ? body_framing::none : body_framing::length;
  auto head = render_head(answer, framing, answer.body.size(), about_.http10, about_.keep_alive);
  payload body;
  if (!bodiless && about_.method != method::head) body = std::move(answer.body);
  const bool taken = client_->answer(slot_, std::move(head), std::move(body), !about_.keep_alive);
  settled_ = true;
  if (!taken) return false;
  observe(answer.status);
  return true;
}

stream owed_answer::begin_stream(response head) {
  const bool bodiless = is_bodiless(head.status);
  auto framing = about_.http10 ? body_framing::until_close : body_framing::chunked;
  if (bodiless) framing = body_framing::none;
  const bool keep_alive = about_.keep_alive && framing != body_framing::until_close;
  auto text = render_head(head, framing, 0, about_.http10, keep_alive);
  if (bodiless || about_.method == method::head) {
    settled_ = true;
    if (client_->answer(slot_, std::move(text), {}, !keep_alive)) observe(head.status);
    return {};
  }
  settled_ = true;
  // Made first: once the head is out somebody must answer for the rest.
  auto rest = std::make_shared<open_stream>(client_, slot_, framing == body_framing::chunked);
  if (!client_->begin_stream(slot_, std::move(text), !keep_alive)) return {};
  rest->begun();
  observe(head.status);
  return stream(std::move(rest));
}

bool owed_answer::fail(errc code) {
  auto answer = client_->core().render_problem(code, {about_.path, about_.language, about_.origin});
  if (code == errc::draining) {
    const bool said = std::any_of(answer.headers.begin(), answer.headers.end(),
                                  [](const auto& header) { return header.first == "Retry-After"; });
    if (!said) answer.headers.emplace_back("Retry-After", "1");
  }
  return send(std::move(answer));
}

void owed_answer::observe(int status) const {
  const auto& hooks = client_->core().hooks;
  if (!hooks.observe) return;
  try {
    hooks.observe({about_.method, about_.path, route_, status, hooks.now() - about_.at});
  } catch (...) {
    // Metrics must not cost the client its answer.
  }
}

}  // namespace mutirao::http
