// Passing errors on without ten lines a call: both return from the function they stand in with the
// error of `expression`, where it has one.
#pragma once

#include <utility>

#include "domain/error.hpp"

#define MUTIRAO_CHECK(expression)                                          \
  if (auto checked = (expression); !checked) {                             \
    return ::tl::unexpected<::mutirao::error>(std::move(checked).error()); \
  }                                                                        \
  static_assert(true)

#define MUTIRAO_TRY_CAT2(a, b) a##b
#define MUTIRAO_TRY_CAT(a, b) MUTIRAO_TRY_CAT2(a, b)
#define MUTIRAO_TRY_AS(name, declaration, expression)                            \
  auto name = (expression);                                                      \
  if (!name) return ::tl::unexpected<::mutirao::error>(std::move(name).error()); \
  declaration = *std::move(name)

/// MUTIRAO_TRY(auto x, f()): x is the value of f().
#define MUTIRAO_TRY(declaration, expression) \
  MUTIRAO_TRY_AS(MUTIRAO_TRY_CAT(attempt_at_, __LINE__), declaration, expression)
