// SPDX-License-Identifier: Apache-2.0
// Both banks, as the reference's mel_filter_bank computes them.
#include "models/audio/mel_bank.h"

#include <algorithm>
#include <cmath>

#include "tensor/check.h"

namespace thaw {
namespace {

double kaldi_mel(double hz) { return 1127 * std::log(1 + hz / 700); }

const double slaney_step = std::log(6.4) / 27;  // ln Hz a mel, from 1,000 Hz = 15 mel on
double slaney_mel(double hz) { return hz < 1000 ? 3 * hz / 200 : 15 + std::log(hz / 1000) / slaney_step; }
double slaney_hz(double mel) { return mel < 15 ? 200 * mel / 3 : 1000 * std::exp((mel - 15) * slaney_step); }

std::vector<double> equally_spaced(double from, double to, int64_t count) {
  std::vector<double> points(static_cast<size_t>(count));
  const double step = (to - from) / static_cast<double>(count - 1);
  for (size_t i = 0; i < points.size(); ++i) points[i] = from + step * static_cast<double>(i);
  return points;
}

std::vector<double> frequencies(const MelBankShape& shape) {
  check(shape.filters >= 1 && shape.spectrum_bins >= 2 && shape.lowest >= 0 && shape.lowest < shape.highest &&
            shape.sample_rate >= 2,
        "mel bank: {} filters from {} to {} Hz over {} frequencies of {} samples a second", shape.filters, shape.lowest,
        shape.highest, shape.spectrum_bins, shape.sample_rate);
  return equally_spaced(0, static_cast<double>(shape.sample_rate) / 2, shape.spectrum_bins);
}

}  // namespace

MelBank::MelBank(std::span<const double> points, std::span<const double> bins) : spectrum_bins_(bins.size()) {
  for (size_t k = 0; k + 2 < points.size(); ++k) {
    const auto weight = [&](double x) {
      return std::min((x - points[k]) / (points[k + 1] - points[k]),
                      (points[k + 2] - x) / (points[k + 2] - points[k + 1]));
    };
    Filter& filter = filters_.emplace_back();
    for (size_t bin = 0; bin < bins.size(); ++bin) {
      if (!(weight(bins[bin]) > 0)) continue;
      if (filter.weights.empty()) filter.first = bin;
      filter.weights.push_back(weight(bins[bin]));
    }
  }
}

MelBank MelBank::kaldi(const MelBankShape& shape) {
  std::vector<double> bins = frequencies(shape);
  std::ranges::transform(bins, bins.begin(), kaldi_mel);
  return MelBank(equally_spaced(kaldi_mel(shape.lowest), kaldi_mel(shape.highest), shape.filters + 2), bins);
}

MelBank MelBank::slaney(const MelBankShape& shape) {
  const std::vector<double> bins = frequencies(shape);
  std::vector<double> points = equally_spaced(slaney_mel(shape.lowest), slaney_mel(shape.highest), shape.filters + 2);
  std::ranges::transform(points, points.begin(), slaney_hz);
  MelBank bank(points, bins);
  for (size_t k = 0; k < bank.filters_.size(); ++k)
    for (double& weight : bank.filters_[k].weights) weight *= 2 / (points[k + 2] - points[k]);
  return bank;
}

double MelBank::weight(int64_t filter, int64_t bin) const {
  const Filter& of = filters_.at(static_cast<size_t>(filter));
  const int64_t at = bin - static_cast<int64_t>(of.first);
  return at >= 0 && at < std::ssize(of.weights) ? of.weights[static_cast<size_t>(at)] : 0;
}

void MelBank::operator()(std::span<const double> power, std::span<double> mels) const {
  check(power.size() == spectrum_bins_ && mels.size() == filters_.size(),
        "mel bank: {} frequencies to {} numbers; expected {} to {}", power.size(), mels.size(), spectrum_bins_,
        filters_.size());
  for (size_t k = 0; k < mels.size(); ++k) {
    const Filter& filter = filters_[k];
    double sum = 0;
    for (size_t i = 0; i < filter.weights.size(); ++i) sum += filter.weights[i] * power[filter.first + i];
    mels[k] = sum;
  }
}

}  // namespace thaw
