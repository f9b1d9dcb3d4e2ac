// SPDX-License-Identifier: Apache-2.0
// Packed copies of frozen weights: the dry device counts those that the cpu device keeps.
#include <doctest/doctest.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "backends/cpu/gemm.h"
#include "tensor/device.h"
#include "tensor/dry_device.h"
#include "tensor/ops.h"
#include "tensor/tensor.h"

using namespace thaw;

namespace {

constexpr int64_t side = 192;  // of weights: a multiple of the blocks of every layout, so that copies hold no padding

struct Case {
  std::string name;
  std::function<Tensor(Device)> x, weight;  // the weight as [in, out]
  uint64_t copies = 0;
  bool may_stay_plain = false;  // some versions of oneDNN have no layout for it: it then needs less than was counted
};

Tensor zeros(Device device, const Shape& shape) { return Tensor::zeros(shape, DType::f32, device); }

std::vector<Case> cases() {
  const auto rows = [](Device d) { return zeros(d, {70, side}); };
  const auto square = [](Device d) { return zeros(d, {side, side}); };
  return {
      {"a b", rows, square, 1},
      {"a b^T", rows,
       [](Device d) {
         return zeros(d, {side, side}).transpose();
       },
       1},
      {"one row",
       [](Device d) {
         return zeros(d, {1, side});
       },
       square, 0},
      {"one column", rows,
       [](Device d) {
         return zeros(d, {side, 1});
       },
       0},
      {"rows that join",
       [](Device d) {
         return zeros(d, {7, 1, side});
       },
       square, 1},
      {"matrices that join",
       [](Device d) {
         return zeros(d, {2, 35, side});
       },
       square, 1},
      {"matrices that do not join",
       [](Device d) {
         return zeros(d, {35, 2, side}).permute({1, 0, 2});
       },
       square, 1, true},
      {"two batch axes that do not fold",
       [](Device d) {
         return zeros(d, {3, 2, 35, side}).permute({1, 0, 2, 3});
       },
       square, 0},
      {"a weight a matrix",
       [](Device d) {
         return zeros(d, {2, 35, side});
       },
       [](Device d) {
         return zeros(d, {2, side, side});
       },
       0},
      {"a weight with gaps in both directions", rows,
       [](Device d) {
         return zeros(d, {side, side, 2}).slice(2, 0, 1).squeeze(2);
       },
       0},
      {"no terms",
       [](Device d) {
         return zeros(d, {70, 0});
       },
       [](Device d) {
         return zeros(d, {0, side});
       },
       0},
  };
}

}  // namespace

TEST_CASE("cpu: the dry device counts the packed weights that the cpu device keeps") {
  const Device device = Device::open("cpu");
  const uint64_t bytes = side * side * sizeof(float);
  bool packs = true;
  for (const Case& one : cases()) {
    CAPTURE(one.name);
    const DryDevice dry;
    const uint64_t before = cpu::packed_bytes();
    const Tensor cpu_weight = one.weight(device), dry_weight = one.weight(dry.device());
    for (int call = 0; call < 2; ++call) {
      matmul(one.x(device), cpu_weight, {.constant_b = true});
      matmul(one.x(dry.device()), dry_weight, {.constant_b = true});
    }
    const uint64_t kept = cpu::packed_bytes() - before;
    if (one.name == "a b" && kept == 0) {
      MESSAGE("skipped: what the cpu device keeps, for on this machine oneDNN packs no weights");
      packs = false;
    }
    CHECK(dry.packed_bytes() == one.copies * bytes);
    if (packs && (kept > 0 || !one.may_stay_plain)) CHECK(kept == dry.packed_bytes());
  }
}

TEST_CASE("cpu: b that is copied for one product gives the right one, and the copy is not kept") {
  const Device device = Device::open("cpu");
  constexpr int64_t rows = 70, terms = 40, columns = 3072;  // a distance of rows that oneDNN reads slowly
  std::vector<float> a(rows * terms), b(terms * columns);
  for (size_t i = 0; i < a.size(); ++i) a[i] = static_cast<float>(i % 13) - 6;
  for (size_t i = 0; i < b.size(); ++i) b[i] = static_cast<float>(i % 31) - 15;
  const Tensor x = Tensor::from_host(a, {rows, terms}, device), weight = Tensor::from_host(b, {terms, columns}, device);
  const uint64_t before = cpu::packed_bytes();
  const std::vector<float> product = matmul(x, weight).to_host<float>();
  CHECK(cpu::packed_bytes() == before);
  std::vector<float> exact(rows * columns);  // sums of small integers
  for (size_t i = 0; i < rows; ++i)
    for (size_t k = 0; k < terms; ++k)
      for (size_t j = 0; j < columns; ++j) exact[i * columns + j] += a[i * terms + k] * b[k * columns + j];
  CHECK(product == exact);
  CHECK(matmul(x, weight, {.constant_b = true}).to_host<float>() == exact);
}
