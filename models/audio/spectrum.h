// SPDX-License-Identifier: Apache-2.0
// The power of frequencies in a piece of a sound.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace thaw {

// Hann's window: .5 - .5 cos(2 pi i / period) for i = 0 ... size - 1. It is symmetric with a period of size - 1, and
// "periodic" with one of size.
std::vector<double> hann_window(int64_t size, int64_t period);

// |X_k|^2 for k = 0 ... size / 2, where X is the discrete Fourier transform of `size` real numbers, in f64, by Cooley
// and Tukey's algorithm over the prime factors of `size`: size x (their sum) products, so 400 = 2^4 5^2 is as cheap as
// 512. Made once for frames of one size; may be used by several threads at once.
class PowerSpectrum {
 public:
  explicit PowerSpectrum(int64_t size);

  int64_t size() const { return static_cast<int64_t>(turns_.size()); }
  int64_t bins() const { return size() / 2 + 1; }

  // `frame` has size() numbers, `power` takes bins().
  void operator()(std::span<const double> frame, std::span<double> power) const;

 private:
  using Complex = std::complex<double>;
  void transform(const double* in, size_t stride, size_t level, std::span<Complex> out,
                 std::span<Complex> column) const;

  std::vector<size_t> factors_;  // prime, their product is the size
  std::vector<Complex> turns_;   // exp(-2 pi i k / size)
};

}  // namespace thaw
