// SPDX-License-Identifier: Apache-2.0
// Sounds at another rate: tones that it can hold stay, those that it cannot are gone.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "models/audio/resample.h"
#include "tests/error_of.h"

using namespace thaw;

namespace {

constexpr double seconds = .1, edge = .02;  // near its ends a tone is one that begins and ends
constexpr double stated_error = 4e-5;       // of the amplitude, which is 1

std::vector<float> tone(double hz, int64_t rate) {
  std::vector<float> samples(static_cast<size_t>(seconds * static_cast<double>(rate)));
  for (size_t i = 0; i < samples.size(); ++i)
    samples[i] = static_cast<float>(std::sin(2 * std::numbers::pi * hz * static_cast<double>(i) / double(rate)));
  return samples;
}

// Between the edges.
double largest_difference(const std::vector<float>& a, const std::vector<float>& b, int64_t rate) {
  const auto margin = static_cast<size_t>(edge * static_cast<double>(rate));
  double largest = 0;
  for (size_t i = margin; i + margin < std::min(a.size(), b.size()); ++i)
    largest = std::max(largest, static_cast<double>(std::abs(a[i] - b[i])));
  return largest;
}

struct Rates {
  int64_t from, to;
  double half_of_lower() const { return static_cast<double>(std::min(from, to)) / 2; }
};
constexpr Rates all_rates[] = {{8000, 16'000},   {11'025, 16'000}, {22'050, 16'000}, {44'100, 16'000},
                               {48'000, 16'000}, {96'000, 16'000}, {16'000, 8000},   {16'001, 16'000}};

}  // namespace

TEST_CASE("resample: tones that both rates hold are the same tones") {
  for (const Rates& rates : all_rates)
    for (const double part : {.01, .3, .9}) {
      CAPTURE(rates.from);
      CAPTURE(part);
      const double hz = part * rates.half_of_lower();
      const auto got = Resampler(rates.from, rates.to)(tone(hz, rates.from));
      CHECK(largest_difference(got, tone(hz, rates.to), rates.to) < stated_error);
    }
}

TEST_CASE("resample: tones that the new rate cannot hold are gone") {
  for (const Rates& rates : all_rates) {
    const double half_of_from = static_cast<double>(rates.from) / 2;
    for (const double part : {1.001, 1.2, 1.7}) {
      const double hz = part * rates.half_of_lower();
      if (hz >= half_of_from) continue;
      CAPTURE(rates.from);
      CAPTURE(part);
      const auto got = Resampler(rates.from, rates.to)(tone(hz, rates.from));
      CHECK(largest_difference(got, std::vector<float>(got.size(), 0.F), rates.to) < stated_error);
    }
  }
}

TEST_CASE("resample: lengths, constants, equal rates") {
  for (const Rates& rates : all_rates)
    for (const int64_t n : {0, 1, 2, 7, 100, 441}) {
      const auto got = Resampler(rates.from, rates.to)(std::vector<float>(static_cast<size_t>(n), .5F));
      CHECK(std::ssize(got) == (n * rates.to + rates.from - 1) / rates.from);
    }
  const std::vector<float> constant(10'000, .7F);
  const auto got = Resampler(44'100, 16'000)(constant);
  CHECK(largest_difference(got, constant, 16'000) < 1e-6);
  const std::vector<float> samples{.1F, -.7F, 1e-30F};
  CHECK(Resampler(16'000, 16'000)(samples) == samples);
  CHECK(resampled({.sample_rate = 16'000, .samples = samples}, 16'000).samples == samples);
  const Sound half = resampled({.sample_rate = 16'000, .samples = samples}, 8000);
  CHECK(half.sample_rate == 8000);
  CHECK(half.samples == Resampler(16'000, 8000)(samples));
}

TEST_CASE("resample: rates that are none") {
  CHECK(error_of([] { Resampler(0, 16'000); }) == "resample: 0 samples a second; expected 1000 to 192000");
  CHECK(error_of([] { Resampler(16'000, 200'000); }) == "resample: 200000 samples a second; expected 1000 to 192000");
}
