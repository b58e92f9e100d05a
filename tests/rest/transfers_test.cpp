#include "rest/transfers.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "tests/support/socket_client.hpp"
#include "tests/support/web_receiver.hpp"

namespace mutirao::rest {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::web_receiver;
using testing::webhook_reply;

request get(const std::string& target, milliseconds deadline = seconds(20)) {
  request made;
  made.target = target;
  made.deadline = deadline;
  return made;
}

answer ask(transfers& by, request what) {
  std::promise<answer> came;
  by.ask(std::move(what), [&](answer&& one) { came.set_value(std::move(one)); });
  return came.get_future().get();
}

TEST(Transfers, AskAndAnswer) {
  web_receiver service([](const testing::received_webhook& what) {
    webhook_reply reply;
    reply.status = 429;
    reply.headers = {{"Retry-After", "7"}};
    reply.body = what.path + " " + what.body + " " + what.headers.at("x-a");
    return reply;
  });
  transfers by("http://127.0.0.1:" + std::to_string(service.port()) + "/");
  request what{"POST", "/p", {{"X-A", "b"}}, "body"};
  const auto came = ask(by, what);
  EXPECT_EQ(came.status, 429);
  EXPECT_EQ(came.retry_after_s, 7U);
  EXPECT_EQ(came.body, "/p body b");
  EXPECT_EQ(came.problem, "");
}

TEST(Transfers, AnswerInTimeWhateverTheServiceDoes) {
  web_receiver service([](const testing::received_webhook& what) {
    webhook_reply reply;
    reply.hangs = what.path == "/hangs";
    reply.cuts = what.path == "/cuts";
    return reply;
  });
  transfer_limits one;
  one.at_once = 1;
  transfers by("http://127.0.0.1:" + std::to_string(service.port()), one);
  EXPECT_EQ(ask(by, get("/cuts")).status, 0);
  const auto late = ask(by, get("/hangs", milliseconds(50)));
  EXPECT_TRUE(late.late);
  EXPECT_EQ(late.status, 0);
  // What waits behind a request that hangs has its own deadline.
  std::promise<answer> first;
  by.ask(get("/hangs", seconds(60)), [&](answer&& a) { first.set_value(std::move(a)); });
  EXPECT_TRUE(ask(by, get("/waits", milliseconds(50))).late);
  by.stop();
  EXPECT_NE(first.get_future().get().problem, "");
  EXPECT_NE(ask(by, get("/after")).problem, "");
}

TEST(Transfers, RefuseWhatIsTooMuch) {
  web_receiver service([](const testing::received_webhook&) {
    webhook_reply reply;
    reply.hangs = true;
    return reply;
  });
  transfer_limits few;
  few.at_once = 1;
  few.waiting = 2;
  transfers by("http://127.0.0.1:" + std::to_string(service.port()), few);
  std::atomic<int> refused = 0;
  std::atomic<int> ended = 0;
  constexpr int asked = 50;
  for (int i = 0; i < asked; ++i) {
    by.ask(get("/x", seconds(60)), [&](answer&& came) {
      refused += came.too_many ? 1 : 0;
      ++ended;
    });
  }
  EXPECT_TRUE(tests::eventually([&] { return refused >= asked - 4; }));
  by.stop();
  EXPECT_EQ(ended, asked);
}

TEST(Transfers, SayWhereThereIsNoService) {
  std::uint16_t nobody = 0;
  { nobody = web_receiver().port(); }
  transfers by("http://127.0.0.1:" + std::to_string(nobody));
  const auto came = ask(by, get("/"));
  EXPECT_EQ(came.status, 0);
  EXPECT_FALSE(came.late);
  EXPECT_NE(came.problem, "");
}

TEST(Transfers, ListenUntilTheStreamEnds) {
  web_receiver service([](const testing::received_webhook&) {
    webhook_reply reply;
    reply.headers = {{"Content-Type", "text/event-stream"}};
    reply.body = "retry: 1\nid: 5\n\nid: 6\nevent: job\ndata: a\n\nid: 7\ndata: b\n\n";
    return reply;
  });
  transfers by("http://127.0.0.1:" + std::to_string(service.port()));
  std::promise<answer> ended;
  std::string said;
  by.listen(get("/"), {[&](const std::string& id) { said += "opened " + id + "\n"; },
                       [&](server_event&& event) {
                         said += event.name + " " + event.id + " " + event.data + "\n";
                       },
                       [&](answer&& how) { ended.set_value(std::move(how)); }});
  const auto how = ended.get_future().get();
  EXPECT_EQ(how.status, 200);
  EXPECT_EQ(how.problem, "");
  EXPECT_EQ(said, "opened 5\njob 6 a\nmessage 7 b\n");
}

TEST(Transfers, TellWhereItIsNoStream) {
  web_receiver service([](const testing::received_webhook&) {
    webhook_reply reply;
    reply.status = 404;
    reply.body = "{}";
    return reply;
  });
  transfers by("http://127.0.0.1:" + std::to_string(service.port()));
  std::promise<answer> ended;
  by.listen(get("/"), {nullptr, nullptr, [&](answer&& how) { ended.set_value(std::move(how)); }});
  EXPECT_EQ(ended.get_future().get().status, 404);
}

TEST(Transfers, CloseAStreamThatHangsOrFallsSilent) {
  web_receiver service([](const testing::received_webhook&) {
    webhook_reply reply;
    reply.hangs = true;
    return reply;
  });
  transfers by("http://127.0.0.1:" + std::to_string(service.port()));
  std::promise<answer> closed;
  const auto stream = by.listen(
      get("/"), {nullptr, nullptr, [&](answer&& how) { closed.set_value(std::move(how)); }});
  by.close(stream);
  EXPECT_NE(closed.get_future().get().problem, "");
  std::promise<answer> silent;
  by.listen(get("/", milliseconds(10)),
            {nullptr, nullptr, [&](answer&& how) { silent.set_value(std::move(how)); }});
  EXPECT_TRUE(silent.get_future().get().late);
}

}  // namespace
}  // namespace mutirao::rest
