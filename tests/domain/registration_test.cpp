#include "domain/registration.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace mutirao {
namespace {

std::string two_digits(int number) {
  return {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
}

/// The check digits, of all hundred, with which `normalize` takes `base`.
template <class Normalize>
std::set<std::string> accepted_pairs(const std::string& base, Normalize normalize) {
  std::set<std::string> pairs;
  for (int pair = 0; pair < 100; ++pair) {
    if (normalize(base + two_digits(pair))) pairs.insert(two_digits(pair));
  }
  return pairs;
}

using endings = std::set<std::string>;

// 11222333 0001: 5*1+4*1+3*2+2*2+9*2+8*3+7*3+6*3+5*0+4*0+3*0+2*1 = 102, rest 3, first digit 8;
// with it 6*1+5*1+4*2+3*2+2*2+9*3+8*3+7*3+6*0+5*0+4*0+3*1+2*8 = 120, rest 10, second digit 1.
TEST(normalize_cnpj, takes_the_worked_example_with_its_check_digits_only) {
  EXPECT_EQ(normalize_cnpj("11222333000181"), "11222333000181");
  EXPECT_EQ(accepted_pairs("112223330001", normalize_cnpj), endings{"81"});
}

// The example of the Receita Federal. Values A=17, B=18, C=19, E=21, D=20:
// 5*1+4*2+3*17+2*18+9*19+8*3+7*4+6*5+5*0+4*1+3*20+2*21 = 459, rest 8, first digit 3;
// 6*1+5*2+4*17+3*18+2*19+9*3+8*4+7*5+6*0+5*1+4*20+3*21+2*3 = 424, rest 6, second digit 5.
TEST(normalize_cnpj, takes_letters_in_the_first_twelve) {
  EXPECT_EQ(normalize_cnpj("12.ABC.345/01DE-35"), "12ABC34501DE35");
  EXPECT_EQ(accepted_pairs("12ABC34501DE", normalize_cnpj), endings{"35"});
}

TEST(normalize_cnpj, takes_no_letter_for_a_check_digit) {
  // I has the value 25: the digits would add up to 10 + 25 = 35.
  EXPECT_EQ(normalize_cnpj("12ABC34501DE1I"), std::nullopt);
}

TEST(normalize_cnpj, removes_punctuation_and_raises_letters) {
  EXPECT_EQ(normalize_cnpj("11.222.333/0001-81"), "11222333000181");
  EXPECT_EQ(normalize_cnpj(" 11 222 333 0001 81 "), "11222333000181");
  EXPECT_EQ(normalize_cnpj("12.abc.345/01de-35"), "12ABC34501DE35");
}

TEST(normalize_cnpj, takes_known_numbers) {
  EXPECT_EQ(normalize_cnpj("00.000.000/0001-91"), "00000000000191");  // Banco do Brasil
  EXPECT_EQ(normalize_cnpj("33.000.167/0001-01"), "33000167000101");  // Petrobras
}

TEST(normalize_cnpj, refuses_fourteen_equal_digits) {
  for (char digit = '0'; digit <= '9'; ++digit) {
    EXPECT_EQ(normalize_cnpj(std::string(14, digit)), std::nullopt) << digit;
  }
}

class refused_cnpj : public ::testing::TestWithParam<std::string> {};

TEST_P(refused_cnpj, gives_nothing) {
  EXPECT_EQ(normalize_cnpj(GetParam()), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(texts, refused_cnpj,
                         ::testing::Values("", "-", "1122233300018", "112223330001810",
                                           "11222333000180", "11222333000191", "12ABC34501DE53",
                                           "12ABC34501DEA5", "12ABC34501DE3E", "12ÁBC34501DE35",
                                           "11222333_000181", "11222333000181x", "11222333000181\n",
                                           std::string("11222333000181\0", 15),
                                           std::string("1122233300018\0", 14)));

// 529982247: 10*5+9*2+8*9+7*9+6*8+5*2+4*2+3*4+2*7 = 295, rest 9, first digit 2;
// 11*5+10*2+9*9+8*9+7*8+6*2+5*2+4*4+3*7+2*2 = 347, rest 6, second digit 5.
TEST(normalize_cpf, takes_the_worked_example_with_its_check_digits_only) {
  EXPECT_EQ(normalize_cpf("529.982.247-25"), "52998224725");
  EXPECT_EQ(accepted_pairs("529982247", normalize_cpf), endings{"25"});
}

TEST(normalize_cpf, writes_0_for_a_rest_below_2) {
  // 10*1+9*2+...+2*9 = 210, rest 1, first digit 0; 11*1+10*2+...+3*9+2*0 = 255, rest 2, then 9.
  EXPECT_EQ(accepted_pairs("123456789", normalize_cpf), endings{"09"});
}

TEST(normalize_cpf, refuses_eleven_equal_digits) {
  for (char digit = '0'; digit <= '9'; ++digit) {
    EXPECT_EQ(normalize_cpf(std::string(11, digit)), std::nullopt) << digit;
  }
}

TEST(normalize_cpf, refuses_other_lengths_and_letters) {
  for (const char* text : {"", "5299822472", "529982247250", "5299822472A", "A2998224725"}) {
    EXPECT_EQ(normalize_cpf(text), std::nullopt) << text;
  }
}

// 293118610 001: the digits of a CNPJ would be: 5*2+4*9+3*3+2*1+9*1+8*8+7*6+6*1+5*0+4*0+3*0+2*1
// = 180, rest 4, first 7; 6*2+5*9+4*3+3*1+2*1+9*8+8*6+7*1+6*0+5*0+4*0+3*1+2*7 = 218, rest 9,
// second 2. And 72 + 12 = 84.
TEST(normalize_caepf, takes_the_worked_example_with_its_check_digits_only) {
  EXPECT_EQ(normalize_caepf("293.118.610/001-84"), "29311861000184");
  EXPECT_EQ(accepted_pairs("293118610001", normalize_caepf), endings{"84"});
}

TEST(normalize_caepf, takes_published_numbers) {
  EXPECT_EQ(normalize_caepf("00000002500171"), "00000002500171");  // SERPRO's own example
  EXPECT_EQ(normalize_caepf("457.231.740/001-22"), "45723174000122");
}

TEST(normalize_caepf, counts_on_from_0_behind_99) {
  // As a CNPJ 41142260 0001 ends in 89; 89 + 12 = 101.
  EXPECT_EQ(accepted_pairs("411422600001", normalize_cnpj), endings{"89"});
  EXPECT_EQ(accepted_pairs("411422600001", normalize_caepf), endings{"01"});
}

TEST(normalize_caepf, takes_the_eleven_digits_of_a_cpf) {
  EXPECT_EQ(normalize_caepf("529.982.247-25"), "52998224725");
  EXPECT_EQ(normalize_caepf("52998224726"), std::nullopt);
}

TEST(normalize_caepf, refuses_a_root_that_no_cpf_has) {
  for (char digit = '0'; digit <= '9'; ++digit) {
    EXPECT_TRUE(accepted_pairs(std::string(9, digit) + "001", normalize_caepf).empty()) << digit;
    EXPECT_EQ(normalize_caepf(std::string(14, digit)), std::nullopt) << digit;
    EXPECT_EQ(normalize_caepf(std::string(11, digit)), std::nullopt) << digit;
  }
}

TEST(normalize_caepf, refuses_other_lengths_letters_and_the_digits_of_a_cnpj) {
  for (const char* text : {"", "293118610001", "2931186100018", "293118610001840", "2931186100018A",
                           "A9311861000184", "29311861000172"}) {
    EXPECT_EQ(normalize_caepf(text), std::nullopt) << text;
  }
}

TEST(with_check_digits, gives_those_of_published_examples) {
  EXPECT_EQ(with_check_digits("112223330001"), "11222333000181");
  EXPECT_EQ(with_check_digits("12ABC34501DE"), "12ABC34501DE35");
  EXPECT_EQ(with_check_digits("529982247"), "52998224725");
}

}  // namespace
}  // namespace mutirao
