// Data from outside: import of CSV and JSON, demo data, golden cases by preview, tokens, options.
#include <openssl/evp.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/e2e/fixture.hpp"
#include "tests/support/places.hpp"

namespace mutirao::e2e {
namespace {

using names = std::vector<std::string>;

/// The payload of a token.
json claims_in(const std::string& token) {
  const auto from = token.find('.') + 1;
  auto text = token.substr(from, token.find('.', from) - from);
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  text.append((4 - text.size() % 4) % 4, '=');
  std::string bytes(text.size(), '\0');
  EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                  reinterpret_cast<const unsigned char*>(text.data()),
                  static_cast<int>(text.size()));
  return json::parse(bytes.substr(0, bytes.rfind('}') + 1), nullptr, false);
}

class data : public service_test {
 protected:
  std::string write(const std::string& name, const std::string& text) {
    const auto path = (folder_ / name).string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  program_result import(const std::string& path, std::vector<std::string> flags = {}) {
    std::vector<std::string> all{"import", path, "--database", url()};
    all.insert(all.end(), flags.begin(), flags.end());
    return run_program({all, {}});
  }
};

TEST_F(data, csv_is_imported_with_ids_kept_and_without_tasks) {
  make_database();
  const auto got = import(write(
      "companies.csv",
      "id,cnpj,razao_social,nome_fantasia,cidade,periodicidade,data_renovacao,tecnico_responsavel,"
      "unidade_responsavel,status\n"
      "500," +
          cnpj_of(1) +
          ",\"Silva, Souza & Cia \"\"Ltda\"\"\",Silva,São José,30,2020-05-10,7,1,"
          "ativo\n"
          ",\"12.ABC.345/01DE-35\",Beta,Beta,,,,,2,inativo\n"));
  ASSERT_EQ(got.code, 0) << got.err;
  EXPECT_EQ(
      db().lines("SELECT id, cnpj, razao_social, cidade, periodicidade, data_renovacao, "
                 "tecnico_responsavel, unidade_responsavel, ativo FROM empresas ORDER BY id"),
      (names{"500|" + cnpj_of(1) + "|Silva, Souza & Cia \"Ltda\"|São José|30|2020-05-10|7|1|1",
             "501|12ABC34501DE35|Beta|null|null|null|null|2|0"}));
  EXPECT_EQ(db().integer("SELECT count(*) FROM tarefas"), 0);
}

TEST_F(data, json_brings_its_units) {
  const json all{{"unidades", json::array({{{"id", 7}, {"nome", "Sede"}}})},
                 {"empresas", json::array({{{"id", 3},
                                            {"caepf", "52998224725"},
                                            {"razao_social", "Sítio"},
                                            {"nome_fantasia", "Sítio"},
                                            {"unidade_responsavel", 7}}})}};
  const auto got = import(write("all.json", all.dump()));
  ASSERT_EQ(got.code, 0) << got.err;
  EXPECT_EQ(db().lines("SELECT id, caepf, unidade_responsavel, ativo FROM empresas"),
            names{"3|52998224725|7|1"});
  EXPECT_EQ(db().lines("SELECT id, nome FROM unidades"), names{"7|Sede"});
}

TEST_F(data, an_import_says_per_line_what_is_wrong_and_is_all_or_nothing) {
  make_database();
  const auto path =
      write("bad.csv", "cnpj,razao_social,nome_fantasia,periodicidade\n" + cnpj_of(1) +
                           ",A,A,30\n123,B,B,30\n" + cnpj_of(3) + ",C,C,trinta\n");
  const auto refused = import(path);
  EXPECT_EQ(refused.code, 1);
  EXPECT_NE(refused.err.find("3"), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("cnpj"), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("4"), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("periodicidade"), std::string::npos) << refused.err;
  EXPECT_EQ(db().integer("SELECT count(*) FROM empresas"), 0);
  const auto skipped = import(path, {"--skip-bad"});
  EXPECT_EQ(skipped.code, 0) << skipped.err;
  EXPECT_EQ(db().lines("SELECT cnpj FROM empresas"), names{cnpj_of(1)});
  EXPECT_EQ(import(path, {"--skip-bad"}).code, 0) << "what is there already is a bad line, too";
  EXPECT_EQ(db().integer("SELECT count(*) FROM empresas"), 1);
}

TEST_F(data, files_that_are_none_are_refused) {
  make_database();
  for (const std::string& text :
       {std::string(), std::string("\xff\xfe\x00garbage", 10), std::string("{"), std::string("[]"),
        std::string("a,b,c\n1,2,3\n"), std::string("{\"empresas\":5}")}) {
    const auto got = import(write("bad.json", text));
    EXPECT_EQ(got.code, 1) << text << got.out;
    EXPECT_NE(got.err, "");
    EXPECT_EQ(import(write("bad.csv", text)).code, 1) << text;
  }
  EXPECT_NE(import((folder_ / "missing.csv").string()).code, 0);
  EXPECT_EQ(db().integer("SELECT count(*) FROM empresas"), 0);
}

TEST_F(data, demo_gives_the_same_data_for_the_same_seed) {
  const auto filled = [&](const char* name, const char* seed) {
    const auto path = (folder_ / name).string();
    const auto got = run_program({{"demo", "--database", "sqlite:" + path, "--units", "2",
                                   "--companies", "40", "--seed", seed},
                                  {}});
    EXPECT_EQ(got.code, 0) << got.err;
    database stored(path);
    auto all = stored.lines("SELECT * FROM empresas ORDER BY id");
    for (auto& each : stored.lines("SELECT * FROM unidades ORDER BY id")) all.push_back(each);
    EXPECT_GT(stored.integer("SELECT count(*) FROM usuarios"), 0);
    return all;
  };
  const auto first = filled("a.db", "1");
  EXPECT_EQ(first.size(), 82U);
  EXPECT_EQ(filled("b.db", "1"), first);
  EXPECT_NE(filled("c.db", "2"), first);
}

TEST_F(data, preview_answers_golden_cases_in_their_order) {
  const auto source = testing::in_source("tests/data/golden/auto-tarefas.json");
  const auto got = run_program({{"preview"}, {}, source});
  ASSERT_EQ(got.code, 0) << got.err;
  std::ifstream file(source);
  const auto cases = json::parse(file);
  const auto answers = json::parse(got.out, nullptr, false);
  ASSERT_TRUE(answers.is_array()) << got.out.substr(0, 200);
  ASSERT_EQ(answers.size(), cases.size());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(answers[i], (json{{"tasks", cases[i]["expected"]["tasks"]}})) << "case " << i;
  }
  const auto bad = run_program({{"preview"}, {}, write("bad.json", "{\"today\":1}")});
  EXPECT_EQ(bad.code, 1);
  EXPECT_EQ(bad.out, "");
  EXPECT_NE(bad.err, "");
}

TEST_F(data, a_token_of_the_command_is_the_users) {
  make_database();
  {
    auto stored = db();
    add_companies(stored, mixed_companies(1, 1, 3));
    add_companies(stored, mixed_companies(2, 10, 3));
  }
  start();
  const auto printed = [&](std::vector<std::string> flags) {
    std::vector<std::string> all{"token", "--user", "7", "--nome", "Ana", "--email", "a@b.c"};
    all.insert(all.end(), flags.begin(), flags.end());
    const auto got = run_program({all, with_secret()});
    EXPECT_EQ(got.code, 0) << got.err;
    return got.out.substr(0, got.out.find('\n'));
  };
  const auto total = [&](const std::string& token) {
    return http_client(service_->port(), token).get("/api/empresas").data()["total"];
  };
  EXPECT_EQ(total(printed({"--unit", "1=Matriz"})), 3);
  EXPECT_EQ(total(printed({"--unit", "1=Matriz", "--unit", "2=Filial Sul"})), 6);
  EXPECT_EQ(total(printed({"--admin"})), 6);
  EXPECT_EQ(total(printed({})), 0);
  const auto brief = printed({"--expires-in", "1s"});
  EXPECT_TRUE(tests::eventually(
      [&] { return http_client(service_->port(), brief).get("/api/empresas").status == 401; }));
}

TEST_F(data, a_flag_beats_the_environment_and_that_the_file) {
  const auto config =
      write("mutirao.toml", "expires-in = \"1s\"\nuser = 3\nnome = \"Do arquivo\"\n");
  const auto claims_of = [&](std::vector<std::string> flags,
                             std::map<std::string, std::string> environment) {
    environment.merge(with_secret());
    std::vector<std::string> all{"token", "--config", config};
    all.insert(all.end(), flags.begin(), flags.end());
    const auto got = run_program({all, environment});
    EXPECT_EQ(got.code, 0) << got.err;
    return claims_in(got.out);
  };
  const auto by_file = claims_of({}, {});
  EXPECT_EQ(by_file["userId"], 3);
  EXPECT_EQ(by_file["nome"], "Do arquivo");
  EXPECT_EQ(by_file["exp"].get<std::int64_t>() - by_file["iat"].get<std::int64_t>(), 1);
  EXPECT_EQ(claims_of({}, {{"MUTIRAO_USER", "4"}})["userId"], 4);
  EXPECT_EQ(claims_of({"--user", "5"}, {{"MUTIRAO_USER", "4"}})["userId"], 5);
}

}  // namespace
}  // namespace mutirao::e2e
