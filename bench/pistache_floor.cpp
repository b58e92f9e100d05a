// Plain Pistache answering a constant: the floor of every rate of requests.
// mutirao_bench_floor STATUS BYTES prints `listening on http://127.0.0.1:PORT`.
#include <pistache/endpoint.h>
#include <pistache/http.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

namespace {

class constant_answer : public Pistache::Http::Handler {
 public:
  HTTP_PROTOTYPE(constant_answer)

  constant_answer(Pistache::Http::Code code, std::size_t bytes)
      : code_(code),
        body_(R"({"constant":")" + std::string(bytes > 15 ? bytes - 15 : 0, 'x') + R"("})") {}

  void onRequest(const Pistache::Http::Request&, Pistache::Http::ResponseWriter writer) override {
    writer.send(code_, body_, MIME(Application, Json));
  }

 private:
  Pistache::Http::Code code_;
  std::string body_;
};

}  // namespace

int main(int count, char** words) {
  if (count != 3) {
    std::fputs("usage: mutirao_bench_floor STATUS BYTES\n", stderr);
    return 2;
  }
  Pistache::Http::Endpoint endpoint(
      Pistache::Address(Pistache::Ipv4::loopback(), Pistache::Port(0)));
  endpoint.init(Pistache::Http::Endpoint::options().threads(2).flags(
      Pistache::Tcp::Options::ReuseAddr | Pistache::Tcp::Options::NoDelay));
  endpoint.setHandler(
      std::make_shared<constant_answer>(static_cast<Pistache::Http::Code>(std::atoi(words[1])),
                                        static_cast<std::size_t>(std::atoi(words[2]))));
  endpoint.serveThreaded();
  std::printf("listening on http://127.0.0.1:%d\n", static_cast<int>(endpoint.getPort()));
  std::fflush(stdout);
  for (;;) pause();
}
