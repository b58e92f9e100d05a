#include <limits>

#include "http/json/job.hpp"

namespace mutirao::http::json {
namespace {

std::string_view in(language speaks, const both_languages& text) {
  return speaks == language::english ? text.english : text.portuguese;
}

std::string_view schema_type(argument_form form) {
  switch (form) {
    case argument_form::integer:
      return "integer";
    case argument_form::boolean:
      return "boolean";
    case argument_form::text:
    case argument_form::day:
      break;
  }
  return "string";
}

void write_bounds(writer& out, const argument_spec& spec) {
  const bool is_number = spec.form == argument_form::integer;
  if (spec.form == argument_form::day) out.field("format", "date");
  if (!is_number && spec.form != argument_form::text) return;
  out.field(is_number ? "minimum" : "minLength", spec.least);
  if (spec.most == std::numeric_limits<std::int64_t>::max()) return;
  out.field(is_number ? "maximum" : "maxLength", spec.most);
}

void write_argument(writer& out, const argument_spec& spec, language speaks) {
  out.key(spec.name).begin_object().field("type", schema_type(spec.form));
  write_bounds(out, spec);
  if (!spec.absent.empty()) {
    const bool is_text = schema_type(spec.form) == "string";
    out.key("default");
    if (is_text) {
      out.value(spec.absent);
    } else {
      out.raw(spec.absent);
    }
  }
  out.field("description", in(speaks, spec.says)).end_object();
}

void write_schema(writer& out, const job_description& about, language speaks) {
  out.begin_object()
      .field("$schema", "https://json-schema.org/draft/2020-12/schema")
      .field("type", "object");
  out.key("properties").begin_object();
  for (const auto& spec : about.arguments) write_argument(out, spec, speaks);
  out.end_object().key("required").begin_array();
  for (const auto& spec : about.arguments) {
    if (spec.required) out.value(spec.name);
  }
  out.end_array().end_object();
}

}  // namespace

std::string render_job_types(const job_types& types, language speaks) {
  writer out;
  out.begin_object().key("types").begin_array();
  for (const auto& kind : types.kinds()) {
    const auto& about = types.find(kind)->about();
    out.begin_object()
        .field("type", std::string_view(kind))
        .field("title", in(speaks, about.title))
        .field("description", in(speaks, about.says))
        .key("arguments");
    write_schema(out, about, speaks);
    out.end_object();
  }
  out.end_array().end_object();
  return out.take();
}

}  // namespace mutirao::http::json
