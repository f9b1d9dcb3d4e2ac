// SPDX-License-Identifier: Apache-2.0
// Products by OpenBLAS, which runs with one thread inside our own parallel loop: however it was built, its pool and
// OpenMP's never fight.
#include <cblas.h>

#include <algorithm>
#include <mutex>
#include <string>

#include "backends/cpu/gemm_check.h"
#include "backends/cpu/gemm_versions.h"
#include "backends/cpu/parallel.h"
#include "backends/cpu/threads.h"
#include "tensor/check.h"

namespace thaw::cpu {
namespace {

// While one lives, OpenBLAS uses one thread a call. The number is the process's: the first to come changes it, the last
// to go gives it back.
class OneThread {
 public:
  OneThread() {
    const std::lock_guard lock(mutex);
    if (users++ > 0) return;
    before = openblas_get_num_threads();
    openblas_set_num_threads(1);
  }
  ~OneThread() {
    const std::lock_guard lock(mutex);
    if (--users == 0) openblas_set_num_threads(before);
  }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  const TeamSize team_;  // OpenBLAS built on OpenMP changes its number too
  static inline std::mutex mutex;
  static inline int users = 0, before = 1;
};

// Rows [begin, end) and all columns, or all rows and columns [begin, end), of one matrix of the batch.
void part_of_product(const Gemm& gemm, int64_t matrix, int64_t row, int64_t rows, int64_t column, int64_t columns) {
  const float* const a = static_cast<const float*>(gemm.a.data) + matrix * gemm.a.batch + row * gemm.a.row;
  const float* const b = static_cast<const float*>(gemm.b.data) + matrix * gemm.b.batch + column * gemm.b.column;
  float* const out = gemm.out + matrix * gemm.out_batch + row * gemm.out_row + column;
  if (gemm.bias)
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < columns; ++j)
        out[i * gemm.out_row + j] = gemm.bias[column + j] + (gemm.accumulate ? out[i * gemm.out_row + j] : 0);
  const auto size = [](int64_t n) { return static_cast<blasint>(n); };
  const bool a_turned = gemm.a.column != 1, b_turned = gemm.b.column != 1;
  cblas_sgemm(CblasRowMajor, a_turned ? CblasTrans : CblasNoTrans, b_turned ? CblasTrans : CblasNoTrans, size(rows),
              size(columns), size(gemm.k), gemm.scale, a, size(a_turned ? gemm.a.column : gemm.a.row), b,
              size(b_turned ? gemm.b.column : gemm.b.row), gemm.accumulate || gemm.bias ? 1 : 0, out,
              size(gemm.out_row));
}

}  // namespace

bool openblas_gemm(const Gemm& gemm) {
  if (gemm.a.dtype != DType::f32 || gemm.b.dtype != DType::f32) return false;
  static const std::string way = std::string("OpenBLAS ") + openblas_get_corename();
  const Gemm small = small_like(gemm, 64);
  if (!checked_kinds().allows(way, small, [&] { return Trial{small, unchecked_openblas_gemm}; })) return false;
  unchecked_openblas_gemm(gemm);
  return true;
}

void unchecked_openblas_gemm(const Gemm& gemm) {
  check(gemm.a.dtype == DType::f32 && gemm.b.dtype == DType::f32, "cpu: OpenBLAS multiplies f32 only");
  const OneThread one;
  const int64_t threads = thread_count();
  // Matrices are shared out whole where there are enough of them, else in strips of the longer side.
  const int64_t strips = gemm.batch >= threads ? 1 : threads;
  const bool by_rows = gemm.m >= gemm.n;
  const int64_t length = by_rows ? gemm.m : gemm.n;
  const int64_t strip = std::max<int64_t>(16, ((length + strips - 1) / strips + 15) / 16 * 16);
  const int64_t count = (length + strip - 1) / strip;
  parallel_tasks(gemm.batch * count, [&](int64_t task) {
    const int64_t begin = task % count * strip, size = std::min(strip, length - begin);
    if (by_rows) {
      part_of_product(gemm, task / count, begin, size, 0, gemm.n);
    } else {
      part_of_product(gemm, task / count, 0, gemm.m, begin, size);
    }
  });
}

std::string openblas_version() {
  const std::string config = openblas_get_config();  // "OpenBLAS 0.3.21 ..."
  const size_t begin = config.find(' ') + 1;
  return config.substr(begin, config.find(' ', begin) - begin);
}

}  // namespace thaw::cpu
