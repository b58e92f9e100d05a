#include "domain/job_type.hpp"

namespace mutirao {

const job_description& job_type::about() const {
  static const job_description nothing_to_say;
  return nothing_to_say;
}

}  // namespace mutirao
