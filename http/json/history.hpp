// What happened: to one job, and in the last hour.
#pragma once

#include <string>

#include "domain/activity.hpp"
#include "domain/ports/reads.hpp"

namespace mutirao::http::json {

/// `{events:[{at, kind, run, state}], batches:[{from, to, items, failed, created}]}`. `state` where
/// a run ended.
std::string render_timeline(const job_history::answer& of);

/// `{now, since, waiting, running, minutes:[{at, started, ended, failed, items, waiting}]}`.
std::string render_stats(const activity_hour& of, instant now);

}  // namespace mutirao::http::json
