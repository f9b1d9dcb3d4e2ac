// SPDX-License-Identifier: Apache-2.0
// The schedules' formulas.
#include "nn/optim/schedule.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "tensor/check.h"

namespace thaw {
namespace {

struct Terms {
  double rate, t, warmup, total;
  ScheduleShape shape;
};

// The share of the way from the end of the warm-up to the end.
double progress(const Terms& s) { return (s.t - s.warmup) / std::max(1.0, s.total - s.warmup); }

double half_wave(double p) { return std::max(0.0, 0.5 * (1 + std::cos(std::numbers::pi * p))); }

double constant(const Terms& s) { return s.rate; }

double linear(const Terms& s) { return s.rate * std::max(0.0, (s.total - s.t) / std::max(1.0, s.total - s.warmup)); }

double cosine(const Terms& s) { return s.rate * half_wave(progress(s)); }

double cosine_with_restarts(const Terms& s) {
  return s.t >= s.total ? 0 : s.rate * half_wave(std::fmod(s.shape.cycles * progress(s), 1));
}

double inverse_sqrt(const Terms& s) {
  const double scale = s.warmup > 0 ? s.warmup : 10000;
  return s.rate / std::sqrt((s.t - s.warmup + scale) / scale);
}

double polynomial(const Terms& s) {
  const double left = std::max(0.0, 1 - progress(s));
  return (s.rate - s.shape.end) * std::pow(left, s.shape.power) + s.shape.end;
}

struct Named {
  const char* name;
  double (*rate)(const Terms&);
};
constexpr Named schedules[] = {
    {"linear", linear},
    {"cosine", cosine},
    {"cosine_with_restarts", cosine_with_restarts},
    {"polynomial", polynomial},
    {"constant", constant},
    {"constant_with_warmup", constant},
    {"inverse_sqrt", inverse_sqrt},
};

}  // namespace

Schedule make_schedule(const std::string& name, double rate, int64_t warmup, int64_t total,
                       const ScheduleShape& shape) {
  check(warmup >= 0 && total >= 0, "schedule: {} warm-up steps of {}: neither may be negative", warmup, total);
  const auto found =
      std::find_if(std::begin(schedules), std::end(schedules), [&](const Named& s) { return name == s.name; });
  check(found != std::end(schedules), "schedule: \"{}\" is not known; there are {}", name,
        fmt::join(schedule_names(), ", "));
  return [=, after_warmup = found->rate](int64_t step) {
    if (step < warmup) return rate * (static_cast<double>(step) / static_cast<double>(warmup));
    return after_warmup(
        {rate, static_cast<double>(step), static_cast<double>(warmup), static_cast<double>(total), shape});
  };
}

std::vector<std::string> schedule_names() {
  std::vector<std::string> names;
  for (const Named& s : schedules) names.emplace_back(s.name);
  return names;
}

}  // namespace thaw
