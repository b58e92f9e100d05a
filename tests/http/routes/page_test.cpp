// The page and its assets, as the routes answer them.
#include <gtest/gtest.h>

#include "http/web/bundle.hpp"
#include "tests/http/site_fixture.hpp"

namespace mutirao::http {
namespace {

using page_test = site_test;

const web::file& page_file() {
  return web::bundle().front();
}

TEST_F(page_test, is_answered_without_token_and_asked_for_each_time) {
  for (const auto* path : {"/", "/entrar", "/empresas", "/empresas/7", "/jobs", "/jobs/x", "/sobre",
                           "/sobre/listar", "/jobs/"}) {
    const auto answer = ask_as("", "GET", path);
    EXPECT_EQ(answer.status, 200) << path;
    EXPECT_EQ(answer.content_type, "text/html; charset=utf-8");
    EXPECT_EQ(body_of(answer), page_file().plain);
    EXPECT_EQ(header_of(answer, "Cache-Control"), "no-cache");
  }
}

TEST_F(page_test, names_only_assets_that_are_there) {
  std::string_view html = page_file().plain;
  constexpr std::string_view front = "=\"/assets/";
  std::size_t named = 0;
  for (auto at = html.find(front); at != html.npos; at = html.find(front)) {
    html.remove_prefix(at + 2);
    const std::string path(html.substr(0, html.find('"')));
    EXPECT_EQ(ask_as("", "GET", path).status, 200) << path;
    ++named;
  }
  EXPECT_GE(named, web::bundle().size() - 1) << "each asset is loaded with the page, not behind it";
}

TEST_F(page_test, an_asset_never_changes_at_its_address) {
  for (const auto& file : web::bundle().subspan(1)) {
    const auto answer = ask_as("", "GET", std::string(file.path));
    EXPECT_EQ(answer.status, 200) << file.path;
    EXPECT_EQ(answer.content_type, file.type);
    EXPECT_EQ(header_of(answer, "Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(header_of(answer, "ETag"), '"' + std::string(file.hash) + '"');
  }
  EXPECT_EQ(ask_as("", "GET", "/assets/000000000000/js/main.js").status, 404);
  EXPECT_EQ(ask_as("", "GET", "/assets/x/y/z/..%2fmain.js").status, 404);
}

TEST_F(page_test, says_nothing_again_to_whom_has_it) {
  const auto tag = '"' + std::string(page_file().hash) + "-gz\"";
  const auto answer = ask("GET", "/", "", {{"accept-encoding", "gzip"}, {"if-none-match", tag}});
  EXPECT_EQ(answer.status, 304);
  EXPECT_TRUE(body_of(answer).empty());
  EXPECT_EQ(header_of(answer, "ETag"), tag);
  EXPECT_EQ(header_of(answer, "Vary"), "Accept-Encoding");
  const auto plain = ask("GET", "/", "", {{"if-none-match", tag}});
  EXPECT_EQ(plain.status, 200) << "the compressed one is another representation";
}

TEST_F(page_test, is_compressed_for_whom_takes_that) {
  const auto answer = ask("GET", "/", "", {{"accept-encoding", "br, gzip"}});
  EXPECT_EQ(header_of(answer, "Content-Encoding"), "gzip");
  EXPECT_EQ(body_of(answer), page_file().gzip);
  EXPECT_EQ(header_of(ask("GET", "/"), "Content-Encoding"), "(none)");
}

TEST_F(page_test, an_address_that_is_not_there_is_told_by_the_page_to_a_browser) {
  const std::string browser = "text/html,application/xhtml+xml,*/*;q=0.8";
  const auto answer = ask("GET", "/nada/mais", "", {{"accept", browser}});
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(body_of(answer), page_file().plain);
  EXPECT_NE(header_of(answer, "Content-Security-Policy"), "(none)");
  const auto again = ask("GET", "/nada/mais", "",
                         {{"accept", "text/html"}, {"if-none-match", header_of(answer, "ETag")}});
  EXPECT_EQ(again.status, 404);
  EXPECT_EQ(ask("GET", "/api/nada", "", {{"accept", browser}}).content_type,
            "application/problem+json");
  EXPECT_EQ(ask("POST", "/nada", "", {{"accept", browser}}).content_type,
            "application/problem+json");
  EXPECT_EQ(ask("GET", "/nada", "", {{"accept", "*/*"}}).content_type, "application/problem+json");
}

TEST_F(page_test, has_its_icon_where_browsers_look_by_themselves) {
  const auto answer = ask_as("", "GET", "/favicon.ico");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.content_type, "image/svg+xml");
}

TEST_F(page_test, the_policy_is_on_the_page_alone) {
  EXPECT_NE(header_of(ask("GET", "/"), "Content-Security-Policy").find("default-src 'none'"),
            std::string::npos);
  for (const auto* path : {"/version", "/api/nada", "/nada"}) {
    EXPECT_EQ(header_of(ask("GET", path), "Content-Security-Policy"), "(none)") << path;
  }
}

}  // namespace
}  // namespace mutirao::http
