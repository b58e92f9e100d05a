// A real database, a file or one of a server, and short ways to say what the tests say often.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "domain/jobs/generate_unit_tasks.hpp"
#include "storage/open.hpp"
#include "tests/storage/fault_store.hpp"
#include "tests/support/database_place.hpp"

namespace mutirao::storage {

inline constexpr instant noon{std::chrono::milliseconds(1'795'435'200'000)};  // 2026-11-23T12:00Z
inline const date today = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23);

inline job_id job_number(std::uint64_t n) {
  return job_id::from_random(n * 0x9e3779b97f4a7c15U, n);
}

/// Registered numbers only have to differ: the store does not check digits.
inline company a_company(std::int64_t id, std::int64_t unit) {
  company made;
  made.id = {id};
  made.cnpj = std::to_string(10'000'000'000'000 + id);
  made.razao_social = "Empresa " + std::to_string(id);
  made.nome_fantasia = "Nome " + std::to_string(id);
  made.periodicidade = 150;
  made.data_renovacao = std::chrono::sys_days(std::chrono::year(2020) / 6 / 15);
  made.tecnico_responsavel = user_id{40};
  made.unidade_responsavel = unit_id{unit};
  return made;
}

inline caller member(std::int64_t user, std::vector<unit_id> units = {{1}}) {
  return {{user}, false, std::move(units)};
}
inline caller administrator() {
  return {{1}, true, {}};
}

/// Commits one command and gives its answer.
template <class Command>
expected<typename Command::answer> commit(job_store& to, Command one) {
  const std::vector<command> group{command(std::move(one))};
  auto answers = to.commit(group);
  return std::get<command_index<Command>>(std::move(answers.at(0)));
}

template <class Command>
const expected<typename Command::answer>& answer_at(const std::vector<command_answer>& answers,
                                                    std::size_t place) {
  return std::get<command_index<Command>>(answers.at(place));
}

class world : public ::testing::Test {
 protected:
  world() { types_.add(std::make_unique<generate_unit_tasks>()); }

  void SetUp() override { open(); }

  void open() {
    auto opened = open_database(url(), types_, {.create = true, .owner = "test"});
    ASSERT_TRUE(opened) << opened.error().detail;
    database_ = *std::move(opened);
    store_ = database_->writer().value();
    if (std::getenv("MUTIRAO_TEST_FAULTS"))
      store_ = std::make_unique<fault_store>(std::move(store_));
    reads_ = database_->reader().value();
  }
  void close() {
    reads_.reset();
    store_.reset();
    database_.reset();
  }
  /// What a crash leaves. Of a file: a copy of it and its log, made while both are in use, takes
  /// their place; by another process, since closing a file of ours would let go of SQLite's locks
  /// on it. On a server: what was committed, and a lease that nobody renews.
  void crash() {
    if (place_.on_postgres()) {
      close();
      ASSERT_TRUE(place_.change("UPDATE nodes SET lease_until = 0"));
      return open();
    }
    const auto copy = (place_.folder() / "copy").string();
    for (const auto* end : {"", "-wal"}) {
      const auto from = file() + end;
      if (!std::filesystem::exists(from)) continue;
      ASSERT_EQ(std::system(("cp '" + from + "' '" + copy + end + "'").c_str()), 0);
    }
    close();
    for (const auto* end : {"", "-wal", "-shm"}) {
      std::filesystem::remove(file() + end);
      if (std::filesystem::exists(copy + end)) std::filesystem::rename(copy + end, file() + end);
    }
    open();
  }

  std::string file() const { return place_.file(); }
  std::string url() const { return place_.url(); }

  template <class Command>
  expected<typename Command::answer> commit(Command one) {
    return storage::commit(*store_, std::move(one));
  }
  template <class Question>
  typename Question::answer ask(const Question& question) {
    auto answer = reads_->read(question);
    EXPECT_TRUE(answer) << to_string(answer.error().code) << " " << answer.error().detail;
    return answer ? *std::move(answer) : typename Question::answer{};
  }
  template <class Question>
  errc refusal(const Question& question) {
    const auto answer = reads_->read(question);
    EXPECT_FALSE(answer);
    return answer ? errc::internal : answer.error().code;
  }

  /// Units 1..3 and companies 1..count of unit 1.
  void fill(std::int64_t count, std::int64_t unit = 1, std::int64_t first = 1) {
    import_rows rows;
    for (std::int64_t i = 1; i <= 3; ++i)
      rows.units.push_back({{i}, "Unidade " + std::to_string(i)});
    rows.users.push_back({{40}, "Ana", "Lima", "ana@example.com"});
    for (std::int64_t i = 0; i < count; ++i) rows.companies.push_back(a_company(first + i, unit));
    const auto done = commit(std::move(rows));
    ASSERT_TRUE(done) << done.error().detail;
  }

  job_arguments arguments(std::int64_t unit = 1, int years = 0) const {
    return type()
        .validate({{"unit", std::to_string(unit)}, {"futureYears", std::to_string(years)}},
                  administrator(), today)
        .value()
        .arguments;
  }
  const job_type& type() const { return *types_.find(generate_unit_tasks::name); }

  insert_job submission(std::uint64_t number, std::int64_t user = 7, std::int64_t unit = 1,
                        bool claim = true) {
    insert_job made;
    made.id = job_number(number);
    made.kind = generate_unit_tasks::name;
    made.user = {user};
    made.arguments = arguments(unit);
    made.claim = claim;
    made.now = noon;
    return made;
  }

  advance_job batch(const job_view& job, std::vector<item_id> items) {
    return {job.id, job.fence, reads_->plan(type(), job.id, job.arguments, items).value(), noon};
  }
  static std::vector<item_id> items(std::int64_t first, std::int64_t last) {
    std::vector<item_id> all;
    for (auto i = first; i <= last; ++i) all.push_back({i});
    return all;
  }

  /// A number straight from what is stored, on a connection of its own.
  std::int64_t number(const std::string& sql) const { return place_.number(sql); }

  testing::database_place place_;
  const testing::temporary_folder& folder_ = place_.folder();
  job_types types_;
  std::unique_ptr<database> database_;
  std::unique_ptr<job_store> store_;
  std::unique_ptr<reads> reads_;
};

}  // namespace mutirao::storage
