#include <nlohmann/json.hpp>

#include "tests/http/samples.hpp"
#include "tests/http/site_fixture.hpp"

namespace mutirao::http {
namespace {

using nlohmann::json;

const std::string path = "/api/empresas/import";

/// The reader of files is app/import's; here it finds what the test says.
class import_routes : public site_test {
 protected:
  void SetUp() override {
    plays->on<list_stored_keys>([](const list_stored_keys&) { return stored_keys{}; });
    plays->on<import_rows>([](const import_rows& rows) {
      return import_rows::answer{0, 0, static_cast<std::int64_t>(rows.companies.size())};
    });
  }

  service build_import() {
    auto what = build();
    what.read_import = [this](std::string_view text, const stored_keys&,
                              const import_terms& terms) -> expected<import_reading> {
      seen = terms;
      body = text;
      if (refusal) return tl::unexpected(*refusal);
      return found;
    };
    return what;
  }

  response import(std::string_view query, const std::string& text = "cnpj\n",
                  std::string_view speaks = "pt", const std::string& token = {}) {
    if (!site_) site_ = std::make_shared<site>(system, build_import());
    auto out = std::make_shared<recorded_reply>();
    site_->handle(make("POST", path + std::string(query), token.empty() ? member : token, text,
                       {{"accept-language", speaks}}),
                  reply(out));
    return out->wait();
  }

  void TearDown() override {
    if (site_) site_->stop();
    site_.reset();
    site_test::TearDown();
  }

  static import_reading good_and_bad() {
    import_reading reading;
    auto one = sample_company().data;
    one.id = {};
    reading.rows.companies = {one};
    reading.bad = {{{}, 3, "cnpj", row_fault::invalid_cnpj, "123"},
                   {"empresas", 4, "unidade_responsavel", row_fault::foreign_unit, "9"}};
    reading.total = 3;
    return reading;
  }

  import_reading found = good_and_bad();
  std::optional<error> refusal;
  import_terms seen;
  std::string body;

 private:
  std::shared_ptr<site> site_;
};

TEST_F(import_routes, a_dry_run_shows_what_would_come_and_stores_nothing) {
  const auto got = import("?dryRun=true&unidade_id=1", "the file");
  ASSERT_EQ(got.status, 200) << body_of(got);
  const auto told = json::parse(body_of(got));
  EXPECT_EQ(told["total"], 3);
  EXPECT_EQ(told["good"], 1);
  EXPECT_EQ(told["bad"][0], json::parse(R"({"line":3,"field":"cnpj","value":"123","message":)"
                                        R"("CNPJ inválido: são 14 caracteres, com dígitos )"
                                        R"(verificadores certos."})"));
  EXPECT_EQ(told["bad"][1]["part"], "empresas");
  EXPECT_EQ(told["bad"][1]["message"], "Sem acesso à unidade 9.");
  ASSERT_EQ(told["sample"].size(), 1U);
  EXPECT_EQ(told["sample"][0]["cnpj"], "11222333000181");
  EXPECT_FALSE(told["sample"][0].contains("id"));
  EXPECT_EQ(told["units"], json::parse("[1]"));
  EXPECT_TRUE(plays->asked<import_rows>().empty());
  EXPECT_EQ(body, "the file");
  EXPECT_EQ(seen.unit, unit_id{1});
  EXPECT_EQ(seen.by.user, user_id{7});
  EXPECT_EQ(seen.most_rows, 100'000U);
}

TEST_F(import_routes, messages_follow_the_language) {
  const auto told = json::parse(body_of(import("?dryRun=true", "x", "en")));
  EXPECT_EQ(told["bad"][1]["message"], "Unit 9 is not yours.");
}

TEST_F(import_routes, one_bad_row_stores_nothing_and_all_are_told) {
  const auto got = import("");
  EXPECT_EQ(got.status, 400);
  EXPECT_EQ(got.content_type, "application/problem+json");
  const auto told = json::parse(body_of(got));
  EXPECT_EQ(told["type"], "urn:mutirao:problem:bad-rows");
  EXPECT_EQ(told["message"], "Nada foi gravado: 2 linhas com erro.");
  EXPECT_EQ(told["total"], 3);
  EXPECT_EQ(told["good"], 1);
  EXPECT_EQ(told["bad"].size(), 2U);
  EXPECT_TRUE(plays->asked<import_rows>().empty());
}

TEST_F(import_routes, one_bad_row_is_counted_as_one) {
  found.bad.resize(1);
  const auto told = json::parse(body_of(import("", "x", "en")));
  EXPECT_EQ(told["message"], "Nada foi gravado: 1 linha com erro.");
  EXPECT_EQ(told["detail"], "Nothing was stored: 1 bad row.");
}

TEST_F(import_routes, it_may_be_judged_as_a_job_judges) {
  import("?dryRun=true");
  EXPECT_FALSE(seen.as_job);
  import("?dryRun=true&asJob=true");
  EXPECT_TRUE(seen.as_job);
  EXPECT_EQ(import("?asJob=sim").status, 400);
}

TEST_F(import_routes, bad_rows_may_be_skipped) {
  const auto got = import("?skipBad=true");
  ASSERT_EQ(got.status, 200) << body_of(got);
  const auto told = json::parse(body_of(got));
  EXPECT_EQ(told["imported"], 1);
  EXPECT_EQ(told["bad"].size(), 2U);
  EXPECT_EQ(plays->asked<import_rows>().size(), 1U);
}

TEST_F(import_routes, good_rows_are_stored) {
  found.bad.clear();
  found.total = 1;
  const auto got = import("?dryRun=false");
  ASSERT_EQ(got.status, 200) << body_of(got);
  EXPECT_EQ(json::parse(body_of(got))["imported"], 1);
  plays->on<import_rows>([](const import_rows&) -> expected<import_rows::answer> {
    return fail(errc::already_registered, "empresa 1: 11222333000181 já cadastrado");
  });
  EXPECT_EQ(import("").status, 409) << "somebody was quicker";
}

TEST_F(import_routes, of_many_bad_rows_the_first_thousand_are_told) {
  found.bad.assign(5'000, found.bad[0]);
  found.total = 5'001;
  const auto told = json::parse(body_of(import("?dryRun=true")));
  EXPECT_EQ(told["bad"].size(), 1'000U);
  EXPECT_EQ(told["good"], 1);
}

TEST_F(import_routes, what_is_no_file_is_refused) {
  refusal = error{errc::unknown_column, "cor"};
  const auto got = import("?dryRun=true");
  EXPECT_EQ(got.status, 400);
  EXPECT_NE(body_of(got).find("\\\"cor\\\""), std::string::npos) << body_of(got);
}

TEST_F(import_routes, wrong_questions_are_refused) {
  EXPECT_EQ(import("?dryRun=1").status, 400);
  EXPECT_EQ(import("?skipBad=x").status, 400);
  EXPECT_EQ(import("?unidade_id=0").status, 400);
  EXPECT_EQ(import("?unidade_id=2").status, 403);
  EXPECT_EQ(import("?unidade_id=2&dryRun=true", "x", "pt", admin).status, 200);
  EXPECT_EQ(ask_as("", "POST", path, "x").status, 401);
}

TEST_F(import_routes, sixteen_mebibytes_are_taken_of_those_who_are_known) {
  const header_values none;
  EXPECT_EQ(at().body_limit(method::post, path, none).error(), errc::missing_token);
}

}  // namespace
}  // namespace mutirao::http
