// SPDX-License-Identifier: Apache-2.0
// Tables of positions, resized as the reference library does it.
#include "models/image/resized_table.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "autograd/functions.h"
#include "nn/init.h"
#include "tensor/io/safetensors.h"
#include "tests/error_of.h"
#include "tests/goldens.h"

using namespace thaw;

namespace {

struct Kind {
  TableResizing resizing;
  const char* name;
};
constexpr Kind kinds[] = {{TableResizing::bicubic, "bicubic"}, {TableResizing::bilinear_corners, "bilinear_corners"}};

// [channels, h, w] as a table [h w, channels].
Tensor table_of(const SafetensorsEntry& entry, Device device) {
  std::vector<double> numbers(static_cast<size_t>(entry.count()));
  std::memcpy(numbers.data(), entry.bytes.data(), entry.bytes.size());
  const Shape shape(entry.shape);
  return Tensor::from_host(numbers, {shape[0], shape[1] * shape[2]}, device).transpose().contiguous();
}

}  // namespace

TEST_CASE("resized table: the numbers of the reference library, to every grid of the golden") {
  if (!has_golden("pieces2")) return;
  const SafetensorsFile golden((golden_dir() / "pieces2/expected.safetensors").string());
  const Device device = Device::open("reference");
  const std::string source_name = "resize_table.source";
  const SafetensorsEntry& source = golden.at(source_name);
  const Tensor table = table_of(source, device);
  const Shape from{source.shape[1], source.shape[2]};
  for (const Kind& kind : kinds) {
    int64_t grids = 0;
    for (const SafetensorsEntry& entry : golden.entries()) {
      if (!entry.name.starts_with(fmt::format("resize_table.{}.", kind.name))) continue;
      INFO(entry.name);
      const Shape to{entry.shape[1], entry.shape[2]};
      const auto got = resized_table(table, 0, from, to, kind.resizing).value().to_host<double>();
      const auto wanted = table_of(entry, device).to_host<double>();
      REQUIRE(got.size() == wanted.size());
      double worst = 0;
      for (size_t i = 0; i < got.size(); ++i) worst = std::max(worst, std::abs(got[i] - wanted[i]));
      CHECK(worst <= 1e-12);
      ++grids;
    }
    INFO(kind.name);
    CHECK(grids > 0);
  }
}

TEST_CASE("resized table: what stands before the grid stays, and the same grid changes nothing") {
  const Device device = Device::from_environment();
  const Shape from{3, 5};
  const Tensor table = Tensor::from_host(Init::normal(1).values({17, 4}, 3, "table"), {17, 4}, device);
  for (const Kind& kind : kinds) {
    INFO(kind.name);
    CHECK(resized_table(table, 2, from, from, kind.resizing).value().to_host<float>() == table.to_host<float>());
    const Tensor other = resized_table(table, 2, from, {1, 7}, kind.resizing).value();
    CHECK(other.shape() == Shape{9, 4});
    CHECK(other.slice(0, 0, 2).to_host<float>() == table.slice(0, 0, 2).to_host<float>());
  }
}

TEST_CASE("resized table: outermost vectors that lie on each other stay, and the first stands for a line of one") {
  const Device device = Device::open("reference");
  const Tensor table = Tensor::from_host(std::vector<double>{10, 20, 30, 50}, {4, 1}, device);
  const auto resized = [&](const Shape& from, const Shape& to) {
    return resized_table(table, 0, from, to, TableResizing::bilinear_corners).value().to_host<double>();
  };
  CHECK(resized({2, 2}, {2, 3}) == std::vector<double>{10, 15, 20, 30, 40, 50});
  CHECK(resized({2, 2}, {1, 2}) == std::vector<double>{10, 20});
  CHECK(resized({1, 4}, {3, 4}) == std::vector<double>{10, 20, 30, 50, 10, 20, 30, 50, 10, 20, 30, 50});
}

TEST_CASE("resized table: a gradient flows to a table that is trained, and nothing is recorded of one that is not") {
  const Device device = Device::open("reference");
  const Shape shape{7, 2};
  const auto draw = [&](const Shape& s, const char* name) {
    const std::vector<float> drawn = Init::normal(1).values(s, 3, name);
    return Tensor::from_host(std::vector<double>(drawn.begin(), drawn.end()), s, device);
  };
  const Tensor start = draw(shape, "table"), dy = draw({13, 2}, "dy");
  for (const Kind& kind : kinds) {
    INFO(kind.name);
    const auto resized = [&](const Variable& table) { return resized_table(table, 1, {2, 3}, {4, 3}, kind.resizing); };
    CHECK_FALSE(resized(start).tracked());
    const Variable table = Variable::leaf(start);
    const Variable y = resized(table);
    backward(std::vector{y}, std::vector{dy});
    const std::vector<double> gradient = table.grad().to_host<double>();
    for (size_t i = 0; i < gradient.size(); ++i) {  // it is linear: a step of 1 shows the whole slope
      std::vector<double> moved = start.to_host<double>();
      moved[i] += 1;
      const Tensor there = resized(Tensor::from_host(moved, shape, device)).value();
      CHECK(sum_all(mul(sub(there, y.value()), dy)).item<double>() == doctest::Approx(gradient[i]).epsilon(1e-9));
    }
  }
}

TEST_CASE("resized table: grids of other than two axes are refused, and tables that are of another grid") {
  const Tensor table = Tensor::zeros({7, 2}, DType::f32, Device::from_environment());
  CHECK(error_of([&] {
          resized_table(table, 1, {1, 2, 3}, {2, 2, 3}, TableResizing::bicubic);
        }) == "positions of a grid [1, 2, 3] are not resized to [2, 2, 3]: both need two axes");
  CHECK(error_of([&] {
          resized_table(table, 2, {2, 3}, {4, 3}, TableResizing::bicubic);
        }) == "a table [7, 2] has no 2 vectors and those of a grid [2, 3]");
}
