// Writes JSON text straight into one string, in the order of the calls: answers are built without
// a tree of objects. The caller opens and closes; commas are put by the writer.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/date.hpp"

namespace mutirao::http::json {

/// Appends `text` as a JSON string with its quotes. Bytes that are no UTF-8 become U+FFFD.
void append_string(std::string& out, std::string_view text);

class writer {
 public:
  writer& begin_object() { return open('{'); }
  writer& end_object() { return close('}'); }
  writer& begin_array() { return open('['); }
  writer& end_array() { return close(']'); }

  /// Names the next value of an object. `name` is ours: it needs no escapes.
  writer& key(std::string_view name);
  /// Likewise, where it is somebody else's.
  writer& quoted_key(std::string_view name);

  writer& value(std::string_view text);
  writer& value(const char* text) { return value(std::string_view(text)); }
  writer& value(std::integral auto number) { return integer(static_cast<std::int64_t>(number)); }
  writer& value(bool truth) { return raw(truth ? "true" : "false"); }
  /// With one decimal.
  writer& tenths(double number);
  writer& value(date day);
  writer& value(instant at);
  writer& null() { return raw("null"); }
  /// Text that is JSON already.
  writer& raw(std::string_view json);
  /// Members of the open object that are JSON already: `"a":1,"b":2`.
  writer& members(std::string_view json) { return raw(json); }

  template <class T>
  writer& field(std::string_view name, const T& what) {
    return key(name).value(what);
  }
  /// Left out where there is nothing.
  template <class T>
  writer& field(std::string_view name, const std::optional<T>& what) {
    return what ? field(name, *what) : *this;
  }
  template <class T>
  writer& field_or_null(std::string_view name, const std::optional<T>& what) {
    return what ? field(name, *what) : key(name).null();
  }

  std::string take() { return std::move(out_); }
  std::size_t size() const { return out_.size(); }

 private:
  writer& open(char bracket);
  writer& close(char bracket);
  writer& integer(std::int64_t number);
  void comma();

  std::string out_;
  bool first_ = true;  // of the object or array that is open
};

}  // namespace mutirao::http::json
