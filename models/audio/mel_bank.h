// SPDX-License-Identifier: Apache-2.0
// Filters that are equally wide for the ear: frequencies in mel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace thaw {

struct MelBankShape {
  int64_t filters = 0;
  int64_t spectrum_bins = 0;       // frequencies of a spectrum, from 0 to half of the rate
  double lowest = 0, highest = 0;  // Hz: where the first filter begins, and the last one ends
  int64_t sample_rate = 0;
};

// Triangles between filters + 2 points that are equally spaced in mel: filter k rises from point k to k + 1 and falls
// to k + 2. May be used by several threads at once.
class MelBank {
 public:
  // Kaldi's: mel = 1127 ln(1 + f / 700); the sides are straight over mel.
  static MelBank kaldi(const MelBankShape& shape);
  // Slaney's (Auditory Toolbox, 1998): mel = 3 f / 200 below 1,000 Hz, from there on 15 + 27 ln(f / 1000) / ln 6.4; the
  // sides are straight over Hz, and each filter has an area of 1 (Hz).
  static MelBank slaney(const MelBankShape& shape);

  int64_t filters() const { return std::ssize(filters_); }
  double weight(int64_t filter, int64_t bin) const;

  // What each filter lets through of a spectrum, of a number for each of its bins; `mels` takes filters() numbers.
  void operator()(std::span<const double> power, std::span<double> mels) const;

 private:
  struct Filter {
    size_t first = 0;             // bin
    std::vector<double> weights;  // from there on; none for a filter between two bins
  };
  // `points` and the places of the bins on one axis.
  MelBank(std::span<const double> points, std::span<const double> bins);

  size_t spectrum_bins_;
  std::vector<Filter> filters_;
};

}  // namespace thaw
