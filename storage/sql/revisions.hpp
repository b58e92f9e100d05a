// When what was read was true, as numbers that grow with each change.
#pragma once

#include "domain/error.hpp"
#include "domain/job.hpp"
#include "storage/sql/connection.hpp"

namespace mutirao::storage::sql {

class revisions {
 public:
  virtual ~revisions() = default;

  /// Asked before a picture is taken on `on`: what the picture shows may be newer, never older.
  virtual expected<revision> of_next_picture(connection& on) const = 0;
  /// Of views of jobs that are read from now on, beside the count of changes in the job's row.
  virtual revision of_views() const = 0;
};

}  // namespace mutirao::storage::sql
