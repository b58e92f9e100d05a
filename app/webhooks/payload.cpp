#include "app/webhooks/payload.hpp"

#include "http/json/job.hpp"

namespace mutirao::app {

std::string render_webhook(std::string_view type, instant at, const job_view& job,
                           const job_types& types) {
  http::json::writer out;
  out.begin_object().field("type", type).field("timestamp", at).key("data");
  http::json::write_job(out, job, types, std::nullopt);
  out.end_object();
  return out.take();
}

}  // namespace mutirao::app
