#include <algorithm>
#include <limits>
#include <memory>
#include <ostream>

#include "app/clock.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/common.hpp"
#include "app/commands/token_options.hpp"
#include "app/made_up_users.hpp"
#include "app/password_input.hpp"
#include "app/passwords.hpp"
#include "domain/argument_text.hpp"
#include "http/auth.hpp"
#include "storage/open.hpp"

namespace mutirao::app {
namespace {

using kind = option_spec::kind;

constexpr std::int64_t any_id = std::numeric_limits<std::int64_t>::max();

expected<std::unique_ptr<accounts>> open_accounts(const std::string& url, bool create) {
  return storage::open_accounts(url, {.create = create, .owner = "mutirao users"});
}

expected<instant> now() {
  return system_clock_in("UTC").map([](const auto& clock) { return clock->now(); });
}

/// Of a new password, what is kept.
expected<std::string> read_hashed_password(const console& terminal) {
  const auto hasher = argon2id_hasher();
  if (!hasher) return tl::unexpected(hasher.error());
  const auto password = read_new_password(terminal);
  if (!password) return tl::unexpected(password.error());
  return (*hasher)->hash(*password);
}

// What was given cannot be taken: that is wrong use. All else has failed.
int report(const console& terminal, const std::string& command, const error& why) {
  return why.code == errc::invalid_field ? report_wrong_use(terminal, command, why)
                                         : report_failure(terminal, command, why);
}

// ---- add

/// "3=Consultor", "3", or "Consultor".
void read_cargo(option_reader& given, user_rights& rights) {
  const std::string text = given.text("cargo");
  if (text.empty()) return;
  const auto equals = text.find('=');
  rights.cargo_id = whole_number(text.substr(0, equals), 1, any_id);
  if (rights.cargo_id && equals == text.npos) return;
  rights.cargo = rights.cargo_id ? text.substr(equals + 1) : text;
  if (rights.cargo->empty()) given.complain("cargo", "\"" + text + "\" is not ID=NAME");
}

void read_units(option_reader& given, user_rights& rights) {
  for (const auto& text : given.texts("unit")) {
    if (const auto number = whole_number(text, 1, any_id)) {
      rights.units.push_back({unit_id{*number}, {}});
    } else {
      given.complain("unit", "\"" + text + "\" is not a unit's id, e.g. 1");
    }
  }
  if (rights.units.size() > http::most_units_of_token) {
    given.complain("unit", "a user has at most " + std::to_string(http::most_units_of_token) +
                               " units; give --admin to somebody who acts on all");
  }
}

void read_sectors(option_reader& given, user_rights& rights) {
  for (const auto& text : given.texts("setor")) {
    if (auto sector = parse_unit(text)) {
      rights.sectors.push_back({sector->id.value, std::move(sector->name)});
    } else {
      given.complain("setor", "\"" + text + "\" is not ID=NAME, e.g. 2=Visita");
    }
  }
}

account read_account(option_reader& given) {
  account made;
  made.who.id = user_id{given.optional_integer("id", 1, any_id).value_or(0)};
  const auto email = given.required("email", "name the address to sign in with");
  if (!email.empty() && !is_email(normalized_email(email))) {
    given.complain("email", "\"" + email + "\" is no e-mail address");
  }
  made.who.email = normalized_email(email);
  made.who.name = given.required("nome", "name the user, e.g. --nome Ana");
  made.who.surname = given.text("sobrenome");
  made.rights.admin = given.flag("admin");
  read_units(given, made.rights);
  read_sectors(given, made.rights);
  read_cargo(given, made.rights);
  return made;
}

bool is_made_up(user_id id, const std::string& email) {
  const auto all = made_up_users({});
  return std::any_of(all.begin(), all.end(), [&](const account& each) {
    return each.who.id == id && each.who.email == email;
  });
}

int run_add_user(option_reader& given, const console& terminal) {
  const std::string url = read_database(given);
  account made = read_account(given);
  if (!given.problems().empty()) return exit_wrong_use;
  auto book = open_accounts(url, true);
  if (!book) return report_failure(terminal, "users add", book.error());
  auto password = read_hashed_password(terminal);
  if (!password) return report(terminal, "users add", password.error());
  made.password = *std::move(password);
  const auto time = now();
  if (!time) return report_failure(terminal, "users add", time.error());
  made.password_since = *time;
  const auto added = (*book)->add(made);
  if (!added) return report_failure(terminal, "users add", added.error());
  terminal.out << "user " << added->id.value << " signs in as " << made.who.email
               << (added->known ? " (was known without a password)" : "") << '\n';
  if (is_made_up(added->id, made.who.email)) {
    terminal.out << "serve --dev offers this user with rights of its own, which end when the page "
                    "is opened anew; another address keeps the two apart\n";
  }
  return exit_done;
}

// ---- list

std::string listed(const account& one) {
  std::string line = std::to_string(one.who.id.value) + "  " + one.who.email + "  " + one.who.name;
  if (!one.who.surname.empty()) line += " " + one.who.surname;
  if (one.rights.cargo) line += "  " + *one.rights.cargo;
  if (one.rights.admin) line += "  admin";
  std::string units;
  for (const auto& unit : one.rights.units) {
    units += (units.empty() ? "  units " : ",") + std::to_string(unit.id.value);
  }
  return line + units + (one.disabled_since ? "  disabled" : "") + "\n";
}

int run_list_users(option_reader& given, const console& terminal) {
  const std::string url = read_database(given);
  if (!given.problems().empty()) return exit_wrong_use;
  const auto book = open_accounts(url, false);
  if (!book) return report_failure(terminal, "users list", book.error());
  const auto all = (*book)->list();
  if (!all) return report_failure(terminal, "users list", all.error());
  for (const auto& each : *all) terminal.out << listed(each);
  return exit_done;
}

// ---- disable, enable, passwd

account_name read_name(option_reader& given) {
  const std::string& text = given.positional(0);
  if (const auto number = whole_number(text, 1, any_id)) return user_id{*number};
  if (!is_email(normalized_email(text))) {
    given.complain("USER: \"" + text + "\" is neither an e-mail address nor an id");
  }
  return text;
}

template <class Change>
int change(option_reader& given, const console& terminal, const std::string& command,
           Change apply) {
  const std::string url = read_database(given);
  const account_name which = read_name(given);
  if (!given.problems().empty()) return exit_wrong_use;
  auto book = open_accounts(url, false);
  if (!book) return report_failure(terminal, command, book.error());
  const expected<std::string> said = apply(**book, which);
  if (!said) return report(terminal, command, said.error());
  terminal.out << given.positional(0) << ' ' << *said << '\n';
  return exit_done;
}

int run_disable(option_reader& given, const console& terminal) {
  return change(given, terminal, "users disable", [](accounts& book, const account_name& which) {
    return now()
        .and_then([&](instant time) { return book.disable(which, time); })
        .map([](bool done) -> std::string {
          return done ? "signs in no more; tokens that were given out are good until they expire"
                      : "was disabled already";
        });
  });
}

int run_enable(option_reader& given, const console& terminal) {
  return change(given, terminal, "users enable", [](accounts& book, const account_name& which) {
    return book.enable(which).map(
        [](bool done) -> std::string { return done ? "signs in again" : "was not disabled"; });
  });
}

int run_passwd(option_reader& given, const console& terminal) {
  return change(given, terminal, "users passwd",
                [&](accounts& book, const account_name& which) -> expected<std::string> {
                  const auto known = book.find(which);
                  if (!known) return tl::unexpected(known.error());
                  const auto password = read_hashed_password(terminal);
                  if (!password) return tl::unexpected(password.error());
                  const auto time = now();
                  if (!time) return tl::unexpected(time.error());
                  const auto set = book.set_password(which, *password, *time);
                  if (!set) return tl::unexpected(set.error());
                  return "has a new password; sessions begun with the old one are not renewed";
                });
}

command_spec user_command(const std::string& name, const std::string& summary,
                          int (*run)(option_reader&, const console&)) {
  return {"users " + name,
          summary,
          "mutirao users " + name + " dora@example.com --database sqlite:mutirao.db",
          {database_option()},
          {{"USER", "the e-mail address, or the id"}},
          run};
}

}  // namespace

std::vector<command_spec> users_commands() {
  return {
      {"users add",
       "lets a user sign in; asks for the password, or reads it from the standard input",
       "mutirao users add --email dora@example.com --nome Dora --sobrenome Lima --unit 1 < "
       "password",
       {
           {"email", kind::value, "ADDRESS", "what the user signs in with", ""},
           {"nome", kind::value, "NAME", "the user's name", ""},
           {"sobrenome", kind::value, "NAME", "the user's surname", ""},
           {"unit", kind::list, "ID", "a unit that the user may act on (repeatable)", ""},
           {"admin", kind::flag, "", "may act on every unit", ""},
           {"cargo", kind::value, "ID=NAME", "the user's position: 3=Consultor, 3 or Consultor",
            ""},
           {"setor", kind::list, "ID=NAME", "a sector of the user's (repeatable)", ""},
           {"id", kind::value, "ID",
            "the id of a user who is known already, or of another system (default: by the address, "
            "else a new one)",
            ""},
           database_option(),
       },
       {},
       run_add_user},
      {"users list",
       "lists who signs in",
       "mutirao users list --database sqlite:mutirao.db",
       {database_option()},
       {},
       run_list_users},
      user_command("disable", "a user signs in no more", run_disable),
      user_command("enable", "a user that was disabled signs in again", run_enable),
      user_command("passwd", "gives a user another password, asked for or read as by users add",
                   run_passwd),
  };
}

}  // namespace mutirao::app
