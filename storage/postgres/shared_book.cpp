#include "storage/postgres/shared_book.hpp"

#include <algorithm>
#include <utility>

#include "storage/postgres/news.hpp"
#include "storage/postgres/server_time.hpp"
#include "storage/postgres/wire.hpp"
#include "storage/sql/attempt.hpp"

namespace mutirao::storage::postgres {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::int64_t tasks_in_block = 1000;  // the sequence's increment
constexpr int most_interrupted = 1000;         // looked at by one claim
constexpr int cost_factor = 100;               // counting takes a hundredth of the time at most

connection::value array_of(std::vector<std::int64_t> numbers) {
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  array_builder made(sql::value_kind::integer);
  for (const auto number : numbers) made.add(number);
  return {sql::value_kind::integer, true, made.take()};
}

connection::value array_of(const std::vector<job_id>& jobs) {
  array_builder made(sql::value_kind::blob);
  for (const auto& job : jobs) {
    made.add(std::string_view(reinterpret_cast<const char*>(job.bytes.data()), job.bytes.size()));
  }
  return {sql::value_kind::blob, true, made.take()};
}

std::string joined(const std::vector<std::string>& kinds) {
  std::string all;
  for (const auto& kind : kinds) all += (all.empty() ? "" : ",") + kind;
  return all;
}

}  // namespace

shared_book::shared_book(connection& on, const job_types& types, std::string owner,
                         std::chrono::milliseconds lease, const snapshots& taken)
    : on_(on),
      snapshots_(taken),
      owner_(std::move(owner)),
      lease_(lease),
      kinds_(joined(types.kinds())),
      new_job_(on, "SELECT nextval('jobs_no') FROM generate_series(1, ?1)"),
      new_block_(on, "SELECT nextval('tarefas_id') FROM generate_series(1, ?1)"),
      new_notification_(on, "SELECT nextval('notificacoes_id')"),
      count_(on,
             "SELECT count(*), coalesce(max(turn) FILTER (WHERE state IN (1, 3)),"
             " min(turn) FILTER (WHERE state = 0), max(turn), 0)"
             " FROM jobs WHERE state <= 3"),
      of_user_(on,
               "SELECT count(*), coalesce(max(turn), 0) FROM jobs"
               " WHERE user_id = ?1 AND state <= 3"),
      interrupted_query_(on,
                         "SELECT no, state = 1 AND owner IS NOT NULL AND done = done_at_claim"
                         " FROM jobs j WHERE state IN (1, 3) AND owner IS DISTINCT FROM ?1"
                         " AND (state = 3 OR kind = ANY(string_to_array(?3, ',')))"
                         " AND NOT EXISTS (SELECT 1 FROM nodes WHERE owner = j.owner"
                         " AND lease_until >= " MUTIRAO_DATABASE_NOW
                         ") ORDER BY crash_count, priority DESC, turn, no LIMIT ?2"
                         " FOR NO KEY UPDATE OF j SKIP LOCKED"),
      out_(on,
           "SELECT no FROM jobs WHERE state IN (1, 3) AND owner = ?1"
           " ORDER BY priority DESC, turn, no"),
      say_alive_(on, "INSERT INTO nodes (owner, lease_until) VALUES (?1, " MUTIRAO_DATABASE_NOW
                     " + ?2) ON CONFLICT (owner) DO UPDATE SET lease_until = excluded.lease_until"
                     " RETURNING lease_until"),
      leave_(on, "DELETE FROM nodes WHERE owner = ?1") {}

struct shared_book::wanted_locks {
  std::vector<std::int64_t> users, companies, tasks;
  std::vector<job_id> jobs, retried;
  std::int64_t new_jobs = 0;
  std::size_t new_tasks = 0;
  bool claims = false;
};

shared_book::wanted_locks shared_book::locks_of(std::span<const command> group) {
  wanted_locks all;
  for (const auto& one : group) {
    if (const auto* insert = std::get_if<insert_job>(&one)) {
      all.users.push_back(insert->user.value);
      all.claims = all.claims || insert->claim;
      ++all.new_jobs;
    } else if (const auto* make = std::get_if<create_schedule>(&one)) {
      all.users.push_back(make->what.owner.user.value);
    } else if (const auto* claim = std::get_if<claim_jobs>(&one)) {
      all.claims = true;
      if (claim->again) all.jobs.push_back(*claim->again);
    } else if (const auto* change = std::get_if<request_change>(&one)) {
      all.jobs.push_back(change->job);
      if (change->on == job_trigger::retry) all.retried.push_back(change->job);
    } else if (const auto* end = std::get_if<end_run>(&one)) {
      all.jobs.push_back(end->job);
    } else if (const auto* back = std::get_if<release_jobs>(&one)) {
      all.jobs.insert(all.jobs.end(), back->jobs.begin(), back->jobs.end());
    } else if (const auto* edit = std::get_if<edit_company>(&one)) {
      all.companies.push_back(edit->id.value);
    } else if (const auto* task = std::get_if<edit_task>(&one)) {
      all.tasks.push_back(task->id.value);
    } else if (const auto* locked = std::get_if<advance_locked>(&one)) {
      all.jobs.push_back(locked->job);
      for (const auto item : locked->items) all.companies.push_back(item.value);
    } else if (const auto* batch = std::get_if<advance_job>(&one)) {
      all.jobs.push_back(batch->job);
      for (const auto& item : batch->batch.items) {
        all.new_tasks += item.tasks.size();
        if (item.made_from) all.companies.push_back(item.made_from->value);
        for (const auto& x : item.tasks) {
          if (x.company.value != 0) all.companies.push_back(x.company.value);
        }
      }
    }
  }
  return all;
}

expected<void> shared_book::begin(std::span<const command> group) {
  auto wanted = locks_of(group);
  if (wanted.claims) MUTIRAO_CHECK(keep_lease());
  if (wanted.new_jobs > 0) MUTIRAO_CHECK(take_job_numbers(wanted.new_jobs));
  if (wanted.new_tasks > 0) MUTIRAO_CHECK(take_blocks(wanted.new_tasks));
  MUTIRAO_CHECK(lock_users(wanted.users, wanted.retried));
  MUTIRAO_CHECK(count_of(std::move(wanted.users)));
  MUTIRAO_CHECK(lock_companies(std::move(wanted.companies), std::move(wanted.tasks)));
  // A claim keeps others' jobs locked, which may want this one.
  if (wanted.jobs.size() < 2 && !wanted.claims) return {};
  return lock_jobs(wanted.jobs);
}

// One node at a time makes jobs of a user: keys, limits and turns are exact, whoever asks where.
expected<void> shared_book::lock_users(std::vector<std::int64_t> users,
                                       const std::vector<job_id>& of_jobs) {
  if (users.empty() && of_jobs.empty()) return {};
  const std::vector<connection::value> values{array_of(std::move(users)), array_of(of_jobs)};
  MUTIRAO_CHECK(
      on_.run("SELECT pg_advisory_xact_lock(who) FROM (SELECT who FROM"
              " unnest($1::bigint[]) AS who UNION"
              " SELECT user_id FROM jobs WHERE id = ANY($2) ORDER BY who) AS ascending",
              values));
  return {};
}

// Another node may be at the same jobs, in an order of its own.
expected<void> shared_book::lock_jobs(const std::vector<job_id>& jobs) {
  if (jobs.empty()) return {};
  const std::vector<connection::value> values{array_of(jobs)};
  MUTIRAO_CHECK(
      on_.run("SELECT no FROM jobs WHERE id = ANY($1) ORDER BY no FOR NO KEY UPDATE", values));
  return {};
}

// One list: two conditions joined by OR would read the whole table.
expected<void> shared_book::lock_companies(std::vector<std::int64_t> companies,
                                           std::vector<std::int64_t> tasks) {
  if (companies.empty() && tasks.empty()) return {};
  const std::vector<connection::value> values{array_of(std::move(companies)),
                                              array_of(std::move(tasks))};
  MUTIRAO_TRY(const auto found,
              on_.run("SELECT id, changed_in FROM empresas WHERE id = ANY(ARRAY("
                      "SELECT unnest($1) UNION SELECT empresa_id FROM tarefas WHERE id = ANY($2)))"
                      " ORDER BY id FOR NO KEY UPDATE",
                      values));
  for (int row = 0; row < PQntuples(found.get()); ++row) {
    changed_in_[get_number(cell(found, row, 0))] =
        static_cast<std::uint64_t>(get_number(cell(found, row, 1)));
  }
  return {};
}

expected<void> shared_book::keep_lease() {
  if (clock::now() - lease_renewed_ < lease_ / 4) return {};
  MUTIRAO_CHECK(say_alive(owner_, lease_, {}));
  return {};
}

expected<instant> shared_book::say_alive(const std::string& owner, std::chrono::milliseconds lease,
                                         instant) {
  const auto asked = clock::now();
  MUTIRAO_TRY(const auto until, sql::number(say_alive_.run(owner, lease.count())));
  lease_ = lease;
  lease_renewed_ = asked;
  return instant(std::chrono::milliseconds(until));
}

// Where it cannot be said, the lease runs out.
void shared_book::leave() {
  (void)leave_.execute(owner_);
}

void shared_book::begin_command() {
  picture_.reset();
  interrupted_known_ = false;
  interrupted_.clear();
  suspects_.clear();
}

expected<void> shared_book::finish(const mutirao::committed& what) {
  MUTIRAO_CHECK(mark_changed());
  auto texts = news_texts(owner_, what);
  if (texts.empty()) return {};
  array_builder all(sql::value_kind::text);
  for (const auto& text : texts) all.add(std::string_view(text));
  const std::vector<connection::value> values{{sql::value_kind::text, true, all.take()}};
  MUTIRAO_CHECK(
      on_.run("SELECT pg_notify('" MUTIRAO_CHANNEL "', told) FROM unnest($1) AS told", values));
  return {};
}

expected<void> shared_book::mark_changed() {
  if (changed_now_.empty()) return {};
  const std::vector<connection::value> values{
      array_of(std::vector<std::int64_t>(changed_now_.begin(), changed_now_.end()))};
  MUTIRAO_CHECK(
      on_.run("UPDATE empresas SET changed_in = pg_current_xact_id()"
              " WHERE id = ANY($1) AND changed_in <> pg_current_xact_id()",
              values));
  return {};
}

void shared_book::forget() {
  users_.clear();
  changed_in_.clear();
  changed_now_.clear();
  job_numbers_.clear();
}

expected<void> shared_book::take_job_numbers(std::int64_t count) {
  MUTIRAO_TRY(const auto numbers, sql::numbers(new_job_.run(count)));
  job_numbers_.assign(numbers.begin(), numbers.end());
  return {};
}

expected<std::int64_t> shared_book::new_job() {
  if (job_numbers_.empty()) MUTIRAO_CHECK(take_job_numbers(1));
  const auto no = job_numbers_.front();
  job_numbers_.pop_front();
  return no;
}

// For `tasks` of a whole group in one journey. Where an item's tasks do not fit the end of a block
// one more is taken later.
expected<void> shared_book::take_blocks(std::size_t tasks) {
  const auto there = tasks_left_ + static_cast<std::int64_t>(blocks_.size()) * tasks_in_block;
  const auto missing = static_cast<std::int64_t>(tasks) - there;
  if (missing <= 0) return {};
  const auto blocks = (missing + tasks_in_block - 1) / tasks_in_block;
  MUTIRAO_TRY(const auto firsts, sql::numbers(new_block_.run(blocks)));
  blocks_.insert(blocks_.end(), firsts.begin(), firsts.end());
  return {};
}

expected<task_id> shared_book::new_tasks(std::size_t count) {
  const auto wanted = static_cast<std::int64_t>(count);
  if (wanted > tasks_in_block) return fail(errc::internal, "too many tasks of one item");
  if (tasks_left_ < wanted) {
    if (blocks_.empty()) MUTIRAO_CHECK(take_blocks(count));
    next_task_ = blocks_.front();
    blocks_.pop_front();
    tasks_left_ = tasks_in_block;
  }
  tasks_left_ -= wanted;
  return task_id{std::exchange(next_task_, next_task_ + wanted)};
}

expected<notification_id> shared_book::new_notification() {
  MUTIRAO_TRY(const auto id, sql::number(new_notification_.run()));
  return notification_id{id};
}

expected<std::vector<std::int64_t>> shared_book::number_events(
    const std::vector<events_of_user>& of) {
  array_builder users(sql::value_kind::integer), counts(sql::value_kind::integer);
  for (const auto& one : of) {
    users.add(one.user.value);
    counts.add(one.count);
  }
  const std::vector<connection::value> values{{sql::value_kind::integer, true, users.take()},
                                              {sql::value_kind::integer, true, counts.take()}};
  MUTIRAO_TRY(const auto last,
              on_.run("INSERT INTO event_numbers (user_id, last)"
                      " SELECT who, count FROM unnest($1, $2) AS new (who, count) ORDER BY who"
                      " ON CONFLICT (user_id) DO UPDATE SET last = event_numbers.last"
                      " + excluded.last RETURNING user_id, last",
                      values));
  std::unordered_map<std::int64_t, std::int64_t> last_of;
  for (int row = 0; row < PQntuples(last.get()); ++row) {
    last_of[get_number(cell(last, row, 0))] = get_number(cell(last, row, 1));
  }
  std::vector<std::int64_t> firsts;
  for (const auto& one : of) firsts.push_back(last_of[one.user.value] - one.count + 1);
  return firsts;
}

expected<void> shared_book::count_all() {
  const auto begun = clock::now();
  if (begun - all_.counted < cost_factor * all_.cost) return {};
  auto found = count_.run();
  MUTIRAO_CHECK(found.next());
  all_ = {found.integer(0), found.integer(1), begun, clock::now() - begun};
  return {};
}

expected<void> shared_book::count_of(std::vector<std::int64_t> users) {
  if (users.size() < 2) return {};
  const std::vector<connection::value> values{array_of(std::move(users))};
  MUTIRAO_TRY(const auto found,
              on_.run("SELECT who, count(turn), coalesce(max(turn), 0) FROM unnest($1) AS who"
                      " LEFT JOIN jobs ON user_id = who AND state <= 3 GROUP BY who",
                      values));
  for (int row = 0; row < PQntuples(found.get()); ++row) {
    users_[user_id{get_number(cell(found, row, 0))}] = {get_number(cell(found, row, 1)),
                                                        get_number(cell(found, row, 2))};
  }
  return {};
}

expected<shared_book::of_user*> shared_book::user(user_id who) {
  const auto known = users_.find(who);
  if (known != users_.end()) return &known->second;
  auto found = of_user_.run(who);
  MUTIRAO_CHECK(found.next());
  return &users_.emplace(who, of_user{found.integer(0), found.integer(1)}).first->second;
}

expected<std::int64_t> shared_book::unfinished() {
  MUTIRAO_CHECK(count_all());
  return all_.unfinished;
}

expected<std::int64_t> shared_book::unfinished(user_id who) {
  MUTIRAO_TRY(const auto* found, user(who));
  return found->unfinished;
}

void shared_book::add_unfinished(user_id who, std::int64_t difference) {
  all_.unfinished += difference;
  const auto known = users_.find(who);
  if (known != users_.end()) known->second.unfinished += difference;
}

expected<std::int64_t> shared_book::next_turn(user_id who) {
  MUTIRAO_CHECK(count_all());
  MUTIRAO_TRY(const auto* found, user(who));
  return std::max(all_.serving, found->last_turn + 1);
}

void shared_book::take_turn(user_id who, std::int64_t turn) {
  const auto known = users_.find(who);
  if (known != users_.end()) known->second.last_turn = turn;
}

expected<std::optional<std::int64_t>> shared_book::next_interrupted(bool suspect) {
  if (!interrupted_known_) {
    auto found = interrupted_query_.run(owner_, most_interrupted, kinds_);
    for (;;) {
      MUTIRAO_TRY(const bool more, found.next());
      if (!more) break;
      (found.integer(1) != 0 ? suspects_ : interrupted_).push_back(found.integer(0));
    }
    interrupted_known_ = true;
  }
  const auto& left = suspect ? suspects_ : interrupted_;
  return left.empty() ? std::nullopt : std::optional(left.front());
}

void shared_book::taken(std::int64_t no) {
  std::erase(interrupted_, no);
  std::erase(suspects_, no);
}

expected<std::vector<std::int64_t>> shared_book::out() {
  return sql::numbers(out_.run(owner_));
}

bool shared_book::changed_after(company_id company, revision picture) const {
  if (changed_now_.contains(company.value)) return true;
  const auto known = changed_in_.find(company.value);
  if (known == changed_in_.end()) return false;
  if (!picture_ || picture_->first != picture) picture_.emplace(picture, snapshots_.find(picture));
  const auto& shown = picture_->second;
  return !shown || !shown->shows(known->second);
}

}  // namespace mutirao::storage::postgres
