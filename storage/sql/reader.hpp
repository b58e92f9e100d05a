// The questions of domain/ports/reads.hpp on a connection of their own.
#pragma once

#include <memory>
#include <string>

#include "domain/ports/reads.hpp"
#include "storage/sql/account_reads.hpp"
#include "storage/sql/company_reads.hpp"
#include "storage/sql/company_table.hpp"
#include "storage/sql/connection.hpp"
#include "storage/sql/history_reads.hpp"
#include "storage/sql/job_reads.hpp"
#include "storage/sql/outbox_reads.hpp"
#include "storage/sql/revisions.hpp"
#include "storage/sql/schedule_reads.hpp"
#include "storage/sql/task_reads.hpp"

namespace mutirao::storage::sql {

class reader final : public reads {
 public:
  reader(std::unique_ptr<connection> on, const revisions& of);

  expected<find_job::answer> read(const find_job& q) override { return jobs_.read(q); }
  expected<find_result::answer> read(const find_result& q) override { return jobs_.read(q); }
  expected<list_jobs::answer> read(const list_jobs& q) override { return jobs_.read(q); }
  expected<list_items::answer> read(const list_items& q) override { return jobs_.read(q); }
  expected<list_notifications::answer> read(const list_notifications& q) override {
    return jobs_.read(q);
  }
  expected<list_events::answer> read(const list_events& q) override { return jobs_.read(q); }
  expected<count_jobs::answer> read(const count_jobs& q) override { return jobs_.read(q); }
  expected<list_unfinished::answer> read(const list_unfinished& q) override {
    return jobs_.read(q);
  }
  expected<job_history::answer> read(const job_history& q) override { return history_.read(q); }
  expected<group_items::answer> read(const group_items& q) override { return history_.read(q); }
  expected<list_names::answer> read(const list_names& q) override { return companies_.read(q); }
  expected<list_stored_keys::answer> read(const list_stored_keys& q) override {
    return companies_.read(q);
  }
  expected<list_companies::answer> read(const list_companies& q) override {
    return companies_.read(q);
  }
  expected<find_company::answer> read(const find_company& q) override { return companies_.read(q); }
  expected<list_units::answer> read(const list_units& q) override { return companies_.read(q); }
  expected<list_tasks::answer> read(const list_tasks& q) override { return tasks_.read(q); }
  expected<company_tasks::answer> read(const company_tasks& q) override { return tasks_.read(q); }
  expected<technician_agenda::answer> read(const technician_agenda& q) override {
    return tasks_.read(q);
  }
  expected<list_agenda::answer> read(const list_agenda& q) override { return tasks_.read(q); }

  expected<due_deliveries::answer> read(const due_deliveries& q) override {
    return outbox_.read(q);
  }
  expected<count_deliveries::answer> read(const count_deliveries& q) override {
    return outbox_.read(q);
  }
  expected<list_deliveries::answer> read(const list_deliveries& q) override {
    return outbox_.read(q);
  }
  expected<due_schedules::answer> read(const due_schedules& q) override {
    return schedules_.read(q);
  }
  expected<find_schedule::answer> read(const find_schedule& q) override {
    return schedules_.read(q);
  }
  expected<list_schedules::answer> read(const list_schedules& q) override {
    return schedules_.read(q);
  }
  expected<find_account::answer> read(const find_account& q) override { return accounts_.read(q); }
  expected<list_users::answer> read(const list_users& q) override { return accounts_.read(q); }

  expected<std::vector<item_id>> list_items_of(const job_type& type, const job_arguments&) override;
  expected<batch_plan> plan(const job_type& type, const job_id& of, const job_arguments&,
                            std::span<const item_id> items) override;

 private:
  std::unique_ptr<connection> owned_;
  connection& on_;
  const revisions& revisions_;
  directory directory_;
  job_reads jobs_;
  history_reads history_;
  company_reads companies_;
  task_reads tasks_;
  outbox_reads outbox_;
  schedule_reads schedules_;
  account_reads accounts_;
};

}  // namespace mutirao::storage::sql
