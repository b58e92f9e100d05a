#include "app/client/job_progress.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/client/job_json.hpp"

namespace mutirao::app {
namespace {

using nlohmann::json;

std::string text_of(const json& object, const char* field) {
  const auto found = object.find(field);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::int64_t number_of(const json& object, const char* field) {
  const auto found = object.find(field);
  return found != object.end() && found->is_number() ? found->get<std::int64_t>() : 0;
}

}  // namespace

expected<job_summary> summarize_job(const json& object) {
  job_summary job;
  if (!object.is_object()) return fail(errc::invalid_json, "the service answered no job");
  job.id = text_of(object, "id");
  job.type = text_of(object, "type");
  job.status = text_of(object, "status");
  job.state = text_of(object, "state");
  if (job.id.empty() || job.status.empty()) {
    return fail(errc::invalid_json, "the service answered no job");
  }
  if (const auto progress = object.find("progress");
      progress != object.end() && progress->is_object()) {
    job.current = number_of(*progress, "current");
    job.total = number_of(*progress, "total");
    job.percentage =
        static_cast<int>(std::clamp<std::int64_t>(number_of(*progress, "percentage"), 0, 100));
  }
  job.created = number_of(object, "createdSoFar");
  job.failed_items = number_of(object, "failedItems");
  job.priority = static_cast<int>(number_of(object, "priority"));
  job.created_at = text_of(object, "createdAt");
  job.error = text_of(object, "error");
  if (object.contains("secondsLeft")) job.seconds_left = number_of(object, "secondsLeft");
  return job;
}

expected<job_summary> read_job(const std::string& body) {
  return summarize_job(json::parse(body, nullptr, false));
}

std::string describe(const job_summary& job) {
  std::string text = job.state.empty() ? job.status : job.state;
  text += " " + std::to_string(job.current) + "/" + std::to_string(job.total) + " " +
          std::to_string(job.percentage) + "% created " + std::to_string(job.created);
  if (job.failed_items > 0) text += " failed " + std::to_string(job.failed_items);
  if (job.priority != 0) text += " priority " + std::to_string(job.priority);
  if (!job.error.empty()) text += ": " + job.error;
  return text;
}

std::string draw_bar(const job_summary& job, int columns) {
  constexpr int widest = 30, narrowest = 5, around = 4;  // brackets, a space, the last column
  std::string text = describe(job);
  if (job.seconds_left && !job.ended()) text += " " + std::to_string(*job.seconds_left) + "s left";
  const int width = std::min(widest, columns - around - static_cast<int>(text.size()));
  if (width < narrowest) return text.substr(0, static_cast<std::size_t>(std::max(0, columns - 1)));
  const int filled = width * job.percentage / 100;
  return "[" + std::string(static_cast<std::size_t>(filled), '#') +
         std::string(static_cast<std::size_t>(width - filled), '.') + "] " + text;
}

}  // namespace mutirao::app
