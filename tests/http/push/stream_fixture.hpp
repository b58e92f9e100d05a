// Streams of events without sockets: the test commits, and looks at what the stream was told.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/http/samples.hpp"
#include "tests/http/site_fixture.hpp"
#include "tests/support/job_events.hpp"
#include "tests/support/socket_client.hpp"

namespace mutirao::http {

using testing::event_of;

class stream_test : public site_test {
 protected:
  struct opened {
    std::shared_ptr<recorded_reply> reply;

    recorded_stream& out() const { return *reply->streamed(); }
    std::string text() const { return out().text(); }
    /// Waits for it; what was told so far where it does not come.
    std::string text_with(std::string_view wanted) const {
      tests::eventually([&] { return text().find(wanted) != std::string::npos; });
      return text();
    }
    bool finished() const {
      return tests::eventually([this] { return out().finished(); });
    }
    /// The names of the events told, the ids before those that have one: "1 job".
    std::vector<std::string> names() const {
      std::vector<std::string> all;
      std::string id;
      std::istringstream lines(text());
      for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("id: ")) id = line.substr(4) + " ";
        if (line.starts_with("event: ")) all.push_back(id + line.substr(7));
        if (line.empty()) id.clear();
      }
      return all;
    }
    /// Waits until there are so many.
    std::vector<std::string> names(std::size_t count) const {
      tests::eventually([&] { return names().size() >= count; });
      return names();
    }
  };

  /// Waits for the head.
  opened open(std::string_view target, const extra_headers& more = {}) {
    opened made{send(make("GET", target, member, {}, more))};
    EXPECT_EQ(made.reply->wait().status, 200);
    return made;
  }

  void publish(committed what) {
    caf::anon_send(notifier,
                   actors::committed_news{std::make_shared<const committed>(std::move(what))});
  }
  /// A commit that only counts.
  void publish(const job_view& job) { publish({{}, {}, {job}}); }

  /// As another process on the database would be heard of; nothing: something was missed.
  void publish_elsewhere(const job_view* job, std::int64_t last_event = 0) {
    auto what = std::make_shared<heard_news>();
    what->missed = job == nullptr;
    if (job) {
      what->jobs.push_back({job->id, job->user, {}, job->state, job->totals.done, {}, last_event});
      if (last_event > 0) what->jobs[0].events.push_back(job_event::kind::started);
    }
    caf::anon_send(notifier, actors::distant_news{what});
  }

  static job_view at_version(job_view job, std::uint64_t version, std::int64_t done = -1) {
    job.version = version;
    if (done >= 0) job.totals.done = done;
    return job;
  }
  static notification note_of(const job_view& job) {
    notification note;
    note.id = {1'000'001};
    note.user = job.user;
    note.type = "auto-tasks-generated";
    note.job = job.id;
    return note;
  }
  int listeners() const { return static_cast<int>(log.at(gauge::listeners)); }
};

}  // namespace mutirao::http
