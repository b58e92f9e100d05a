// Users of the real program: added beside it, signing in, slowed down, disabled, flooding it.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <stdlib.h>

#include <fstream>

#include "tests/e2e/hostile.hpp"
#include "tests/e2e/measure.hpp"

namespace mutirao::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string password = "correct horse battery";

/// `mutirao users` on a database, with what it reads from its standard input.
program_result users(const testing::temporary_folder& folder, std::vector<std::string> words,
                     const std::string& input = {}) {
  const auto file = (folder / "input").string();
  std::ofstream(file, std::ios::binary | std::ios::trunc) << input;
  words.insert(words.begin(), "users");
  words.insert(words.end(), {"--database", "sqlite:" + (folder / "mutirao.db").string()});
  return run_program({words, {}, file});
}

class sign_in : public service_test {
 protected:
  void SetUp() override { make_database(); }

  void add(const std::string& email, std::vector<std::string> more = {"--unit", "1"}) {
    more.insert(more.begin(), {"add", "--email", email, "--nome", "Bia", "--sobrenome", "Reis"});
    const auto done = users(folder_, more, password + "\n");
    ASSERT_EQ(done.code, 0) << done.err;
  }
  void change(const std::string& how, const std::string& who, const std::string& input = {}) {
    const auto done = users(folder_, {how, who}, input);
    ASSERT_EQ(done.code, 0) << done.err;
  }
  static answer log_in(http_client& by, const std::string& email,
                       const std::string& with = password) {
    return by.post("/api/auth/login", json{{"email", email}, {"senha", with}});
  }
  answer log_in(const std::string& email, const std::string& with = password) {
    auto client = nobody();
    return log_in(client, email, with);
  }
  http_client with(const answer& session) {
    return http_client(service_->port(), session.data().value("token", ""));
  }
  static header_list cookie_of(const answer& session) {
    const auto set = session.header("Set-Cookie").value_or("");
    return {{"Cookie", set.substr(0, set.find(';'))}};
  }
};

TEST_F(sign_in, is_for_who_was_added_beside_the_running_service_and_after_a_restart) {
  start();
  EXPECT_EQ(log_in("bia@example.com").status, 401);
  add("Bia@Example.com");
  const auto session = log_in("bia@example.com");
  ASSERT_EQ(session.status, 200) << session.body;
  const auto user = session.data()["user"];
  EXPECT_EQ(user["email"], "bia@example.com");
  EXPECT_EQ(user["unidades"].at(0)["id"], 1);
  auto bia = with(session);
  EXPECT_EQ(bia.get("/api/empresas").status, 200);
  EXPECT_EQ(bia.post(job_path(1)).status, 200) << "an empty unit is a job that is done";
  EXPECT_EQ(bia.post(job_path(2)).status, 403);
  EXPECT_EQ(bia.get("/api/usuarios/" + user["id"].dump()).data(), user);
  auto anybody = nobody();
  EXPECT_EQ(measure(anybody, "mutirao_sign_ins_total"), 1);
  EXPECT_EQ(measure(anybody, "mutirao_sign_ins_refused_total"), 1);
  EXPECT_THAT(service_->errors(), Not(HasSubstr(password)));
  EXPECT_THAT(service_->errors(), Not(HasSubstr(session.data()["token"])));
  kill_and_start();
  EXPECT_EQ(with(session).get("/api/empresas").status, 200);
  EXPECT_EQ(log_in("BIA@example.com").status, 200);
  stop();
}

TEST_F(sign_in, tells_wrong_unknown_and_disabled_alike_and_slows_down) {
  add("bia@example.com");
  add("leo@example.com");
  start();
  const auto wrong = log_in("bia@example.com", "another horse");
  EXPECT_EQ(wrong.status, 401);
  change("disable", "leo@example.com");
  EXPECT_EQ(log_in("leo@example.com").body, wrong.body);
  EXPECT_EQ(log_in("nobody@example.com").body, wrong.body);
  change("enable", "leo@example.com");
  EXPECT_EQ(log_in("leo@example.com").status, 200);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(log_in("bia@example.com", "x").status, 401);
  const auto slowed = log_in("bia@example.com");
  EXPECT_EQ(slowed.status, 429);
  EXPECT_GE(std::stoi(slowed.header("Retry-After").value_or("0")), 1);
  EXPECT_THAT(slowed.data()["message"], HasSubstr("Muitas tentativas. Espere "));
  EXPECT_EQ(log_in("leo@example.com").status, 200);
  auto anybody = nobody();
  EXPECT_EQ(measure(anybody, "mutirao_sign_ins_slowed_total"), 1);
  stop();
}

TEST_F(sign_in, is_renewed_by_the_cookie_as_long_as_the_user_signs_in) {
  add("bia@example.com");
  start();
  const auto session = log_in("bia@example.com");
  ASSERT_EQ(session.status, 200);
  const auto cookie = cookie_of(session);
  auto page = nobody();
  const auto renewed = page.ask("POST", "/api/auth/renew", "", cookie);
  EXPECT_EQ(renewed.status, 200);
  EXPECT_EQ(with(renewed).get("/api/empresas").status, 200);
  EXPECT_TRUE(page.ask("POST", "/api/auth/session", "", cookie).data().contains("session"));
  const auto left = page.ask("POST", "/api/auth/logout", "", cookie);
  EXPECT_EQ(left.status, 204);
  EXPECT_THAT(left.header("Set-Cookie").value_or(""), HasSubstr("Max-Age=0"));
  change("disable", "bia@example.com");
  EXPECT_EQ(page.ask("POST", "/api/auth/renew", "", cookie).status, 401);
  EXPECT_EQ(page.ask("POST", "/api/auth/session", "", cookie).data(), json::object());
  EXPECT_EQ(with(session).post("/api/auth/renew").status, 401);
  change("enable", "bia@example.com");
  EXPECT_EQ(page.ask("POST", "/api/auth/renew", "", cookie).status, 200);
  stop();
}

TEST_F(sign_in, with_a_new_password_the_old_one_is_wrong) {
  add("bia@example.com");
  start();
  change("passwd", "bia@example.com", "another horse battery\r\nnot this line");
  EXPECT_EQ(log_in("bia@example.com").status, 401);
  EXPECT_EQ(log_in("bia@example.com", "another horse battery").status, 200);
  stop();
}

TEST_F(sign_in, tokens_of_another_issuer_with_the_secret_work_as_before) {
  add("bia@example.com", {"--id", "7"});
  start();
  auto outside = as({999, {1}, false});
  EXPECT_EQ(outside.get("/api/empresas").status, 200);
  EXPECT_EQ(outside.post(job_path(1)).status, 200);
  EXPECT_EQ(outside.post("/api/auth/renew").status, 401) << "a user who is not stored here";
  // The rights of the token, not of the account.
  auto seven = as({7, {2}, false});
  EXPECT_EQ(seven.post(job_path(2)).status, 200);
  stop();
}

TEST_F(sign_in, of_made_up_users_takes_one_click) {
  start({"--dev"});
  auto page = nobody();
  const auto offered = page.post("/api/auth/session").data()["devUsers"];
  ASSERT_EQ(offered.size(), 3U);
  for (const auto& one : offered) {
    const auto session = page.post("/api/auth/dev", json{{"id", one["id"]}});
    ASSERT_EQ(session.status, 200) << one;
    EXPECT_EQ(with(session).get("/api/empresas").status, 200);
    EXPECT_EQ(page.ask("POST", "/api/auth/renew", "", cookie_of(session)).status, 200);
    const auto all = with(session).get("/api/unidades").data()["unidades"].size();
    EXPECT_EQ(all, one["admin"] == true ? 2U : one["id"] == 8 ? 1U : 0U) << one;
  }
  EXPECT_EQ(db().integer("SELECT count(*) FROM usuarios WHERE senha IS NOT NULL"), 0)
      << "nobody is stored";
  stop();
}

TEST_F(sign_in, a_password_is_asked_for_on_a_terminal_without_showing_it) {
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
  ASSERT_GE(terminal, 0);
  ASSERT_EQ(::grantpt(terminal), 0);
  ASSERT_EQ(::unlockpt(terminal), 0);
  const std::string name = ::ptsname(terminal);
  const int other_end = ::open(name.c_str(), O_RDWR | O_NOCTTY);
  program_process child(
      {{"users", "add", "--email", "bia@example.com", "--nome", "Bia", "--database", url()},
       {},
       name});
  const auto answer_to = [&](const std::string& prompt) {
    ASSERT_TRUE(tests::eventually([&] { return child.errors().find(prompt) != std::string::npos; },
                                  std::chrono::seconds(30)))
        << child.errors();
    const auto line = password + "\n";
    ASSERT_EQ(::write(terminal, line.data(), line.size()), std::ssize(line));
  };
  answer_to("Password: ");
  answer_to("Again: ");
  EXPECT_EQ(child.wait(), 0) << child.errors();
  char shown[256];
  const auto bytes = ::read(terminal, shown, sizeof shown);
  ASSERT_GT(bytes, 0);
  EXPECT_EQ(std::string(shown, static_cast<std::size_t>(bytes)), "\r\n\r\n");
  ::close(other_end);
  ::close(terminal);
  start();
  EXPECT_EQ(log_in("bia@example.com").status, 200);
  stop();
}

// ---- a flood

class sign_in_flood : public hostile_test {};

TEST_F(sign_in_flood, of_two_hundred_at_a_time_holds_up_nobody_else) {
  ASSERT_EQ(users(folder_, {"add", "--email", "bia@example.com", "--nome", "Bia"}, password).code,
            0);
  const auto attempt = [](const std::string& email) {
    const auto body = json{{"email", email}, {"senha", "wrong"}}.dump();
    return "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
           "Content-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
  };
  const auto those = others();
  std::map<int, int> statuses;
  for (int round = 0; round < 3; ++round) {
    std::vector<tests::socket_client> flood;
    for (int i = 0; i < 200; ++i) {
      flood.push_back(connect());
      flood.back().send(attempt(std::to_string(round * 1000 + i) + "@example.com"));
    }
    for (auto& one : flood) {
      const auto got = one.read_answer(false, std::chrono::seconds(60));
      ASSERT_TRUE(got);
      ++statuses[got->status];
    }
  }
  expect_unharmed(*those, "of three floods of 200 wrong passwords");
  EXPECT_EQ(statuses[401] + statuses[503], 600);
  EXPECT_GE(statuses[401], 32) << "the door takes some";
  EXPECT_GE(statuses[503], 200) << "and sends others away";
  auto page = nobody();
  const auto session =
      page.post("/api/auth/login", json{{"email", "bia@example.com"}, {"senha", password}});
  EXPECT_EQ(session.status, 200) << session.body;
}

}  // namespace
}  // namespace mutirao::e2e
