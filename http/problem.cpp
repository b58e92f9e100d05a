#include "http/problem.hpp"

#include <string>

#include "http/json/writer.hpp"
#include "http/problem_table.hpp"

namespace mutirao::http {
namespace {

constexpr std::string_view hole = "{}";
constexpr std::size_t most_echoed = 100;  // bytes of the caller's input

/// At most most_echoed bytes, cut between two characters.
std::string shortened(std::string_view text) {
  if (text.size() <= most_echoed) return std::string(text);
  std::size_t end = most_echoed;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

/// Of "one|many" the one that the number takes.
std::string_view counted(std::string_view text, std::string_view number) {
  const auto bar = text.find('|');
  if (bar == std::string_view::npos) return text;
  return number == "1" ? text.substr(0, bar) : text.substr(bar + 1);
}

/// The detail with what was wrong in it; the title where nothing is known to fill it with.
std::string filled(const problem_texts& texts, std::string_view detail) {
  const auto chosen = counted(texts.detail, detail);
  const auto at = chosen.find(hole);
  if (at == std::string_view::npos) return std::string(chosen);
  // In quotation marks it is what the caller sent, which may be nothing.
  const bool quoted = at > 0 && chosen[at - 1] == '"';
  if (detail.empty() && !quoted) return std::string(texts.title);
  std::string text(chosen);
  return text.replace(at, hole.size(), shortened(detail));
}

}  // namespace

const problem& problem_of(errc code) {
  const auto at = static_cast<std::size_t>(code) - 1;
  return at < problems.size() ? problems[at] : problems.back();
}

std::string problem_type(errc code) {
  return "urn:mutirao:problem:" + std::string(problem_of(code).slug);
}

std::string problem_message(const error& why) {
  const auto& row = problem_of(why.code);
  const bool says_what = row.portuguese.detail.find(hole) != std::string_view::npos;
  return says_what ? filled(row.portuguese, why.detail) : std::string(row.portuguese.title);
}

response render_problem(const error& why, language speaks, std::string_view path,
                        std::string_view more) {
  const auto& row = problem_of(why.code);
  const auto& texts = speaks == language::english ? row.english : row.portuguese;
  json::writer body;
  body.begin_object()
      .field("type", problem_type(why.code))
      .field("title", texts.title)
      .field("status", row.status)
      .field("detail", filled(texts, why.detail));
  if (!path.empty()) body.field("instance", path);
  body.field("message", problem_message(why));
  if (row.status == 401) body.field("error", row.portuguese.title);
  if (!more.empty()) body.members(more);
  body.end_object();

  response answer{row.status, "application/problem+json", {}, body.take()};
  if (row.status == 401) answer.headers.emplace_back("WWW-Authenticate", "Bearer");
  if (row.retry_after > 0) {
    answer.headers.emplace_back("Retry-After", std::to_string(row.retry_after));
  }
  return answer;
}

}  // namespace mutirao::http
