// What the tests sign with.
#pragma once

namespace mutirao::app {

inline constexpr auto made_up_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

}  // namespace mutirao::app
