// The rows of the table, each measured by a function of its own.
#pragma once

#include "bench/report.hpp"
#include "bench/service.hpp"

namespace mutirao::bench {

/// 80,000 companies: units 1 to 400 have 150 each, 401 to 410 have 2,000.
population ordinary_population();
inline constexpr std::size_t small_units = 400;
inline constexpr std::size_t large_units = 10;

/// From the POST to the first answer that says completed: 150 and 2,000 companies.
void measure_small_job(const setup& in, report& into);
void measure_large_job(const setup& in, report& into);

/// 200 jobs of 150 companies by 10 clients at once, until the last is completed.
void measure_throughput(const setup& in, report& into);

/// New one-company jobs of distinct users, over 50 connections.
void measure_posting(const setup& in, report& into);

/// GET status over 50 connections, of a finished and of a running job.
void measure_status(const setup& in, report& into);

/// Idle, with 1,000 jobs in flight, after 100,000 jobs.
void measure_memory(const setup& in, report& into);

/// From a start behind kill -9 to ready and to the first company committed, with 1, 100 and 10,000
/// jobs unfinished.
void measure_recovery(const setup& in, report& into);

/// GET status while 10,000 jobs wait and more are refused.
void measure_overload(const setup& in, report& into);

/// A job of 10 companies while one of 100,000 runs, against the idle service.
void measure_fairness(const setup& in, report& into);

/// From a request that commits one event to that event at 1, 100 and 2,000 listeners, beside the
/// answer to the request.
void measure_streams(const setup& in, report& into);
/// The same for 1, 100 and 500 Socket.IO sockets.
void measure_sockets(const setup& in, report& into);

/// Lines a second of an import, beside its rows written by SQLite.
void measure_import(const setup& in, report& into);
/// What an item costs that does nothing.
void measure_noop(const setup& in, report& into);
/// What a CAF node gets through a gateway with TLS, beside plain HTTP: statuses a second, and the
/// time from a request to its event.
void measure_gateway(const setup& in, report& into);

// Several nodes on one PostgreSQL database (`setup::server`).

/// 200 jobs of 150 companies at 1, 2 and 4 nodes, beside COPY over as many connections.
void measure_cluster_jobs(const setup& in, report& into);
/// One job of 2,000 companies at one node, beside COPY.
void measure_cluster_large_job(const setup& in, report& into);
/// New one-company jobs of distinct users at 1, 2 and 4 nodes.
void measure_cluster_posting(const setup& in, report& into);
/// From kill -9 of a job's node to the first commit of another.
void measure_cluster_takeover(const setup& in, report& into);
/// From a request at one node to its event at another.
void measure_cluster_events(const setup& in, report& into);
/// Small commits with and without NOTIFY.
void measure_cluster_notify(const setup& in, report& into);

}  // namespace mutirao::bench
