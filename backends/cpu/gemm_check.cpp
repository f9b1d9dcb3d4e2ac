// SPDX-License-Identifier: Apache-2.0
// Known products between guard zones.
#include "backends/cpu/gemm_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <vector>

#include "backends/cpu/profile.h"
#include "backends/shared/half.h"

namespace thaw::cpu {
namespace {

constexpr int64_t guard = 64;                    // numbers before and behind
constexpr int64_t most_work = int64_t{1} << 26;  // multiplications of a check
constexpr float untouched = -12345.5;            // what the result's memory holds beside the result

// A whole number from -4 to 4 that no other place is likely to share with its neighbours.
float known_number(uint32_t place) {
  place = (place ^ 0x9E3779B9u) * 0x85EBCA6Bu;
  return static_cast<float>((place >> 16) % 9) - 4;
}

// Memory aligned as blocks are, with room before and behind.
template <typename T>
class Guarded {
 public:
  Guarded(int64_t numbers, T filled) : all_(static_cast<size_t>(numbers + 3 * guard), filled) {
    void* begin = all_.data() + guard;
    size_t space = (static_cast<size_t>(numbers) + 2 * guard) * sizeof(T);
    first_ = static_cast<T*>(std::align(64, static_cast<size_t>(numbers) * sizeof(T), begin, space));
  }
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;
  T* first() { return first_; }
  std::vector<T>& all() { return all_; }

 private:
  std::vector<T> all_;
  T* first_;
};

int64_t extent(const Matrices& x, int64_t batch, int64_t rows, int64_t columns) {
  return (batch - 1) * x.batch + (rows - 1) * x.row + (columns - 1) * x.column + 1;
}

// An input in its memory, and as f32 numbers without gaps.
class KnownMatrices {
 public:
  KnownMatrices(Matrices& x, int64_t batch, int64_t rows, int64_t columns, uint32_t seed)
      : narrow_(x.dtype == DType::f32 ? 0 : extent(x, batch, rows, columns), 0x7FFF),
        wide_(x.dtype == DType::f32 ? extent(x, batch, rows, columns) : 0, std::numeric_limits<float>::quiet_NaN()) {
    const bool is_wide = x.dtype == DType::f32, is_bf16 = x.dtype == DType::bf16;
    const auto at = [&](int64_t i, int64_t r, int64_t c) { return i * x.batch + r * x.row + c * x.column; };
    for (int64_t i = 0; i < batch; ++i)
      for (int64_t r = 0; r < rows; ++r)
        for (int64_t c = 0; c < columns; ++c) {
          // By place: where matrices share memory, they share numbers.
          const float number = known_number(seed + static_cast<uint32_t>(at(i, r, c)));
          numbers_.push_back(number);
          if (is_wide) {
            wide_.first()[at(i, r, c)] = number;
          } else {
            narrow_.first()[at(i, r, c)] = is_bf16 ? half::to_bf16(number) : half::to_f16(number);
          }
        }
    x.data = is_wide ? static_cast<const void*>(wide_.first()) : narrow_.first();
  }
  const float* numbers() const { return numbers_.data(); }

 private:
  Guarded<uint16_t> narrow_;
  Guarded<float> wide_;
  std::vector<float> numbers_;
};

}  // namespace

bool computes_right(Gemm gemm, const Product& product) {
  const KnownMatrices a(gemm.a, gemm.batch, gemm.m, gemm.k, 1), b(gemm.b, gemm.batch, gemm.k, gemm.n, 77'777);
  Guarded<float> bias(gemm.n, std::numeric_limits<float>::quiet_NaN());
  for (int64_t j = 0; j < gemm.n; ++j) bias.first()[j] = known_number(static_cast<uint32_t>(999'999 + j));
  if (gemm.bias) gemm.bias = bias.first();
  const Matrices result{nullptr, gemm.out_row, 1, gemm.out_batch, DType::f32};
  Guarded<float> out(extent(result, gemm.batch, gemm.m, gemm.n), untouched);
  gemm.out = out.first();
  std::vector<float> wanted = out.all();
  float* const first_wanted = wanted.data() + (out.first() - out.all().data());
  const int64_t step = 1 + gemm.batch * gemm.m * gemm.k * gemm.n / most_work;
  std::vector<int64_t> passed_over;  // where rows begin that are not compared
  for (int64_t i = 0; i < gemm.batch; ++i)
    for (int64_t r = 0; r < gemm.m; ++r) {
      const int64_t row = i * gemm.out_batch + r * gemm.out_row;
      float *const sums = first_wanted + row, *const to = gemm.out + row;
      for (int64_t j = 0; j < gemm.n; ++j)
        to[j] = gemm.accumulate ? known_number(static_cast<uint32_t>(5'555'555 + row + j))
                                : std::numeric_limits<float>::quiet_NaN();
      if ((gemm.m - 1 - r) % step != 0) {
        passed_over.push_back(row);
        continue;
      }
      std::fill_n(sums, gemm.n, 0.0f);
      for (int64_t k = 0; k < gemm.k; ++k) {
        const float factor = a.numbers()[(i * gemm.m + r) * gemm.k + k];
        const float* const line = b.numbers() + (i * gemm.k + k) * gemm.n;
        for (int64_t j = 0; j < gemm.n; ++j) sums[j] += factor * line[j];
      }
      for (int64_t j = 0; j < gemm.n; ++j)
        sums[j] = gemm.scale * sums[j] + (gemm.bias ? gemm.bias[j] : 0) + (gemm.accumulate ? to[j] : 0);
    }
  product(gemm);
  for (const int64_t row : passed_over) std::copy_n(gemm.out + row, gemm.n, first_wanted + row);
  return std::equal(wanted.begin(), wanted.end(), out.all().begin());
}

bool CheckedKinds::allows(const std::string& by, const Gemm& small, const std::function<Trial()>& make_trial) {
  const std::pair<GemmNumbers, std::string> kind(numbers_of(small), by);
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = right_.find(kind); found != right_.end()) return found->second;
  }
  const Timed timed("matmul", "checks of libraries");
  const Trial trial = make_trial();
  const bool right = computes_right(trial.gemm, trial.product);
  const std::lock_guard lock(mutex_);
  const bool first = right_.emplace(kind, right).second;  // another thread may have tried it meanwhile
  if (first && !right) {
    ++refused_;
    note_in_profile(fmt::format("not used, for it computes wrongly: {}: {}", by, text_of(small)));
  }
  return right;
}

size_t CheckedKinds::checked() const {
  const std::lock_guard lock(mutex_);
  return right_.size();
}

size_t CheckedKinds::refused() const {
  const std::lock_guard lock(mutex_);
  return refused_;
}

CheckedKinds& checked_kinds() {
  static CheckedKinds all;
  return all;
}

}  // namespace thaw::cpu
