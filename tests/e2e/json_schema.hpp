// As much of JSON Schema as http/openapi.json uses: type (one or several), required, properties,
// items, enum, oneOf, $ref, format date-time and date, minimum, maximum.
#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <utility>
#include <vector>

namespace mutirao::e2e {

class json_schema {
 public:
  using json = nlohmann::json;

  /// `document`: what references are resolved in. It outlives this.
  explicit json_schema(const json& document) : document_(document) {}

  /// The part itself, or what it refers to.
  const json& resolved(const json& part) const {
    if (!part.is_object() || !part.contains("$ref")) return part;
    return resolved(document_.at(json::json_pointer(part["$ref"].get<std::string>().substr(1))));
  }

  /// Where `value` breaks `schema`, each as "place: what".
  std::vector<std::string> breaches(const json& value, const json& schema,
                                    const std::string& at = "$") const {
    const auto& rules = resolved(schema);
    std::vector<std::string> all;
    const auto breach = [&](const std::string& what) {
      all.push_back(at + ": " + what + ", and is " + value.dump().substr(0, 200));
    };
    const auto take = [&](std::vector<std::string> more) {
      all.insert(all.end(), more.begin(), more.end());
    };
    if (rules.contains("oneOf")) {
      std::size_t fit = 0;
      for (const auto& each : rules["oneOf"]) fit += breaches(value, each, at).empty() ? 1 : 0;
      if (fit != 1) breach("fits " + std::to_string(fit) + " of its forms");
      return all;
    }
    if (rules.contains("type") && !is_of(value, rules["type"])) {
      breach("should be " + rules["type"].dump());
      return all;
    }
    if (value.is_null()) return all;
    if (rules.contains("enum") &&
        std::find(rules["enum"].begin(), rules["enum"].end(), value) == rules["enum"].end()) {
      breach("should be one of " + rules["enum"].dump());
    }
    if (rules.contains("minimum") && value < rules["minimum"]) breach("too small");
    if (rules.contains("maximum") && value > rules["maximum"]) breach("too large");
    if (rules.contains("format") && !fits_format(value, rules["format"])) {
      breach("should be a " + rules["format"].get<std::string>());
    }
    for (const auto& name : rules.value("required", json::array())) {
      if (!value.contains(name.get<std::string>())) breach("lacks " + name.get<std::string>());
    }
    const auto properties = rules.value("properties", json::object());
    for (const auto& [name, rule] : properties.items()) {
      if (value.contains(name)) take(breaches(value[name], rule, at + "." + name));
    }
    if (value.is_object() && !properties.empty()) {
      for (const auto& [name, part] : value.items()) {
        if (!properties.contains(name)) breach("says nothing of " + name);
      }
    }
    if (value.is_array() && rules.contains("items")) {
      for (std::size_t i = 0; i < value.size(); ++i) {
        take(breaches(value[i], rules["items"], at + "[" + std::to_string(i) + "]"));
      }
    }
    return all;
  }

 private:
  static bool is_of(const json& value, const json& type) {
    if (type.is_array()) {
      return std::any_of(type.begin(), type.end(),
                         [&](const json& each) { return is_of(value, each); });
    }
    return (type == "string" && value.is_string()) ||
           (type == "integer" && value.is_number_integer()) ||
           (type == "number" && value.is_number()) || (type == "boolean" && value.is_boolean()) ||
           (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
           (type == "null" && value.is_null());
  }

  static bool fits_format(const json& value, const json& format) {
    static const std::regex instant(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)");
    static const std::regex day(R"(\d{4}-\d\d-\d\d)");
    static const std::regex uuid(R"([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})");
    const auto& form = format == "date-time" ? instant : format == "date" ? day : uuid;
    return value.is_string() && std::regex_match(value.get<std::string>(), form);
  }

  const json& document_;
};

}  // namespace mutirao::e2e
