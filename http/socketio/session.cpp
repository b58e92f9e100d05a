#include "http/socketio/session.hpp"

#include <sys/socket.h>

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "http/random_text.hpp"
#include "http/socketio/conversation.hpp"

namespace mutirao::http::socketio {
namespace {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;
using callback = std::function<void()>;

void call(callback& which) {
  if (auto now = std::exchange(which, nullptr)) now();
}

using upgrade_request = beast_http::request<beast_http::empty_body>;

// Nothing: more than a request. Clients must wait for the answer before they say anything.
// Beast would read it for itself, but no more than 1,536 bytes of it: cookies are longer.
std::optional<upgrade_request> read_request(std::string_view bytes) {
  beast_http::request_parser<beast_http::empty_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(bytes.size()));
  error_code problem;
  const auto taken = parser.put(asio::buffer(bytes), problem);
  if (problem || !parser.is_done() || taken != bytes.size()) return std::nullopt;
  return parser.release();
}

// 16 bytes in base64 (RFC 6455, 4.2.1).
bool is_key(std::string_view text) {
  constexpr std::size_t digits = 22;
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return text.size() == digits + 2 && text.substr(digits) == "==" &&
         text.substr(0, digits).find_first_not_of(alphabet) == std::string_view::npos;
}

class websocket_session final : public session,
                                public std::enable_shared_from_this<websocket_session> {
 public:
  explicit websocket_session(std::shared_ptr<hub> of)
      : hub_(std::move(of)), limits_(hub_->within), stream_(hub_->io) {}

  // From any thread.
  bool send(std::string packet) override;
  std::size_t outstanding() const override { return outstanding_; }
  void on_room(callback then) override;
  void on_taken(callback then) override;
  void on_gone(callback then) override;
  void close() override;

  void begin(handed_socket&& from) override;
  void beat(time now) override;
  void close_within(std::chrono::milliseconds allowed) override;

 private:
  struct message {
    std::string text;
    callback taken;
  };

  static time now() { return std::chrono::steady_clock::now(); }
  /// Nothing where the session is no more by then.
  template <class Work>
  void on_thread(Work work) {
    asio::post(hub_->io, [whose = weak_from_this(), work = std::move(work)]() mutable {
      if (const auto self = whose.lock()) work(*self);
    });
  }

  bool adopt(owned_fd& fd);
  bool count(std::size_t bytes);
  void accepted(error_code problem);
  void read();
  void take(error_code problem);
  void react(conversation::reaction&& what);
  void name(std::string token);
  void queue(std::string text);
  void write_on();
  void written(error_code problem);
  void tell_room();
  void cut_slow();
  void cut();
  void end();

  std::shared_ptr<hub> hub_;
  const limits& limits_;
  std::atomic<std::size_t> outstanding_{0};
  std::atomic<bool> gone_{false};

  // The sockets' thread only.
  websocket::stream<asio::ip::tcp::socket, false> stream_;
  connection_place place_;
  boost::beast::flat_buffer read_;
  std::optional<conversation> talk_;  // once the handshake is over
  std::deque<message> queue_;         // the first is being written
  callback room_, left_;
  time writing_since_;
  std::optional<time> close_until_;  // it is being closed
  bool writing_ = false;
  bool close_sent_ = false;
};

/// False: that is more than may wait.
bool websocket_session::count(std::size_t bytes) {
  return outstanding_.fetch_add(bytes) + bytes <= limits_.waiting_bytes;
}

bool websocket_session::send(std::string packet) {
  if (gone_) return false;
  if (!count(packet.size())) {
    on_thread([](auto& self) { self.cut_slow(); });
    return false;
  }
  on_thread([packet = std::move(packet)](auto& self) mutable { self.queue(std::move(packet)); });
  return true;
}

void websocket_session::on_room(callback then) {
  if (gone_) return;
  on_thread([then = std::move(then)](auto& self) mutable {
    if (self.gone_) return;
    self.room_ = std::move(then);
    self.tell_room();
  });
}

void websocket_session::on_taken(callback then) {
  if (gone_) return;
  on_thread([then = std::move(then)](auto& self) mutable {
    if (self.gone_) return;
    if (self.queue_.empty()) return then();
    self.queue_.back().taken = std::move(then);
  });
}

void websocket_session::on_gone(callback then) {
  if (gone_) return then();
  on_thread([then = std::move(then)](auto& self) mutable {
    if (self.gone_) return then();
    self.left_ = std::move(then);
  });
}

void websocket_session::close() {
  if (gone_) return;
  on_thread([](auto& self) { self.close_within(self.limits_.close_deadline); });
}

void websocket_session::begin(handed_socket&& from) {
  place_ = std::move(from.place);
  auto wanted = read_request(from.first_bytes);
  if (!wanted || !adopt(from.fd)) return end();
  // Beast takes any key that is short, and refuses (400) where there is none.
  const auto key = (*wanted)[beast_http::field::sec_websocket_key];
  if (!is_key({key.data(), key.size()})) wanted->erase(beast_http::field::sec_websocket_key);
  websocket::stream_base::timeout deadlines{};
  deadlines.handshake_timeout = limits_.handshake_deadline;
  deadlines.idle_timeout = websocket::stream_base::none();
  stream_.set_option(deadlines);
  stream_.read_message_max(limits_.max_payload);
  stream_.auto_fragment(false);
  stream_.text(true);
  stream_.async_accept(
      *wanted, [self = shared_from_this()](error_code problem) { self->accepted(problem); });
}

// The protocol matters to nothing that is done with an open socket.
bool websocket_session::adopt(owned_fd& fd) {
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDBUF, &limits_.kernel_bytes, sizeof limits_.kernel_bytes);
  error_code problem;
  stream_.next_layer().assign(asio::ip::tcp::v4(), fd.get(), problem);
  if (problem) return false;
  (void)fd.release();
  return true;
}

void websocket_session::accepted(error_code problem) {
  if (gone_) return;
  if (problem) return end();
  talk_.emplace(limits_, random_text(*hub_->chance, 2), random_text(*hub_->chance, 2), now());
  react({{talk_->opening()}, std::nullopt, close_until_.has_value()});
  read();
}

void websocket_session::read() {
  stream_.async_read(
      read_, [self = shared_from_this()](error_code problem, std::size_t) { self->take(problem); });
}

void websocket_session::take(error_code problem) {
  if (gone_) return;
  if (problem) return close_sent_ ? void() : end();
  if (!stream_.got_binary() && !close_until_) {
    const auto data = read_.cdata();
    react(talk_->take({static_cast<const char*>(data.data()), data.size()}, now()));
  }
  read_.consume(read_.size());
  if (!gone_) read();
}

void websocket_session::react(conversation::reaction&& what) {
  for (auto& packet : what.packets) {
    if (!count(packet.size())) return cut_slow();
    queue(std::move(packet));
  }
  if (what.token) name(*std::move(what.token));
  if (what.close) close_within(limits_.close_deadline);
}

void websocket_session::name(std::string token) {
  try {
    hub_->call.named(shared_from_this(), std::move(token));
  } catch (...) {
    end();  // no memory: the client connects again
  }
}

void websocket_session::queue(std::string text) {
  if (gone_ || close_until_) return;
  queue_.push_back({std::move(text), nullptr});
  write_on();
}

void websocket_session::write_on() {
  if (gone_ || writing_ || !talk_) return;
  if (!queue_.empty()) {
    writing_ = true;
    writing_since_ = now();
    stream_.async_write(
        asio::buffer(queue_.front().text),
        [self = shared_from_this()](error_code problem, std::size_t) { self->written(problem); });
  } else if (close_until_ && !std::exchange(close_sent_, true)) {
    stream_.async_close(websocket::close_code::normal,
                        [self = shared_from_this()](error_code) { self->end(); });
  }
}

void websocket_session::written(error_code problem) {
  if (gone_) return;
  writing_ = false;
  if (problem) return end();
  auto done = std::move(queue_.front());
  queue_.pop_front();
  outstanding_ -= done.text.size();
  call(done.taken);
  tell_room();
  write_on();
}

void websocket_session::tell_room() {
  if (!gone_ && outstanding_ < limits_.low_water) call(room_);
}

void websocket_session::beat(time at) {
  const bool stuck = writing_ && writing_since_ + hub_->take_deadline <= at;
  if (stuck) return cut_slow();
  if (close_until_ && *close_until_ <= at) return cut();
  if (talk_ && !close_until_) react(talk_->wait(at));
}

void websocket_session::close_within(std::chrono::milliseconds allowed) {
  if (gone_) return;
  const auto until = now() + allowed;
  close_until_ = std::min(close_until_.value_or(until), until);
  write_on();
}

void websocket_session::cut_slow() {
  if (!gone_) hub_->call.cut_slow();
  cut();
}

// Without the kernel's sending on what nobody reads.
void websocket_session::cut() {
  const linger at_once{1, 0};
  ::setsockopt(stream_.next_layer().native_handle(), SOL_SOCKET, SO_LINGER, &at_once,
               sizeof at_once);
  end();
}

void websocket_session::end() {
  if (gone_.exchange(true)) return;
  error_code ignored;
  stream_.next_layer().close(ignored);
  place_.reset();
  room_ = nullptr;
  for (auto& one : queue_) one.taken = nullptr;  // the text of the first is being written
  const auto self = shared_from_this();
  call(left_);
  hub_->ended(self);
}

}  // namespace

std::shared_ptr<session> make_session(std::shared_ptr<hub> of) {
  return std::make_shared<websocket_session>(std::move(of));
}

}  // namespace mutirao::http::socketio
