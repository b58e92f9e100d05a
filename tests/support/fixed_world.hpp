// Time, chance and telemetry that a test holds in its hand.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "domain/ports/clock.hpp"
#include "domain/ports/telemetry.hpp"

namespace mutirao::testing {

class fixed_clock final : public clock {
 public:
  instant now() const override { return instant(std::chrono::milliseconds(now_.load())); }
  date today() const override { return std::chrono::floor<std::chrono::days>(now()); }
  void advance(std::chrono::milliseconds by) { now_ += by.count(); }

 private:
  std::atomic<std::int64_t> now_{1'795'435'200'000};  // 2026-11-23T12:00:00Z
};

/// The same numbers in every run (splitmix64).
class counted_randomness final : public randomness {
 public:
  std::uint64_t next() override {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }

 private:
  std::atomic<std::uint64_t> state_{1};
};

class recorded_telemetry final : public telemetry {
 public:
  void log(log_level, std::string_view event, std::initializer_list<log_field>) override {
    const std::lock_guard hold(mutex_);
    events_.emplace_back(event);
  }
  void add(counter what, double amount) override {
    const std::lock_guard hold(mutex_);
    counters_[what] += amount;
  }
  void set(gauge what, double value) override {
    const std::lock_guard hold(mutex_);
    gauges_[what] = value;
  }
  void commit_took(std::chrono::duration<double>) override {}
  void request_took(std::string_view, int, std::chrono::duration<double>) override {}

  std::vector<std::string> events() const {
    const std::lock_guard hold(mutex_);
    return events_;
  }
  double at(gauge what) const {
    const std::lock_guard hold(mutex_);
    const auto found = gauges_.find(what);
    return found == gauges_.end() ? 0 : found->second;
  }
  double counted(counter what) const {
    const std::lock_guard hold(mutex_);
    const auto found = counters_.find(what);
    return found == counters_.end() ? 0 : found->second;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> events_;
  std::map<counter, double> counters_;
  std::map<gauge, double> gauges_;
};

}  // namespace mutirao::testing
