#include "app/demo/data.hpp"

#include <cassert>

#include "app/demo/random.hpp"
#include "app/demo/words.hpp"
#include "app/made_up_users.hpp"
#include "domain/registration.hpp"

namespace mutirao::app {
namespace {

constexpr std::int64_t technicians_per_unit = 4;

// 2018-01-01 and the days up to 2026-12-31.
constexpr date first_renewal = std::chrono::sys_days(std::chrono::year(2018) / 1 / 1);
constexpr std::uint64_t renewal_days = 9 * 365 + 2;

std::string digits(std::uint64_t number, std::size_t width) {
  std::string text = std::to_string(number);
  return std::string(width - text.size(), '0') + text;
}

// Eight digits that look drawn and are different for each `number` below 9,000,000.
std::string company_root(std::uint64_t number) {
  constexpr std::uint64_t all = 90'000'000;
  return digits(10'000'000 + number * 48'271'337 % all, 8);
}

void register_company(company& made, std::uint64_t number, demo_random& random) {
  const std::uint64_t draw = random.below(100);
  std::string root = company_root(number);
  if (draw < 4) {
    made.caepf = with_check_digits("0" + root);
    return;
  }
  if (draw < 10) {
    // Letters for the first two digits: still different for each number.
    root[0] = static_cast<char>(root[0] - '0' + 'A');
    root[1] = static_cast<char>(root[1] - '0' + 'K');
  }
  made.cnpj = with_check_digits(root + "0001");
}

std::optional<std::int64_t> draw_period(demo_random& random) {
  auto draw = static_cast<int>(random.below(100));
  for (const demo_period& each : demo_periods) {
    if (draw < each.share) return each.days == 0 ? std::nullopt : std::optional(each.days);
    draw -= each.share;
  }
  return std::nullopt;
}

std::string phone(int area_code, demo_random& random) {
  // Drawn one after the other: the operands of + have no order.
  const std::string front = digits(random.below(1000), 3);
  const std::string back = digits(random.below(10'000), 4);
  return "(" + std::to_string(area_code) + ") 3" + front + "-" + back;
}

company make_company(std::int64_t id, unit_id unit, user_id first_technician, demo_random& random) {
  company made;
  made.id = company_id{id};
  register_company(made, static_cast<std::uint64_t>(id), random);
  const std::string brand(random.pick(demo_brands));
  made.nome_fantasia = std::string(random.pick(demo_trades)) + " " + brand;
  made.razao_social = made.nome_fantasia + " " + std::string(random.pick(demo_forms));
  const demo_city& city = random.pick(demo_cities);
  made.cidade = city.name;
  made.telefone = phone(city.area_code, random);
  made.periodicidade = draw_period(random);
  const auto renewal = first_renewal + std::chrono::days(random.below(renewal_days));
  if (!random.percent(3)) made.data_renovacao = renewal;
  const user_id technician{first_technician.value +
                           static_cast<std::int64_t>(random.below(technicians_per_unit))};
  if (!random.percent(5)) made.tecnico_responsavel = technician;
  made.unidade_responsavel = unit;
  made.active = !random.percent(4);
  return made;
}

named_user make_technician(std::int64_t id, demo_random& random) {
  const std::size_t first = static_cast<std::size_t>(random.below(demo_first_names.size()));
  named_user user;
  user.id = user_id{id};
  user.name = demo_first_names[first];
  user.surname = random.pick(demo_surnames);
  user.email =
      std::string(demo_first_names_plain[first]) + "." + std::to_string(id) + "@exemplo.com.br";
  return user;
}

std::string unit_name(std::int64_t unit) {
  if (unit == 1) return "Matriz";
  const auto index = static_cast<std::size_t>(unit - 2);
  std::string name = "Filial " + std::string(demo_cities[index % demo_cities.size()].name);
  const std::size_t round = index / demo_cities.size();
  return round == 0 ? name : name + " " + std::to_string(round + 1);
}

}  // namespace

import_rows make_demo_data(demo_size size, std::uint64_t seed) {
  assert(size.units * size.companies <= most_demo_companies);
  demo_random random(seed);
  import_rows rows;
  rows.users.push_back({user_id{1}, "Mutirão", "Sistema", "sistema@exemplo.com.br"});
  for (auto& each : made_up_users({})) rows.users.push_back(std::move(each.who));
  std::int64_t company = 0;
  for (std::int64_t unit = 1; unit <= size.units; ++unit) {
    rows.units.push_back({unit_id{unit}, unit_name(unit)});
    const user_id first_technician{100 + (unit - 1) * technicians_per_unit};
    for (std::int64_t i = 0; i < technicians_per_unit; ++i) {
      rows.users.push_back(make_technician(first_technician.value + i, random));
    }
    for (std::int64_t i = 0; i < size.companies; ++i) {
      rows.companies.push_back(make_company(++company, unit_id{unit}, first_technician, random));
    }
  }
  return rows;
}

}  // namespace mutirao::app
