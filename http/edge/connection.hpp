// The receiving side of one connection: reads the socket, hands out requests. Worker thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "http/edge/core.hpp"
#include "http/edge/outlet.hpp"
#include "http/edge/request_reader.hpp"

namespace mutirao::http {

class connection {
 public:
  connection(std::shared_ptr<edge_core> core, std::shared_ptr<outlet> out, std::string peer);

  struct readiness {
    bool hung_up = false;     // neither side sends any more
    bool input_ends = false;  // behind what can be read stands the end
  };
  /// Reads and answers what there is. `buffer` is lent. False: remove the connection and close it.
  bool on_ready(readiness what, std::span<char> buffer);

  /// Answers 503 instead of serving, because there are too many.
  void refuse();
  bool refused() const { return refused_; }

  outlet& out() { return *out_; }

 private:
  void read(bool input_ends, std::span<char> buffer);
  void consume(std::string_view bytes);
  void discard(std::size_t count);
  void dispatch(std::string_view rest);
  void handle(const std::shared_ptr<owed_answer>& owed, request&& wanted);
  void reject(errc code);
  bool upgrade(const request& wanted, std::string_view rest);
  request take_request();
  asked about_head(bool keep_alive);
  std::uint64_t take_slot();
  void offer_continue();
  outlet::reading reading_state();

  const std::shared_ptr<edge_core> core_;
  const std::shared_ptr<outlet> out_;
  const std::string peer_;
  request_reader reader_;
  std::string pending_;                // read, but not yet taken: the outlet had no room
  std::optional<std::uint64_t> slot_;  // opened before the request was whole, for 100 Continue
  request_reader::phase phase_ = request_reader::phase::idle;
  steady_time phase_since_{};
  std::size_t discarded_ = 0;
  bool paused_ = false;
  bool discarding_ = false;  // the answer that ends the connection is under way
  bool closed_ = false;
  bool broken_ = false;
  bool handed_over_ = false;
  bool refused_ = false;
};

}  // namespace mutirao::http
