// The readers of request bodies take nothing that their header does not promise, and what they take
// comes out the same when it is written and read again.
//
// Input: a body.
#include "http/bodies.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "domain/company_fields.hpp"
#include "domain/cron.hpp"
#include "domain/date.hpp"
#include "domain/registration.hpp"
#include "domain/web_url.hpp"
#include "fuzz/property.hpp"

namespace mutirao::http {
namespace {

using fuzz::require;
using nlohmann::json;

void check_text(const std::string& text) {
  require(text.size() <= longest_name, "a text's length");
  for (const char c : text) {
    require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "no control character");
  }
}

void check_texts(const company& one) {
  for (const auto& name : {one.razao_social, one.nome_fantasia}) {
    check_text(name);
    require(name.find_first_not_of(' ') != std::string::npos, "a name is not blank");
  }
  for (const auto& text : {one.cidade, one.telefone}) {
    if (!text) continue;
    check_text(*text);
    require(!text->empty(), "an empty text is none");
  }
}

void check_company(const company& one) {
  check_texts(one);
  require(one.cnpj.has_value() != one.caepf.has_value(), "exactly one registration");
  if (one.cnpj) require(normalize_cnpj(*one.cnpj) == one.cnpj, "a cnpj is normalized");
  if (one.caepf) require(normalize_caepf(*one.caepf) == one.caepf, "a caepf is normalized");
  const auto days = one.periodicidade.value_or(0);
  require(days >= 0 && days <= longest_period_days, "the period's range");
  if (one.data_renovacao) {
    require(parse_date(format_date(*one.data_renovacao)) == one.data_renovacao, "a civil date");
  }
  if (one.tecnico_responsavel) require(one.tecnico_responsavel->value > 0, "a positive user");
  if (one.unidade_responsavel) require(one.unidade_responsavel->value > 0, "a positive unit");
}

/// dump() throws where a text is no UTF-8: that ends the run too.
std::string written(const company& one) {
  json body{{"razao_social", one.razao_social},
            {"nome_fantasia", one.nome_fantasia},
            {"status", one.active ? "ativo" : "inativo"}};
  if (one.cnpj) body["cnpj"] = *one.cnpj;
  if (one.caepf) body["caepf"] = *one.caepf;
  if (one.cidade) body["cidade"] = *one.cidade;
  if (one.telefone) body["telefone"] = *one.telefone;
  if (one.periodicidade) body["periodicidade"] = *one.periodicidade;
  if (one.data_renovacao) body["data_renovacao"] = format_date(*one.data_renovacao);
  if (one.tecnico_responsavel) body["tecnico_responsavel"] = one.tecnico_responsavel->value;
  if (one.unidade_responsavel) body["unidade_responsavel"] = one.unidade_responsavel->value;
  return body.dump();
}

void check_refusal(const error& why) {
  switch (why.code) {
    case errc::missing_field:
    case errc::invalid_field:
      return require(!why.detail.empty(), "the field is named");
    case errc::invalid_json:
    case errc::invalid_cnpj:
    case errc::invalid_caepf:
    case errc::one_registration:
    case errc::invalid_callback_url:
      return;
    default:
      require(false, "a refusal that the header names");
  }
}

void read_company_body(std::string_view body) {
  const auto made = read_new_company(body);
  const auto patch = read_company_patch(body);
  if (!patch) check_refusal(patch.error());
  if (!made) return check_refusal(made.error());
  check_company(*made);
  require(patch.has_value(), "what makes a company also changes one");
  require(patched(company{}, *patch) == *made, "and gives it the same fields");
  const auto again = read_new_company(written(*made));
  require(again.has_value() && *again == *made, "written and read again it is the same");
}

void read_task_body(std::string_view body) {
  const auto patch = read_task_patch(body);
  if (!patch) return check_refusal(patch.error());
  if (patch->status) check_text(*patch->status);
  if (patch->technician) require(patch->technician->value > 0, "a positive user");
  if (patch->sector) require(*patch->sector > 0, "a positive sector");
}

void read_callback_body(std::string_view body) {
  const auto url = read_callback_url(body);
  if (!url) return check_refusal(url.error());
  if (url->empty()) return;
  require(url->size() <= longest_url, "a URL is not longer than it may be");
  for (const char c : *url) require(c > ' ' && c < 0x7f, "a URL is plain text");
  const auto where = parse_web_url(*url);
  require(where.has_value() && !where->host.empty() && where->port != 0, "it leads somewhere");
  (void)literal_address(*where);
  const auto again = parse_web_url(where->origin());
  require(again.has_value() && again->origin() == where->origin(), "so does its origin");
}

// Not of a whole body: of texts within.
void read_times(std::string_view text) {
  if (const auto at = parse_instant(text)) {
    require(parse_instant(format_instant(*at)) == at, "an instant written and read is the same");
  }
  const auto rule = parse_cron(text);
  if (rule) return require(next_after(*rule, {}).has_value(), "a rule comes");
  const auto why = rule.error().code;
  require(why == errc::invalid_cron || why == errc::cron_never_comes, "a refusal of cron");
  require(!rule.error().detail.empty(), "it says what was received");
}

}  // namespace
}  // namespace mutirao::http

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto body = mutirao::fuzz::text_of(data, size);
  mutirao::http::read_company_body(body);
  mutirao::http::read_task_body(body);
  mutirao::http::read_callback_body(body);
  mutirao::http::read_times(body);
  return 0;
}
