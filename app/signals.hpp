// SIGTERM and SIGINT, taken by the main thread alone.
#pragma once

#include <chrono>
#include <cstddef>

namespace mutirao::app {

/// Blocks both, and SIGCHLD, for this thread and every thread that it starts from here on, and
/// ignores SIGPIPE and SIGXFSZ: writing fails instead.
void block_stop_signals();

/// Waits for one of them for at most `patience`; whether one came. The end of a child process ends
/// the waiting too.
bool wait_for_stop_signal(std::chrono::milliseconds patience);

/// From here on the next one ends the process at once, with 128 + its number.
void end_at_next_stop_signal();

/// Ends the process with 0 in so many seconds, if it has not ended by itself.
void end_anyway_after(std::chrono::seconds patience);

/// Raises the soft limit of open descriptors to the hard one, as far as the system allows.
void raise_descriptor_limit();
/// The soft limit; 256 where it is not known.
std::size_t descriptor_limit();

}  // namespace mutirao::app
