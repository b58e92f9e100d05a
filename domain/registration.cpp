#include "domain/registration.hpp"

#include <algorithm>
#include <cstddef>

namespace mutirao {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_punctuation(char c) {
  return c == '.' || c == '/' || c == '-' || c == ' ';
}

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

/// Without punctuation, in upper case; nothing where more than `longest` characters remain.
std::optional<std::string> bare(std::string_view text, std::size_t longest) {
  std::string kept;
  for (const char c : text) {
    if (is_punctuation(c)) continue;
    if (kept.size() == longest) return std::nullopt;
    kept += upper(c);
  }
  return kept;
}

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_digit);
}

bool all_equal(std::string_view text) {
  return text.find_first_not_of(text.front()) == std::string_view::npos;
}

/// Modulo 11 with weights 2, 3, ... from the right, starting again after `last_weight`.
int check_digit(std::string_view text, int last_weight) {
  int sum = 0;
  int weight = 2;
  for (auto at = text.rbegin(); at != text.rend(); ++at) {
    sum += (*at - '0') * weight;
    weight = weight == last_weight ? 2 : weight + 1;
  }
  const int rest = sum % 11;
  return rest < 2 ? 0 : 11 - rest;
}

constexpr int cnpj_last_weight = 9;
constexpr int cpf_last_weight = 11;  // never reached: the longest text has 10 digits

constexpr std::size_t cpf_length = 11;
constexpr std::size_t cpf_root_length = 9;
constexpr std::size_t cnpj_length = 14;
constexpr std::size_t caepf_length = 14;

/// The two check digits behind `base` as one number, 0 to 99.
int check_pair(std::string base) {
  const int last_weight = base.size() == cpf_root_length ? cpf_last_weight : cnpj_last_weight;
  const int first = check_digit(base, last_weight);
  base += static_cast<char>('0' + first);
  return first * 10 + check_digit(base, last_weight);
}

/// Whether `text` ends in `pair`, two digits.
bool ends_in(std::string_view text, int pair) {
  const std::string_view end = text.substr(text.size() - 2);
  return all_digits(end) && (end[0] - '0') * 10 + (end[1] - '0') == pair;
}

bool is_cpf(const std::string& text) {
  return text.size() == cpf_length && all_digits(text) && !all_equal(text) &&
         ends_in(text, check_pair(text.substr(0, cpf_root_length)));
}

bool is_caepf(const std::string& text) {
  if (text.size() != caepf_length || !all_digits(text)) return false;
  // No CPF has nine equal digits in front: its check digits would be the same digit again.
  if (all_equal(std::string_view(text).substr(0, cpf_root_length))) return false;
  const int pair = check_pair(text.substr(0, caepf_length - 2));
  return ends_in(text, (pair + 12) % 100);
}

bool is_cnpj(const std::string& text) {
  const auto letter_or_digit = [](char c) { return is_digit(c) || (c >= 'A' && c <= 'Z'); };
  return text.size() == cnpj_length && std::all_of(text.begin(), text.end(), letter_or_digit) &&
         !all_equal(text) && ends_in(text, check_pair(text.substr(0, cnpj_length - 2)));
}

}  // namespace

std::string with_check_digits(std::string base) {
  const int pair = check_pair(base);
  base += static_cast<char>('0' + pair / 10);
  base += static_cast<char>('0' + pair % 10);
  return base;
}

std::optional<std::string> normalize_cnpj(std::string_view text) {
  auto number = bare(text, cnpj_length);
  return number && is_cnpj(*number) ? number : std::nullopt;
}

std::optional<std::string> normalize_cpf(std::string_view text) {
  auto number = bare(text, cpf_length);
  return number && is_cpf(*number) ? number : std::nullopt;
}

std::optional<std::string> normalize_caepf(std::string_view text) {
  auto number = bare(text, caepf_length);
  return number && (is_caepf(*number) || is_cpf(*number)) ? number : std::nullopt;
}

}  // namespace mutirao
