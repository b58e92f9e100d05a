#include "tests/e2e/bystanders.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "tests/e2e/http_client.hpp"

namespace mutirao::e2e {
namespace {

using steady = std::chrono::steady_clock;

constexpr std::size_t thread_count = 2;
constexpr std::chrono::milliseconds pause{2};
constexpr int requests_of_a_connection = 10;

}  // namespace

double bystanders::report::percentile(double share) const {
  if (latencies_ms.empty()) return 0;
  const auto place = std::ceil(share * static_cast<double>(latencies_ms.size())) - 1;
  return latencies_ms.at(static_cast<std::size_t>(std::max(place, 0.0)));
}

bystanders::bystanders(std::uint16_t port, std::string token, std::int64_t companies, coming how)
    : port_(port), token_(std::move(token)), companies_(companies), how_(how), met_(thread_count) {
  for (std::size_t i = 0; i < thread_count; ++i) threads_.emplace_back([this, i] { run(i); });
}

bystanders::~bystanders() {
  stop();
}

void bystanders::run(std::size_t place) {
  auto& met = met_[place];
  http_client client(port_, token_);
  for (std::int64_t turn = 0; !stop_; ++turn) {
    const bool anew = how_ == coming::again && turn % requests_of_a_connection == 0;
    if (anew) client = http_client(port_, token_);
    const auto company = 1 + (turn * 7 + static_cast<std::int64_t>(place)) % companies_;
    const auto began = steady::now();
    const auto got = client.get("/api/empresas/" + std::to_string(company));
    const std::chrono::duration<double, std::milli> took = steady::now() - began;
    if (got.status == 0) {
      ++met.lost;
    } else if (got.status != 200 || got.data().value("id", std::int64_t{0}) != company) {
      ++met.wrong;
    } else {
      met.latencies_ms.push_back(took.count());
      ++served_;
    }
    std::this_thread::sleep_for(pause);
  }
}

bystanders::report bystanders::stop() {
  stop_ = true;
  for (auto& thread : threads_) thread.join();
  threads_.clear();
  report all;
  for (auto& one : met_) {
    all.wrong += one.wrong;
    all.lost += one.lost;
    all.latencies_ms.insert(all.latencies_ms.end(), one.latencies_ms.begin(),
                            one.latencies_ms.end());
  }
  std::sort(all.latencies_ms.begin(), all.latencies_ms.end());
  return all;
}

}  // namespace mutirao::e2e
