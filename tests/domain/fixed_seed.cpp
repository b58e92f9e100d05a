// Property tests draw the same cases in each run; RC_PARAMS in the environment asks for others.
#include <cstdlib>

namespace {

// Read by RapidCheck when the first property runs, after all of these.
[[maybe_unused]] const int seeded =
    ::setenv("RC_PARAMS", "seed=20261123 max_success=500", /*overwrite=*/0);

}  // namespace
