// SPDX-License-Identifier: Apache-2.0
// Tensors and shapes as text: every rank and element type, large ones abbreviated.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <numeric>
#include <sstream>
#include <vector>

#include "tensor/ops.h"

using namespace thaw;

namespace {

Device device() { return Device::from_environment(); }
std::string on() { return " on " + device().name() + ":"; }

Tensor counted(const Shape& shape) {
  std::vector<int32_t> values(static_cast<size_t>(shape.numel()));
  std::iota(values.begin(), values.end(), 0);
  return Tensor::from_host(values, shape, device());
}

}  // namespace

TEST_CASE("text: small tensors are shown whole, numbers under numbers") {
  CHECK(Tensor().to_string() == "undefined");
  CHECK(Tensor::full({}, 0.5, DType::f32, device()).to_string() == "f32 []" + on() + " 0.5");
  const std::vector<float> values{1, -2.5f, 1e-8f, 123456.7f, 0, 1.0f / 3};
  CHECK(Tensor::from_host(values, {6}, device()).to_string() ==
        "f32 [6]" + on() + " [         1,       -2.5,      1e-08, 1.2346e+05,          0,    0.33333]");
  CHECK(Tensor::from_host(std::vector<float>{1, 20, 3, 4}, {2, 2}, device()).to_string() ==
        "f32 [2, 2]" + on() + "\n[[ 1, 20],\n [ 3,  4]]");
  CHECK(counted({2, 1, 3}).to_string() == "i32 [2, 1, 3]" + on() + "\n[[[0, 1, 2]],\n [[3, 4, 5]]]");
  CHECK(Tensor::zeros({0, 3}, DType::f32, device()).to_string() == "f32 [0, 3]" + on() + " no numbers");
}

TEST_CASE("text: other element types, and views") {
  const Device reference = Device::open("reference");
  CHECK(Tensor::full({2}, 1.5, DType::bf16, reference).to_string() == "bf16 [2] on reference: [1.5, 1.5]");
  CHECK(Tensor::full({2}, 1.5, DType::f16, reference).to_string() == "f16 [2] on reference: [1.5, 1.5]");
  CHECK(Tensor::full({2}, 0.1, DType::f64, reference).to_string() == "f64 [2] on reference: [0.1, 0.1]");
  const std::vector<std::byte> bytes{std::byte{255}, std::byte{7}};
  CHECK(Tensor::from_bytes(bytes, {2}, DType::u8, reference).to_string() == "u8 [2] on reference: [255,   7]");
  CHECK(counted({2, 2}).transpose().to_string() == "i32 [2, 2]" + on() + "\n[[0, 2],\n [1, 3]]");
}

TEST_CASE("text: a large tensor shows its edges") {
  CHECK(counted({1000}).to_string().find("...") == std::string::npos);
  CHECK(counted({1001}).to_string() == "i32 [1001]" + on() + " [   0,    1,    2, ...,  998,  999, 1000]");
  CHECK(counted({2, 600}).to_string() == "i32 [2, 600]" + on() +
                                             "\n[[   0,    1,    2, ...,  597,  598,  599],\n"
                                             " [ 600,  601,  602, ..., 1197, 1198, 1199]]");
  CHECK(counted({300, 4}).to_string() == "i32 [300, 4]" + on() +
                                             "\n[[   0,    1,    2,    3],\n [   4,    5,    6,    7],\n"
                                             " [   8,    9,   10,   11],\n ...,\n [1188, 1189, 1190, 1191],\n"
                                             " [1192, 1193, 1194, 1195],\n [1196, 1197, 1198, 1199]]");
}

TEST_CASE("text: streams and format strings take tensors and shapes") {
  std::ostringstream out;
  out << Shape{2, 3} << ' ' << Tensor();
  CHECK(out.str() == "[2, 3] undefined");
  CHECK(fmt::format("{} {}", Shape{2, 3}, counted({2})) == "[2, 3] i32 [2]" + on() + " [0, 1]");
}
