// Users who sign in: added and changed beside the service, read by it.
#include <gmock/gmock.h>

#include "storage/sqlite/file_lock.hpp"
#include "storage/sqlite/migrate.hpp"
#include "tests/storage/world.hpp"

namespace mutirao::storage {
namespace {

using ::testing::HasSubstr;

class account_test : public world {
 protected:
  void SetUp() override {
    world::SetUp();
    fill(1);
    book_ = open_accounts(url()).value();
  }

  static account somebody(const std::string& email, std::vector<named_unit> units = {}) {
    account made;
    made.who = {{}, "Bia", "Reis", email};
    made.rights.units = std::move(units);
    made.password = "hash";
    made.password_since = noon;
    return made;
  }
  account stored(const account_name& which) {
    find_account asked{which};
    const auto found = ask(asked);
    EXPECT_TRUE(found);
    return found.value_or(account{});
  }
  std::vector<std::int64_t> ids(const list_users& asked) {
    std::vector<std::int64_t> found;
    for (const auto& user : ask(asked)) found.push_back(user.id.value);
    return found;
  }
  error refused(const account& what) {
    const auto added = book_->add(what);
    EXPECT_FALSE(added);
    return added ? error{} : added.error();
  }

  std::unique_ptr<accounts> book_;
};

TEST_F(account_test, are_added_beside_the_service_which_reads_them) {
  auto made = somebody("Bia@Example.com", {{{2}, ""}, {{1}, ""}, {{2}, ""}});
  made.rights.admin = true;
  made.rights.cargo_id = 3;
  made.rights.cargo = "Consultora";
  made.rights.sectors = {{2, "Visita"}};
  const auto added = book_->add(made);
  ASSERT_TRUE(added) << added.error().detail;
  EXPECT_FALSE(added->known);
  const auto found = stored("bia@example.com");
  EXPECT_EQ(found.who, (named_user{added->id, "Bia", "Reis", "bia@example.com"}));
  EXPECT_TRUE(found.rights.admin);
  EXPECT_EQ(found.rights.cargo_id, 3);
  EXPECT_EQ(found.rights.cargo, "Consultora");
  EXPECT_EQ(found.rights.units, (std::vector<named_unit>{{{1}, "Unidade 1"}, {{2}, "Unidade 2"}}));
  EXPECT_EQ(found.rights.sectors, (std::vector<named_sector>{{2, "Visita"}}));
  EXPECT_EQ(found.password, "hash");
  EXPECT_EQ(found.password_since, noon);
  EXPECT_TRUE(found.may_sign_in());
  EXPECT_EQ(stored(added->id).who.email, "bia@example.com");
  // The service goes on writing.
  EXPECT_TRUE(commit(submission(1)));
  EXPECT_EQ(book_->list()->size(), 1U);
}

TEST_F(account_test, an_address_signs_in_one_user_in_any_case) {
  ASSERT_TRUE(book_->add(somebody("bia@example.com")));
  const auto why = refused(somebody(" BIA@example.com"));
  EXPECT_EQ(why.code, errc::already_registered);
  EXPECT_THAT(why.detail, HasSubstr("bia@example.com"));
  EXPECT_EQ(number("SELECT count(*) FROM usuarios"), 2);
}

TEST_F(account_test, a_known_user_without_password_keeps_the_id) {
  const auto added = book_->add(somebody("ANA@example.com"));
  ASSERT_TRUE(added);
  EXPECT_EQ(added->id, user_id{40});
  EXPECT_TRUE(added->known);
  EXPECT_EQ(stored(user_id{40}).who.name, "Bia");
}

TEST_F(account_test, of_several_known_ones_with_an_address_one_must_be_chosen) {
  import_rows rows;
  rows.users.push_back({{41}, "Ana", "Dois", "ana@example.com"});
  ASSERT_TRUE(commit(std::move(rows)));
  const auto why = refused(somebody("ana@example.com"));
  EXPECT_EQ(why.code, errc::already_registered);
  EXPECT_THAT(why.detail, HasSubstr("40, 41"));
  auto chosen = somebody("ana@example.com");
  chosen.who.id = user_id{41};
  EXPECT_EQ(book_->add(chosen)->id, user_id{41});
  chosen.who.email = "other@example.com";
  EXPECT_THAT(refused(chosen).detail, HasSubstr("user 41 signs in already"));
}

TEST_F(account_test, a_unit_that_is_not_there_stores_nothing) {
  const auto why = refused(somebody("bia@example.com", {{{1}, ""}, {{77}, ""}}));
  EXPECT_EQ(why.code, errc::unknown_unit);
  EXPECT_THAT(why.detail, HasSubstr("77"));
  EXPECT_EQ(number("SELECT count(*) FROM usuarios"), 1);
  EXPECT_EQ(number("SELECT count(*) FROM usuarios_unidades"), 0);
}

TEST_F(account_test, are_disabled_and_enabled) {
  const auto id = book_->add(somebody("bia@example.com"))->id;
  EXPECT_EQ(book_->disable("Bia@example.com", noon), true);
  EXPECT_EQ(book_->disable(id, noon), false);
  EXPECT_FALSE(stored("bia@example.com").may_sign_in());
  EXPECT_EQ(ids({administrator(), std::nullopt}), std::vector<std::int64_t>{40});
  EXPECT_EQ(book_->enable(id), true);
  EXPECT_EQ(book_->enable(id), false);
  EXPECT_TRUE(stored("bia@example.com").may_sign_in());
}

TEST_F(account_test, get_another_password) {
  const auto id = book_->add(somebody("bia@example.com"))->id;
  ASSERT_TRUE(book_->set_password(id, "new hash", noon + std::chrono::hours(1)));
  EXPECT_EQ(stored(id).password, "new hash");
  EXPECT_EQ(stored(id).password_since, noon + std::chrono::hours(1));
}

TEST_F(account_test, who_does_not_sign_in_is_unknown) {
  for (const account_name& which : {account_name("nobody@example.com"), account_name(user_id{9}),
                                    account_name("ana@example.com"), account_name(user_id{40})}) {
    EXPECT_EQ(book_->find(which).error().code, errc::unknown_user);
    EXPECT_EQ(book_->disable(which, noon).error().code, errc::unknown_user);
    EXPECT_EQ(book_->enable(which).error().code, errc::unknown_user);
    EXPECT_EQ(book_->set_password(which, "x", noon).error().code, errc::unknown_user);
  }
  EXPECT_FALSE(ask(find_account{"ana@example.com"}));
  EXPECT_TRUE(ask(find_account{user_id{40}})) << "known by id";
  EXPECT_FALSE(ask(find_account{user_id{9}}));
}

TEST_F(account_test, an_import_does_not_change_what_somebody_signs_in_with) {
  const auto id = book_->add(somebody("bia@example.com"))->id;
  import_rows rows;
  rows.users.push_back({id, "Beatriz", "Reis", "ana@example.com"});
  rows.users.push_back({{40}, "Ana", "Lima", "bia@example.com"});
  ASSERT_TRUE(commit(std::move(rows)));
  EXPECT_EQ(stored("bia@example.com").who.name, "Beatriz");
  EXPECT_EQ(stored(user_id{40}).who.email, "bia@example.com");
  EXPECT_FALSE(stored(user_id{40}).may_sign_in());
}

TEST_F(account_test, of_a_unit_are_its_members_and_who_is_responsible_there) {
  const auto bia = book_->add(somebody("bia@example.com", {{{2}, ""}}))->id.value;
  EXPECT_EQ(ids({administrator(), std::nullopt}), (std::vector<std::int64_t>{40, bia}));
  EXPECT_EQ(ids({administrator(), unit_id{1}}), std::vector<std::int64_t>{40});
  EXPECT_EQ(ids({member(7, {{2}}), unit_id{2}}), std::vector<std::int64_t>{bia});
  EXPECT_EQ(ids({member(7, {{1}}), unit_id{2}}), std::vector<std::int64_t>{});
  EXPECT_EQ(ids({administrator(), unit_id{3}}), std::vector<std::int64_t>{});
  EXPECT_EQ(refusal(list_users{administrator(), unit_id{9}}), errc::unknown_unit);
  EXPECT_EQ(ids({member(7, {{9}}), unit_id{9}}), std::vector<std::int64_t>{});
}

class account_opening : public world {
 protected:
  void SetUp() override {}
};

TEST_F(account_opening, makes_a_database_only_where_it_may) {
  EXPECT_FALSE(open_accounts(url(), {.create = false}));
  EXPECT_FALSE(std::filesystem::exists(file()));
  EXPECT_TRUE(open_accounts(url()));
  EXPECT_TRUE(open_accounts(url(), {.create = false}));
}

TEST_F(account_opening, brings_an_older_database_up_to_date_with_what_is_in_it) {
  constexpr std::size_t before = 6;  // migrations
  {
    auto on = sqlite::connection::open(file(), sqlite::access::create).value();
    ASSERT_TRUE(sqlite::migrate(on, sqlite::migrations().first(before)));
    ASSERT_TRUE(
        on.execute("INSERT INTO usuarios (id, nome, sobrenome, email) VALUES (40, 'Ana', 'Lima', "
                   "'ana@example.com'),"
                   " (41, 'Ana', 'Dois', 'ANA@example.com')"));
  }
  auto book = open_accounts(url());
  ASSERT_TRUE(book) << book.error().detail;
  EXPECT_TRUE((*book)->list()->empty());
  EXPECT_EQ(number("SELECT count(*) FROM usuarios"), 2);
  open();
  EXPECT_FALSE(ask(find_account{user_id{40}})->may_sign_in());
}

TEST_F(account_opening, says_who_holds_an_older_database) {
  {
    auto on = sqlite::connection::open(file(), sqlite::access::create).value();
    ASSERT_TRUE(sqlite::migrate(on, sqlite::migrations().first(6)));
  }
  const auto held = sqlite::file_lock::take(file(), "an old serve");
  ASSERT_TRUE(held);
  const auto refused = open_accounts(url());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::store_locked);
  EXPECT_THAT(refused.error().detail, HasSubstr("an old serve"));
}

}  // namespace
}  // namespace mutirao::storage
