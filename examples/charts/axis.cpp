// SPDX-License-Identifier: Apache-2.0
// Round numbers (after Heckbert, "Nice numbers for graph labels", Graphics Gems 1990).
#include "examples/charts/axis.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "tensor/check.h"

namespace thaw {
namespace {

constexpr double widest = 1e300;

// digit * 10^power
struct RoundNumber {
  int digit = 1, power = 0;
  double value() const { return power < 0 ? digit / std::pow(10.0, -power) : digit * std::pow(10.0, power); }
};

// The smallest 1, 2 or 5 times a power of ten that is not below the number.
RoundNumber round_above(double number) {
  const int power = static_cast<int>(std::floor(std::log10(number)));
  for (const int digit : {1, 2, 5})
    if (RoundNumber{digit, power}.value() >= number * (1 - 1e-9)) return {digit, power};
  return {1, power + 1};
}

// Labels of multiples of the step, with as many digits each as tell them apart.
std::vector<std::string> labels_of(const std::vector<double>& ticks, int step_power) {
  double largest = 0;
  for (const double tick : ticks) largest = std::max(largest, std::abs(tick));
  const int power = largest > 0 ? static_cast<int>(std::floor(std::log10(largest) + 1e-9)) : 0;
  const bool by_power = power < -3 || power > 5;
  std::vector<std::string> labels;
  for (const double tick : ticks) {
    if (tick == 0) {
      labels.emplace_back("0");
    } else if (by_power) {
      labels.push_back(fmt::format("{:.{}f}e{}", tick / std::pow(10.0, power), std::max(0, power - step_power), power));
    } else {
      labels.push_back(fmt::format("{:.{}f}", tick, std::max(0, -step_power)));
    }
  }
  return labels;
}

}  // namespace

double Axis::share(double number) const {
  if (logarithmic) return std::log(number / least) / std::log(most / least);
  return (number - least) / (most - least);
}

Axis linear_axis(double least, double most, int most_ticks, bool rounded, double least_step) {
  check(least <= most && std::abs(least) < widest && std::abs(most) < widest && most_ticks > 0,
        "axis: from {} to {} with {} ticks", least, most, most_ticks);
  // Nothing to spread: as much around it as there are digits to show.
  const double narrowest = std::max({std::abs(least), std::abs(most)}) * 1e-9;
  if (most - least <= narrowest) {
    const double around = most == 0 ? 1 : std::abs(most) * 0.1;
    least -= around;
    most += around;
  }
  const RoundNumber step = round_above(std::max((most - least) / most_ticks, least_step));
  const double size = step.value();
  const double first = rounded ? std::floor(least / size + 1e-9) : std::ceil(least / size - 1e-9);
  const double last = rounded ? std::ceil(most / size - 1e-9) : std::floor(most / size + 1e-9);
  Axis axis;
  for (double i = first; i <= last; ++i)
    axis.ticks.push_back(step.power < 0 ? i * step.digit / std::pow(10.0, -step.power) : i * size);
  axis.least = rounded ? axis.ticks.front() : least;
  axis.most = rounded ? axis.ticks.back() : most;
  axis.labels = labels_of(axis.ticks, step.power);
  return axis;
}

Axis log_axis(double least, double most, int most_ticks) {
  check(least > 0 && least <= most && most < widest && least > 1 / widest && most_ticks > 0,
        "logarithmic axis: from {} to {} with {} ticks", least, most, most_ticks);
  Axis axis{.least = least, .most = most, .logarithmic = true};
  if (most / least < 1 + 1e-9) {
    axis.least = least / 2;
    axis.most = most * 2;
  }
  const auto low = static_cast<int>(std::ceil(std::log10(axis.least) - 1e-9));
  const auto high = static_cast<int>(std::floor(std::log10(axis.most) + 1e-9));
  const int every = std::max(1, (high - low + most_ticks) / most_ticks);
  const std::vector<int> digits = high - low < 2 ? std::vector<int>{1, 2, 5} : std::vector<int>{1};
  for (int power = low - 1; power <= high; ++power)
    for (const int digit : digits) {
      if (digits.size() == 1 && (power - low) % every != 0) continue;
      const double tick = RoundNumber{digit, power}.value();
      if (tick >= axis.least * (1 - 1e-9) && tick <= axis.most * (1 + 1e-9)) axis.ticks.push_back(tick);
    }
  for (const double tick : axis.ticks) axis.labels.push_back(number_label(tick));
  return axis;
}

std::string number_label(double number) {
  const double size = std::abs(number);
  if (number == 0 || (size >= 1e-3 && size < 1e6)) return fmt::format("{:.4g}", number);
  std::string text = fmt::format("{:.2e}", number);  // "1.00e-05"
  const size_t e = text.find('e');
  std::string digits = text.substr(0, e);
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.ends_with('.')) digits.pop_back();
  return fmt::format("{}e{}", digits, std::stoi(text.substr(e + 1)));
}

}  // namespace thaw
