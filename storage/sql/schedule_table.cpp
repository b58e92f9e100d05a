#include "storage/sql/schedule_table.hpp"

#include <algorithm>

#include "domain/packed_text.hpp"
#include "storage/sql/attempt.hpp"

namespace mutirao::storage::sql {
namespace {

std::string encode(const std::map<std::string, std::string, std::less<>>& arguments) {
  std::string text;
  for (const auto& [name, value] : arguments) {
    pack(text, name);
    pack(text, value);
  }
  return text;
}

std::map<std::string, std::string, std::less<>> decode_arguments(std::string_view text) {
  std::map<std::string, std::string, std::less<>> all;
  unpacker packed(text);
  while (const auto name = packed.text()) {
    all.insert_or_assign(std::string(*name), std::string(packed.text().value_or("")));
  }
  return all;
}

std::string encode(const std::vector<unit_id>& units) {
  std::string text;
  for (const auto unit : units) pack(text, unit.value);
  return text;
}

std::vector<unit_id> decode_units(std::string_view text) {
  std::vector<unit_id> all;
  unpacker packed(text);
  while (const auto unit = packed.number()) all.push_back({*unit});
  return all;
}

std::vector<std::uint8_t> encode(const std::vector<job_id>& jobs) {
  std::vector<std::uint8_t> all;
  for (const auto& job : jobs) all.insert(all.end(), job.bytes.begin(), job.bytes.end());
  return all;
}

std::vector<job_id> decode_jobs(bytes stored) {
  std::vector<job_id> all(stored.size() / job_id{}.bytes.size());
  for (auto& job : all) {
    std::copy_n(stored.begin(), job.bytes.size(), job.bytes.begin());
    stored = stored.subspan(job.bytes.size());
  }
  return all;
}

}  // namespace

schedule read_schedule(const rows& row) {
  schedule read;
  read.id = row.id<schedule_id>(0);
  read.owner = {row.id<user_id>(1), row.integer(2) != 0, decode_units(row.text(3))};
  read.kind = row.text(4);
  read.arguments = decode_arguments(row.text(5));
  read.each_unit = row.integer(6) != 0;
  read.cron = row.text(7);
  read.zone = row.text(8);
  read.callback_url = row.text(9);
  read.created_at = row.at(10);
  read.next_due = row.optional(11, &rows::at);
  read.unit = row.optional_id<unit_id>(12);
  read.last_due = row.optional(13, &rows::at);
  read.jobs = row.integer(14);
  read.job_ids = decode_jobs(row.blob(15));
  if (!row.is_null(16)) {
    read.refusal = schedule_refusal{parse_errc(row.text(16)), row.string(17),
                                    row.optional_id<unit_id>(18), row.at(19)};
  }
  return read;
}

std::string request_text(const schedule& what) {
  std::string text = "schedule";
  const auto arguments = encode(what.arguments);
  for (const std::string_view part :
       {std::string_view(what.kind), std::string_view(arguments), std::string_view(what.cron),
        std::string_view(what.zone), std::string_view(what.callback_url)}) {
    pack(text, part);
  }
  pack(text, what.each_unit ? 1 : 0);
  const bool once = what.cron.empty() && what.next_due;
  if (once) pack(text, what.next_due->time_since_epoch().count());
  return text;
}

schedule_table::schedule_table(connection& on)
    : find_(on,
            "SELECT " MUTIRAO_SCHEDULE_COLUMNS " FROM schedules WHERE id = ?1 /*pg: FOR UPDATE */"),
      unfinished_(on, "SELECT count(*) FROM schedules WHERE owner = ?1 AND next_due IS NOT NULL"),
      insert_(on,
              "INSERT INTO schedules (owner, owner_admin, owner_units, kind, arguments, each_unit,"
              " cron, zone, callback_url, created_at, next_due)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) RETURNING id"),
      save_(on,
            "UPDATE schedules SET next_due = ?2, unit = ?3, last_due = ?4, jobs = ?5, job_ids = ?6,"
            " refusal = ?7, refusal_detail = ?8, refusal_unit = ?9, refused_at = ?10,"
            " ended_at = ?11 WHERE id = ?1"),
      remove_(on, "DELETE FROM schedules WHERE id = ?1") {}

expected<std::optional<schedule>> schedule_table::find(schedule_id id) {
  return first_of(find_.run(id), read_schedule);
}

expected<std::int64_t> schedule_table::unfinished(user_id owner) {
  return number(unfinished_.run(owner));
}

expected<schedule_id> schedule_table::insert(const schedule& what) {
  const auto units = encode(what.owner.units);
  const auto arguments = encode(what.arguments);
  return id_of_new<schedule_id>(insert_.run(what.owner.user, what.owner.admin, units, what.kind,
                                            arguments, what.each_unit, what.cron, what.zone,
                                            what.callback_url, what.created_at, what.next_due));
}

expected<void> schedule_table::save(const schedule& what, instant now) {
  const auto jobs = encode(what.job_ids);
  const auto& why = what.refusal;
  const text_if code{why.has_value(), why ? to_string(why->code) : std::string_view()};
  const text_if detail{why.has_value(), why ? std::string_view(why->detail) : std::string_view()};
  const auto at = why ? std::optional(why->at) : std::nullopt;
  const auto unit = why ? why->unit : std::nullopt;
  const auto ended = what.next_due ? std::nullopt : std::optional(now);
  MUTIRAO_CHECK(save_.execute(what.id, what.next_due, what.unit, what.last_due, what.jobs,
                              bytes(jobs), code, detail, unit, at, ended));
  return {};
}

expected<void> schedule_table::remove(schedule_id id) {
  MUTIRAO_CHECK(remove_.execute(id));
  return {};
}

}  // namespace mutirao::storage::sql
