// The numbers under which a company or a person is registered: CNPJ, CPF and CAEPF.
// normalize_* give the bare number, ready to be stored and compared, or nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mutirao {

/// 14 characters: 12 digits or letters and two check digits (letters: Receita Federal, Instrução
/// Normativa RFB 2.229/2024). Points, slashes, dashes and spaces are removed, letters become
/// upper case. Nothing where length, characters or check digits are wrong or all digits are equal.
std::optional<std::string> normalize_cnpj(std::string_view text);

/// 11 digits, the last two check digits. Punctuation, refusals as above.
std::optional<std::string> normalize_cpf(std::string_view text);

/// 14 digits (9 of the person's CPF, 3 of the sequence, 2 check digits) or the 11 of a CPF.
std::optional<std::string> normalize_caepf(std::string_view text);

/// `base`, the first 12 characters of a bare CNPJ or the first 9 of a CPF, with the two check
/// digits behind it.
std::string with_check_digits(std::string base);

}  // namespace mutirao
