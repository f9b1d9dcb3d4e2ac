// SPDX-License-Identifier: Apache-2.0
// Spectra by their definition, and what banks of filters must be.
#include "models/audio/spectrum.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "models/audio/mel_bank.h"
#include "tests/error_of.h"

using namespace thaw;

namespace {

// Some numbers of [-1, 1].
std::vector<double> some_numbers(int64_t size) {
  std::vector<double> numbers(static_cast<size_t>(size));
  for (size_t i = 0; i < numbers.size(); ++i) numbers[i] = std::sin(static_cast<double>(i * i + 1));
  return numbers;
}

double power_by_definition(const std::vector<double>& frame, size_t k) {
  std::complex<double> sum = 0;
  for (size_t i = 0; i < frame.size(); ++i)
    sum += frame[i] * std::polar(1., -2 * std::numbers::pi * static_cast<double>(i * k % frame.size()) /
                                         static_cast<double>(frame.size()));
  return std::norm(sum);
}

constexpr MelBankShape speech{
    .filters = 40, .spectrum_bins = 2049, .lowest = 50, .highest = 7000, .sample_rate = 16'000};

double bin_hz(int64_t bin) { return static_cast<double>(bin) * 8000 / 2048; }

}  // namespace

TEST_CASE("spectrum: sizes of all kinds by their definition") {
  for (const int64_t size : {1, 2, 3, 5, 7, 8, 12, 30, 49, 97, 400, 512}) {
    CAPTURE(size);
    const std::vector<double> frame = some_numbers(size);
    const PowerSpectrum spectrum(size);
    CHECK(spectrum.size() == size);
    std::vector<double> power(static_cast<size_t>(spectrum.bins()));
    CHECK(std::ssize(power) == size / 2 + 1);
    spectrum(frame, power);
    double largest = 0;
    for (size_t k = 0; k < power.size(); ++k)
      largest = std::max(largest, std::abs(power[k] - power_by_definition(frame, k)));
    CHECK(largest < 1e-13 * static_cast<double>(size * size));
  }
  std::vector<double> few(3);
  CHECK(error_of([&] { PowerSpectrum(8)(few, few); }) == "spectrum: 3 numbers into 3; expected 8 into 5");
  CHECK(error_of([] { PowerSpectrum(0); }) == "spectrum: of 0 numbers");
}

TEST_CASE("spectrum: a tone has its power in its own bin") {
  const int64_t size = 400, bin = 37;
  std::vector<double> frame(size), power(size / 2 + 1);
  for (size_t i = 0; i < frame.size(); ++i)
    frame[i] = std::cos(2 * std::numbers::pi * static_cast<double>(bin) * static_cast<double>(i) / size);
  PowerSpectrum{size}(frame, power);
  CHECK(power[bin] == doctest::Approx(size * size / 4));
  power[bin] = 0;
  CHECK(*std::ranges::max_element(power) < 1e-20);
}

TEST_CASE("spectrum: Hann's window, symmetric and periodic") {
  CHECK(hann_window(3, 2)[1] == 1);
  const auto symmetric = hann_window(8, 7), periodic = hann_window(8, 8);
  for (size_t i = 0; i < 8; ++i) {
    CHECK(symmetric[i] == doctest::Approx(symmetric[7 - i]));
    if (i > 0) CHECK(periodic[i] == doctest::Approx(periodic[8 - i]));
  }
  CHECK(periodic[4] == 1);
  CHECK(periodic[2] == doctest::Approx(.5));
}

TEST_CASE("mel bank: Kaldi's filters add up to 1, each bin in two of them") {
  const MelBank bank = MelBank::kaldi(speech);
  REQUIRE(bank.filters() == speech.filters);
  const auto mel = [](double hz) { return 1127 * std::log(1 + hz / 700); };
  const double step = (mel(speech.highest) - mel(speech.lowest)) / static_cast<double>(speech.filters + 1);
  for (int64_t bin = 0; bin < speech.spectrum_bins; ++bin) {
    double sum = 0;
    int64_t filters = 0;
    for (int64_t k = 0; k < bank.filters(); ++k) {
      sum += bank.weight(k, bin);
      filters += bank.weight(k, bin) > 0;
    }
    const double points = (mel(bin_hz(bin)) - mel(speech.lowest)) / step;  // behind the first one
    CAPTURE(bin);
    CHECK(filters <= 2);
    CHECK(sum ==
          doctest::Approx(std::clamp(std::min(points, static_cast<double>(speech.filters + 1) - points), 0., 1.)));
  }
}

TEST_CASE("mel bank: Slaney's filters have an area of 1") {
  const MelBank bank = MelBank::slaney(speech);
  for (int64_t k = 0; k < bank.filters(); ++k) {
    double area = 0;
    for (int64_t bin = 0; bin < speech.spectrum_bins; ++bin) area += bank.weight(k, bin) * bin_hz(1);
    CAPTURE(k);
    CHECK(area == doctest::Approx(1).epsilon(.003));
  }
  // Below 1,000 Hz points are equally far apart: 15 mel are 1,000 Hz, and 27 more are 6.4 times that.
  const MelBank even =
      MelBank::slaney({.filters = 41, .spectrum_bins = 33, .lowest = 0, .highest = 6400, .sample_rate = 12'800});
  const auto peak = [&](int64_t filter) {
    std::vector<double> weights;
    for (int64_t bin = 0; bin < 33; ++bin) weights.push_back(even.weight(filter, bin));
    return std::ranges::max_element(weights) - weights.begin();
  };
  CHECK(peak(2) == 1);   // point 3 of 42 equal steps is 3 mel: 200 Hz
  CHECK(peak(14) == 5);  // 15 mel
  CHECK(even.weight(14, 5) == doctest::Approx(2 / (1000 * std::exp(std::log(6.4) / 27) - 14 * 200. / 3)));
}

TEST_CASE("mel bank: what it makes of a spectrum, and shapes that are none") {
  const MelBank bank = MelBank::kaldi(speech);
  const std::vector<double> power = some_numbers(speech.spectrum_bins);
  std::vector<double> mels(static_cast<size_t>(speech.filters));
  bank(power, mels);
  for (int64_t k = 0; k < bank.filters(); ++k) {
    double sum = 0;
    for (int64_t bin = 0; bin < speech.spectrum_bins; ++bin)
      sum += bank.weight(k, bin) * power[static_cast<size_t>(bin)];
    CHECK(mels[static_cast<size_t>(k)] == doctest::Approx(sum));
  }
  CHECK(error_of([&] { bank(mels, mels); }) == "mel bank: 40 frequencies to 40 numbers; expected 2049 to 40");
  CHECK(error_of([] { MelBank::slaney({.filters = 0, .spectrum_bins = 3, .highest = 8, .sample_rate = 16}); }) ==
        "mel bank: 0 filters from 0 to 8 Hz over 3 frequencies of 16 samples a second");
}
