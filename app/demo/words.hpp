// The words that made-up companies and people are named with.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace mutirao::app {

struct demo_city {
  std::string_view name;
  int area_code;
};

inline constexpr std::array<std::string_view, 24> demo_trades{
    "Padaria",       "Metalúrgica", "Supermercado", "Transportadora", "Farmácia",   "Construtora",
    "Auto Posto",    "Oficina",     "Restaurante",  "Marcenaria",     "Gráfica",    "Clínica",
    "Distribuidora", "Confecções",  "Laticínios",   "Cerâmica",       "Hotel",      "Lavanderia",
    "Papelaria",     "Indústria",   "Serralheria",  "Frigorífico",    "Vidraçaria", "Academia"};

inline constexpr std::array<std::string_view, 32> demo_brands{
    "Estrela do Sul", "Horizonte",   "São Jorge",     "Boa Vista",  "Ipê Amarelo",  "Três Irmãos",
    "Aroeira",        "Bandeirante", "Primavera",     "Serra Azul", "Rio Claro",    "Santa Luzia",
    "Nova Aliança",   "Pau-Brasil",  "Cruzeiro",      "Guarani",    "Bem-te-vi",    "Monte Alto",
    "Paineiras",      "Tucano",      "Mantiqueira",   "Colibri",    "Sol Nascente", "Ouro Verde",
    "Araucária",      "Jatobá",      "Nossa Senhora", "Planalto",   "Canarinho",    "Vale Verde",
    "Jequitibá",      "União"};

inline constexpr std::array<std::string_view, 5> demo_forms{"Ltda", "Ltda", "S.A.", "EIRELI", "ME"};

inline constexpr std::array<demo_city, 20> demo_cities{
    {{"São Paulo", 11},     {"Campinas", 19},       {"Santos", 13},       {"Ribeirão Preto", 16},
     {"Sorocaba", 15},      {"Rio de Janeiro", 21}, {"Niterói", 21},      {"Belo Horizonte", 31},
     {"Uberlândia", 34},    {"Vitória", 27},        {"Curitiba", 41},     {"Londrina", 43},
     {"Florianópolis", 48}, {"Joinville", 47},      {"Porto Alegre", 51}, {"Salvador", 71},
     {"Recife", 81},        {"Fortaleza", 85},      {"Goiânia", 62},      {"Manaus", 92}}};

inline constexpr std::array<std::string_view, 20> demo_first_names{
    "Ana",    "Bruno",  "Carla",  "Diego",   "Eduarda", "Felipe",  "Gabriela",
    "Heitor", "Isabel", "João",   "Larissa", "Marcos",  "Natália", "Otávio",
    "Paula",  "Rafael", "Simone", "Tiago",   "Vanessa", "Wagner"};

inline constexpr std::array<std::string_view, 20> demo_surnames{
    "Almeida", "Barbosa",  "Cardoso",  "Dias",     "Esteves", "Ferreira", "Gonçalves",
    "Lima",    "Machado",  "Nogueira", "Oliveira", "Pereira", "Queiroz",  "Ribeiro",
    "Souza",   "Teixeira", "Vieira",   "Moreira",  "Araújo",  "Rocha"};

/// Addresses are made of names without accents.
inline constexpr std::array<std::string_view, 20> demo_first_names_plain{
    "ana",    "bruno",  "carla",  "diego",   "eduarda", "felipe",  "gabriela",
    "heitor", "isabel", "joao",   "larissa", "marcos",  "natalia", "otavio",
    "paula",  "rafael", "simone", "tiago",   "vanessa", "wagner"};

/// How often whole days pass between routines, in hundredths of the companies; 0: no period.
struct demo_period {
  std::int64_t days;
  int share;
};
inline constexpr std::array<demo_period, 7> demo_periods{
    {{0, 6}, {365, 6}, {180, 28}, {120, 32}, {90, 20}, {60, 6}, {30, 2}}};

}  // namespace mutirao::app
