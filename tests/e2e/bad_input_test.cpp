// What is refused, and how: never a hint of the inside (see http_client), always a message.
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <chrono>

#include "http/auth.hpp"
#include "tests/e2e/fixture.hpp"

namespace mutirao::e2e {
namespace {

std::string base64url(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  while (!text.empty() && text.back() == '=') text.pop_back();
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

/// Signed with HMAC by `digest`, whatever the head says; without digest the signature is empty.
std::string forged(const std::string& head, const json& claims, const EVP_MD* digest,
                   std::string_view secret = service_process::secret) {
  const auto text = base64url(head) + "." + base64url(claims.dump());
  if (digest == nullptr) return text + ".";
  std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
  unsigned size = 0;
  HMAC(digest, secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), sum.data(), &size);
  return text + "." + base64url({reinterpret_cast<const char*>(sum.data()), size});
}

const std::string hs256 = R"({"alg":"HS256","typ":"JWT"})";

json claims_of(json more = json::object()) {
  json claims{{"userId", 7}, {"unidades", {{{"id", 1}, {"nome", "Matriz"}}}}};
  claims.update(more);
  return claims;
}

class bad_input : public service_test {
 protected:
  void SetUp() override {
    make_database();
    auto stored = db();
    add_companies(stored, mixed_companies(1, 1, 12));
    add_companies(stored, mixed_companies(2, 100, 3));
    start();
  }
  void TearDown() override {
    // Whatever was sent, it still serves.
    if (service_ && service_->running()) {
      EXPECT_EQ(as().get("/api/unidades").status, 200);
    } else {
      ADD_FAILURE() << "the service died";
    }
    service_test::TearDown();
  }
  void expect_401(const std::string& authorization, const std::string& message) {
    header_list headers;
    if (!authorization.empty()) headers.emplace_back("Authorization", authorization);
    for (const char* path : {"/api/empresas", "/api/notificacoes", "/api/empresas/jobs"}) {
      const auto got = nobody().get(path, headers);
      EXPECT_EQ(got.status, 401) << authorization;
      EXPECT_EQ(got.data()["error"], message) << authorization;
      EXPECT_EQ(got.data()["message"], message);
    }
    const auto posted = nobody().post_with(job_path(1), headers);
    EXPECT_EQ(posted.status, 401) << authorization;
  }
  void expect_invalid(const std::string& token) { expect_401("Bearer " + token, "Token inválido"); }
};

TEST_F(bad_input, no_token) {
  for (const char* none : {"", "Bearer null", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz"}) {
    expect_401(none, "Token não fornecido");
  }
}

TEST_F(bad_input, a_token_that_is_not_ours) {
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  const auto good = forged(hs256, claims_of({{"exp", now + 600}}), EVP_sha256());
  ASSERT_EQ(nobody().get("/api/empresas", {{"Authorization", "Bearer " + good}}).status, 200);
  expect_invalid("garbage");
  expect_invalid("a.b.c");
  expect_invalid("..");
  expect_invalid(std::string(8000, 'a'));
  expect_invalid(forged(hs256, claims_of({{"exp", now - 1}}), EVP_sha256()));
  expect_invalid(forged(hs256, claims_of({{"exp", "soon"}}), EVP_sha256()));
  expect_invalid(forged(hs256, claims_of({{"nbf", now + 600}}), EVP_sha256()));
  expect_invalid(
      forged(hs256, claims_of(), EVP_sha256(), "another secret, as long as the right one"));
  expect_invalid(forged(hs256, claims_of(), EVP_sha256(), ""));
  expect_invalid(forged(R"({"alg":"none","typ":"JWT"})", claims_of(), nullptr));
  expect_invalid(forged(R"({"alg":"None"})", claims_of(), nullptr));
  expect_invalid(forged(R"({"alg":"none"})", claims_of(), EVP_sha256()));
  expect_invalid(forged(hs256, claims_of(), nullptr));
  expect_invalid(forged(R"({"alg":"HS512","typ":"JWT"})", claims_of(), EVP_sha512()));
  expect_invalid(forged(R"({"alg":"RS256","typ":"JWT"})", claims_of(), EVP_sha256()));
  expect_invalid(forged(R"({"typ":"JWT"})", claims_of(), EVP_sha256()));
  expect_invalid(good + "A");
  expect_invalid(good.substr(0, good.size() - 2));
}

TEST_F(bad_input, a_token_without_a_user) {
  for (const json& user : {json(0), json(-7), json("7"), json(7.5), json(nullptr), json(1e30)}) {
    expect_invalid(forged(hs256, {{"userId", user}, {"unidades", nullptr}}, EVP_sha256()));
  }
  expect_invalid(forged(hs256, json::object(), EVP_sha256()));
  expect_invalid(forged(hs256, json::array(), EVP_sha256()));
}

TEST_F(bad_input, claims_of_the_old_server) {
  const auto get = [&](const json& claims, const std::string& path) {
    return nobody().get(path, {{"Authorization", "Bearer " + forged(hs256, claims, EVP_sha256())}});
  };
  // `id` where there is no `userId`; `unidades` may be null; other things in it count for nothing.
  EXPECT_EQ(get({{"id", 7}, {"unidades", {{{"id", 1}}}}}, "/api/empresas/1").status, 200);
  EXPECT_EQ(get({{"id", 7}, {"unidades", nullptr}}, "/api/empresas").data()["total"], 0);
  EXPECT_EQ(get({{"id", 7}, {"unidades", "all"}}, "/api/empresas").data()["total"], 0);
  EXPECT_EQ(get({{"id", 7}, {"unidades", {1, "1", nullptr, {{"id", "1"}}}}}, "/api/empresas")
                .data()["total"],
            0);
  EXPECT_EQ(get({{"id", 7}, {"permissions", {"admin"}}}, "/api/empresas").data()["total"], 15);
  EXPECT_EQ(get({{"id", 7}, {"permissions", "admin"}}, "/api/empresas").data()["total"], 0);
  EXPECT_EQ(get({{"id", 7}, {"cargoId", 1}}, "/api/empresas").data()["total"], 0);
  kill_and_start({"--admin-cargos", "1,2"});
  EXPECT_EQ(get({{"id", 7}, {"cargoId", 1}}, "/api/empresas").data()["total"], 15);
  EXPECT_EQ(get({{"id", 7}, {"cargoId", 3}}, "/api/empresas").data()["total"], 0);
}

TEST_F(bad_input, a_token_is_refused_once_it_expires_though_it_was_seen_before) {
  auto user = as({7, {1}, false, 2});
  EXPECT_EQ(user.get("/api/unidades").status, 200);
  EXPECT_TRUE(tests::eventually([&] { return user.get("/api/unidades").status == 401; },
                                std::chrono::seconds(5)));
}

TEST_F(bad_input, units_that_are_not_the_users_or_do_not_exist) {
  EXPECT_EQ(as().post(job_path(2)).status, 403);
  EXPECT_EQ(as().post(job_path(99)).status, 403);
  const auto missing = admin().post(job_path(99));
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(admin().post(job_path(99, "dryRun=true")).status, 404);
  EXPECT_EQ(as().get("/api/empresas/unidade/2").data()["total"], 0);
  EXPECT_EQ(db().integer("SELECT count(*) FROM jobs"), 0);
}

TEST_F(bad_input, future_years_that_are_none) {
  auto user = as();
  for (const char* wrong :
       {"-1", "6", "1.5", "abc", "NaN", "1e21", "1000000000000000000000", "", "%20", "1%20", "+1",
        "01", "0x1", "Infinity", "null", "%00", "%ff", "1,2", "\xd9\xa1"}) {
    const auto got = user.post(job_path(1, std::string("futureYears=") + wrong));
    EXPECT_EQ(got.status, 400) << wrong << " " << got.body;
    EXPECT_EQ(user.post(job_path(1, std::string("dryRun=true&futureYears=") + wrong)).status, 400);
    EXPECT_EQ(user.put(std::string("/api/empresas/1?futureYears=") + wrong, json::object()).status,
              400)
        << wrong;
  }
  EXPECT_EQ(db().integer("SELECT count(*) FROM jobs"), 0);
  for (const char* right : {"0", "1", "2", "3", "4", "5"}) {
    EXPECT_EQ(user.post(job_path(1, std::string("futureYears=") + right)).status, 202) << right;
  }
}

TEST_F(bad_input, ids_that_are_none) {
  auto user = admin();
  for (const char* wrong : {"abc", "0", "-1", "1.5", "1e3", "NaN", "99999999999999999999", "%20",
                            "1%20", "+1", "%00", "1%00", "%ff", "'", "1;drop", "null"}) {
    const std::string id = wrong;
    std::vector<answer> all{
        user.post("/api/empresas/unidade/" + id + "/auto-tarefas"),
        user.get("/api/empresas/unidade/" + id),
        user.get("/api/empresas/" + id),
        user.put("/api/empresas/" + id, json::object()),
        user.get("/api/tarefas/empresa/" + id),
        user.put("/api/tarefas/" + id, json::object()),
        user.get("/api/tarefas/agenda/responsavel/" + id),
    };
    for (std::size_t i = 0; i < all.size(); ++i) {
      EXPECT_EQ(all[i].status, 400) << i << ": " << wrong << " " << all[i].body;
      EXPECT_EQ(all[i].data()["message"], "ID inválido") << i << ": " << wrong;
    }
  }
}

TEST_F(bad_input, filters_and_pages_that_are_none) {
  auto user = as();
  for (const char* path : {"/api/tarefas", "/api/agenda"}) {
    for (const char* wrong :
         {"empresa_id=x", "unidade_id=-1", "de=2026-02-30", "ate=26-01-01", "de=2026-1-1",
          "limit=0", "limit=501", "limit=1.5", "limit=-1", "limit=", "cursor=garbage", "cursor=%00",
          "de=2026-01-01T00:00:00Z"}) {
      EXPECT_EQ(user.get(std::string(path) + "?" + wrong).status, 400) << path << " " << wrong;
    }
    EXPECT_EQ(user.get(std::string(path) + "?unknown=1&limit=500").status, 200);
  }
  EXPECT_EQ(user.get("/api/tarefas/agenda/responsavel/7?from=x").status, 400);
  EXPECT_EQ(user.get("/api/tarefas/agenda/responsavel/7?to=2026-13-01").status, 400);
  EXPECT_EQ(user.get("/api/empresas?limit=0").status, 400);
}

TEST_F(bad_input, bodies_that_are_no_object) {
  auto user = admin();
  const auto names = R"("razao_social":"A","nome_fantasia":"B")";
  for (const std::string& wrong :
       {std::string(), std::string("{"), std::string("[]"), std::string("null"), std::string("1"),
        std::string("\"text\""), std::string("{\"razao_social\":}"), std::string("{\"a\":1}}"),
        std::string("{'a':1}"), std::string("\xef\xbb\xbf"), std::string("{\"a\":\"\xff\"}"),
        std::string("\0", 1), std::string("{\"a\":NaN}"), std::string(200'000, '['),
        "{" + std::string(names) + ",\"cnpj\":\"" + cnpj_of(77) + "\",\"cidade\":\"\xc3\x28\"}"}) {
    EXPECT_EQ(user.ask("POST", "/api/empresas", wrong).status, 400) << wrong.substr(0, 60);
    EXPECT_EQ(user.ask("PUT", "/api/empresas/1", wrong).status, 400) << wrong.substr(0, 60);
    EXPECT_EQ(user.ask("PUT", "/api/tarefas/1", wrong).status, 400) << wrong.substr(0, 60);
  }
  EXPECT_EQ(db().integer("SELECT count(*) FROM empresas"), 15);
}

TEST_F(bad_input, fields_of_wrong_types) {
  auto user = admin();
  const json good{{"cnpj", cnpj_of(500)}, {"razao_social", "A"}, {"nome_fantasia", "B"}};
  const std::vector<std::pair<const char*, json>> wrong{
      {"cnpj", 12345678000195},
      {"cnpj", "11111111111111"},
      {"cnpj", "123"},
      {"cnpj", json::array()},
      {"razao_social", 5},
      {"razao_social", ""},
      {"razao_social", nullptr},
      {"nome_fantasia", json::object()},
      {"nome_fantasia", "  "},
      {"cidade", 5},
      {"telefone", true},
      {"periodicidade", "trinta"},
      {"periodicidade", 1.5},
      {"periodicidade", -1},
      {"periodicidade", 1e21},
      {"data_renovacao", "2026-02-30"},
      {"data_renovacao", "10/05/2026"},
      {"data_renovacao", 20260510},
      {"data_renovacao", "2026-05-10T00:00:00Z"},
      {"tecnico_responsavel", "7"},
      {"tecnico_responsavel", 0},
      {"tecnico_responsavel", -7},
      {"unidade_responsavel", 1.5},
      {"unidade_responsavel", 99},
      {"unidade_responsavel", "1"},
      {"status", "suspenso"},
      {"status", 1},
      {"caepf", "52998224725"},
      {"razao_social", std::string(100'000, 'x')},
      {"cidade", "a\nb"},
  };
  for (const auto& [field, value] : wrong) {
    auto body = good;
    body[field] = value;
    const auto made = user.post("/api/empresas", body);
    EXPECT_EQ(made.status, 400) << field << " " << value.dump().substr(0, 50) << " " << made.body;
    const auto changed = user.put("/api/empresas/1", {{field, value}});
    EXPECT_EQ(changed.status, 400) << field << " " << value.dump().substr(0, 50) << changed.body;
  }
  for (const char* missing : {"cnpj", "razao_social", "nome_fantasia"}) {
    auto body = good;
    body.erase(missing);
    EXPECT_EQ(user.post("/api/empresas", body).status, 400) << missing;
  }
  for (const json& body : {json{{"status", "feito"}}, json{{"status", 1}}, json{{"usuarioId", "7"}},
                           json{{"usuarioId", -1}}, json{{"setorId", 0}}, json{{"setorId", 1.5}}}) {
    EXPECT_EQ(user.put("/api/tarefas/1", body).status, 400) << body;
  }
  EXPECT_EQ(db().integer("SELECT count(*) FROM empresas"), 15);
  EXPECT_EQ(user.post("/api/empresas", good).status, 201);
}

TEST_F(bad_input, a_body_of_8_mib_is_413) {
  auto user = admin();
  const std::string big(8 << 20, ' ');
  EXPECT_EQ(user.ask("POST", "/api/empresas", big).status, 413);
  EXPECT_EQ(user.ask("POST", job_path(1), big).status, 413);
  EXPECT_EQ(user.ask("PUT", "/api/empresas/1", big).status, 413);
  std::string chunked = "100000\r\n" + std::string(1 << 20, ' ') + "\r\n1\r\n \r\n0\r\n\r\n";
  tests::socket_client raw(service_->port());
  raw.send("POST /api/empresas HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" +
           chunked);
  const auto got = raw.read_answer();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 413);
  // Just below the limit it is read, and is no JSON.
  EXPECT_EQ(user.ask("POST", "/api/empresas", std::string(1 << 20, ' ')).status, 400);
}

TEST_F(bad_input, unknown_methods_and_paths) {
  auto user = as();
  for (const char* path : {"/nada", "/api", "/api/nada", "/api/empresas/1/nada", "/API/empresas",
                           "/api/empresas/unidade/1/auto-tarefas/x", "/..%2f..%2fetc/passwd",
                           "/api//empresas", "/favicon.png"}) {
    for (const char* method : {"GET", "POST", "PUT", "DELETE"}) {
      EXPECT_EQ(user.ask(method, path).status, 404) << method << " " << path;
    }
  }
  const std::vector<std::tuple<const char*, std::string, std::string>> wrong{
      {"GET", job_path(1), "POST"},
      {"DELETE", job_path(1), "POST"},
      {"POST", "/api/empresas/1", "GET"},
      {"DELETE", "/api/empresas/1", "PUT"},
      {"PATCH", "/api/empresas", "POST"},
      {"PUT", "/api/notificacoes", "GET"},
      {"GET", "/api/notificacoes/1/read", "POST"},
      {"POST", "/metrics", "GET"},
      {"POST", "/health/live", "GET"},
      {"POST", "/favicon.ico", "GET"},
      {"BREW", "/api/empresas", "GET"},
      {"TRACE", "/api/empresas", "GET"}};
  for (const auto& [method, path, allowed] : wrong) {
    const auto got = user.ask(method, path);
    EXPECT_EQ(got.status, 405) << method << " " << path << " " << got.body;
    EXPECT_NE(got.header("Allow").value_or("").find(allowed), std::string::npos)
        << method << " " << path << " Allow: " << got.header("Allow").value_or("none");
  }
}

TEST_F(bad_input, targets_that_are_no_utf_8_or_too_long) {
  auto user = as();
  EXPECT_EQ(user.get("/api/empresas/cnpj/%ff%fe").status, 400);
  EXPECT_EQ(user.get("/api/tarefas?status=%ff").status / 100, 2) << "matches nothing";
  EXPECT_EQ(user.get("/api/%zz").status, 400);
  EXPECT_EQ(user.get("/api/empresas?limit=" + std::string(3000, '1')).status, 414);
  EXPECT_EQ(user.get("/api/empresas", {{"X-Long", std::string(17'000, 'a')}}).status, 431);
  header_list many;
  for (int i = 0; i < 120; ++i) many.emplace_back("X-" + std::to_string(i), "1");
  EXPECT_EQ(user.get("/api/empresas", many).status, 431);
  const auto raw = user.get("/api/empresas/cnpj/\xff\xfe");
  EXPECT_EQ(raw.status, 400);
  EXPECT_EQ(user.get("/api/caf\xc3\xa9").status / 100, 4);
}

TEST_F(bad_input, errors_speak_portuguese_and_the_language_asked_for) {
  const auto ask = [&](const char* language) {
    header_list headers;
    if (*language) headers.emplace_back("Accept-Language", language);
    return admin().get("/api/empresas/999", headers).data();
  };
  const auto plain = ask("");
  const auto english = ask("en-US,en;q=0.9");
  EXPECT_EQ(plain["message"], english["message"]);
  EXPECT_EQ(plain["title"], ask("pt-BR")["title"]);
  EXPECT_EQ(plain["message"], plain["title"]);
  EXPECT_NE(plain["title"], english["title"]);
  EXPECT_NE(plain["detail"], english["detail"]);
  EXPECT_EQ(ask("fr, en;q=0.5, pt;q=0.8")["title"], plain["title"]);
  EXPECT_EQ(ask("fr, en;q=0.9, pt;q=0.8")["title"], english["title"]);
  EXPECT_EQ(ask("xx;q=abc;;,,")["message"], plain["message"]);
  EXPECT_EQ(plain["instance"], "/api/empresas/999");
  EXPECT_EQ(plain["status"], 404);
}

TEST_F(bad_input, a_unit_of_20000_companies_is_done) {
  {
    auto stored = db();
    add_units(stored, {5});
    std::vector<company_row> many;
    for (std::int64_t i = 0; i < 20'000; ++i) {
      many.push_back({10'000 + i, 5, "2020-03-01", std::nullopt, std::nullopt,
                      "Empresa " + std::to_string(i), true});
    }
    add_companies(stored, many);
  }
  auto user = as({7, {5}});
  const auto accepted = user.post(job_path(5));
  ASSERT_EQ(accepted.status, 202);
  EXPECT_EQ(accepted.data()["totalEmpresas"], 20'000);
  const auto job = wait_for_end(user, accepted.data()["jobId"]);
  EXPECT_EQ(job["status"], "completed");
  EXPECT_EQ(job["result"]["details"].size(), 20'000U);
  EXPECT_EQ(job["result"]["createdTotal"], 20'000);

  const auto list = user.get("/api/empresas");
  EXPECT_EQ(list.status, 200);
  EXPECT_EQ(list.header("Transfer-Encoding"), "chunked");
  const auto all = list.data();
  ASSERT_TRUE(all.is_object());
  EXPECT_EQ(all["total"], 20'000);
  ASSERT_EQ(all["companies"].size(), 20'000U);
  std::int64_t expected = 10'000;
  for (const auto& each : all["companies"]) {
    if (each["id"] != expected++) FAIL() << "gap or disorder at " << each["id"];
  }
}

}  // namespace
}  // namespace mutirao::e2e
