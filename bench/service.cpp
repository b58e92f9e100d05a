#include "bench/service.hpp"

#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "bench/failure.hpp"
#include "bench/sql.hpp"
#include "bench/stopwatch.hpp"
#include "bench/token.hpp"

namespace mutirao::bench {
namespace {

std::string log_file(const setup& in) {
  return in.folder + "/service.log";
}

std::uint16_t port_in(const std::string& line) {
  const auto colon = line.rfind(':');
  require(colon != std::string::npos, "no port in: " + line);
  return static_cast<std::uint16_t>(std::stoi(line.substr(colon + 1)));
}

std::vector<std::string> words_of(const setup& in, const std::string& url, std::int64_t max_jobs,
                                  const std::vector<std::string>& flags) {
  std::vector<std::string> words{"/usr/bin/env",
                                 "MUTIRAO_JWT_SECRET=" + std::string(secret),
                                 in.program,
                                 "serve",
                                 "--listen",
                                 "127.0.0.1:0",
                                 "--database",
                                 url,
                                 "--max-jobs",
                                 std::to_string(max_jobs),
                                 "--max-jobs-per-user",
                                 "10000000"};
  words.insert(words.end(), flags.begin(), flags.end());
  return words;
}

void require_count(const database& in, const char* sql, std::int64_t wanted) {
  const auto found = in.integer(sql);
  require(found == wanted, std::string(sql) + ": " + std::to_string(found) + " where " +
                               std::to_string(wanted) + " must be");
}

}  // namespace

database_file::database_file(const setup& in, const std::string& name, const population& all)
    : path_(in.folder + "/" + name + ".db") {
  remove();
  migrate(in, url());
  store(all, path_);
}

database_file::database_file(const setup& in, const std::string& name, const database_file& from)
    : path_(in.folder + "/" + name + ".db") {
  remove();
  std::filesystem::copy_file(from.path(), path_);
  // The copy's write-back is not to fall into what is measured next.
  sync();
}

std::int64_t database_file::integer(const char* sql) const {
  return sql_database(path_, sql_database::access::read).integer(sql);
}

database_file::~database_file() {
  remove();
}

void database_file::remove() const {
  for (const char* end : {"", "-wal", "-shm", ".lock", "-lock"}) {
    std::error_code ignored;
    std::filesystem::remove(path_ + end, ignored);
  }
}

service::service(const setup& in, const database& on, std::int64_t max_jobs,
                 const std::vector<std::string>& flags)
    : on_(on),
      child_(words_of(in, on.url(), max_jobs, flags), log_file(in)),
      port_(port_in(child_.first_line())) {}

std::int64_t service::unfinished() const {
  return on_.integer("SELECT count(*) FROM jobs WHERE state <= 3");
}

std::int64_t service::waiting() const {
  return on_.integer("SELECT count(*) FROM jobs WHERE state = 0");
}

void service::wait_until_idle(std::chrono::seconds patience) const {
  const stopwatch watch;
  while (unfinished() > 0) {
    require(watch.seconds() < static_cast<double>(patience.count()),
            "jobs are unfinished after " + std::to_string(patience.count()) + " s");
    usleep(50'000);
  }
}

void service::wait_for_more_than(std::int64_t companies) const {
  const stopwatch watch;
  while (on_.integer("SELECT sum(done) FROM jobs") <= companies) {
    require(watch.seconds() < 10, "no company is handled");
  }
}

void service::check(const expected_rows& rows) const {
  const auto tasks = rows.companies * rows.years * tasks_a_year;
  require_count(on_, "SELECT count(*) FROM jobs", rows.jobs);
  require_count(on_, "SELECT count(*) FROM jobs WHERE state = 4 AND done = total", rows.jobs);
  require_count(on_, "SELECT count(*) FROM notificacoes", rows.jobs);
  require_count(on_, "SELECT count(*) FROM job_items WHERE state = 1", rows.companies);
  require_count(on_, "SELECT sum(created) FROM jobs", tasks);
  require_count(on_, "SELECT count(*) FROM agenda", tasks);
  require_count(on_, "SELECT count(*) FROM (SELECT DISTINCT empresa_id, prazo FROM tarefas) AS due",
                tasks);
  require_count(on_, "SELECT count(*) FROM tarefas", tasks);
}

void service::end() {
  const int code = child_.end();
  require(code == 0, "serve exited " + std::to_string(code));
}

pistache_floor::pistache_floor(const setup& in, int status, std::size_t bytes)
    : child_({in.floor_program, std::to_string(status), std::to_string(bytes)}, log_file(in)),
      port_(port_in(child_.first_line())) {}

void migrate(const setup& in, const std::string& url) {
  process migration({in.program, "migrate", "--database", url}, log_file(in));
  require(migration.wait() == 0, "migrate failed, see " + log_file(in));
}

void tell(const std::string& line) {
  std::fprintf(stderr, "%s\n", line.c_str());
}

}  // namespace mutirao::bench
