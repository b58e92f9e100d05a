#include "http/routes/company_export.hpp"

#include <string>

#include "http/ask.hpp"
#include "http/json/company.hpp"

namespace mutirao::http::routes {
namespace {

// Rendered, well below edge_limits::waiting_bytes.
constexpr std::int64_t companies_per_page = 250;

}  // namespace

void company_export::start(const exchange_ptr& at, std::optional<unit_id> unit) {
  std::make_shared<company_export>(at, unit)->ask_page(std::nullopt);
}

void company_export::ask_page(std::optional<std::int64_t> after) {
  ask(at_, at_->site->next_reader(), list_companies{*at_->who, unit_, companies_per_page, after},
      [self = shared_from_this()](const list_companies::answer& page) { self->take(page); });
}

void company_export::take(const list_companies::answer& page) {
  const auto& found = page.companies;
  if (!begun_ && !found.next) return at_->send(json_answer(json::render_companies(page, true)));
  if (!begun_) begin();

  json::writer rows;
  for (const auto& row : found.rows) json::write_company(rows, row);
  const auto comma = written_ > 0 && !found.rows.empty() ? "," : "";
  written_ += static_cast<std::int64_t>(found.rows.size());
  if (!out_.write(comma + rows.take())) return out_.finish();
  if (!found.next) return end();
  out_.on_room([self = shared_from_this(), next = found.next] { self->ask_page(next); });
}

void company_export::begin() {
  begun_ = true;
  out_ = at_->begin_stream({200, "application/json", {}, {}});
  out_.write(R"({"companies":[)");
}

void company_export::end() {
  // What was written, so that it agrees with the list even where companies came or went meanwhile.
  out_.write("],\"total\":" + std::to_string(written_) + "}");
  out_.finish();
}

}  // namespace mutirao::http::routes
