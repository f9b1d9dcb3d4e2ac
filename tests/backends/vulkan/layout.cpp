// SPDX-License-Identifier: Apache-2.0
// Joining the axes of views, grids, labels, the rows of a scatter: logic without a device.
#include "backends/vulkan/layout.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "backends/vulkan/kernel.h"
#include "backends/vulkan/row_segments.h"

using namespace thaw;
using namespace thaw::vulkan;

namespace {

using Numbers = std::vector<uint32_t>;

View view_of(const Shape& shape, const Strides& strides) { return {nullptr, 0, shape, strides, DType::f32}; }

Layout layout_of(const std::vector<View>& views) {
  std::vector<const View*> pointers;
  for (const View& view : views) pointers.push_back(&view);
  return joined_layout(pointers);
}

}  // namespace

TEST_CASE("vulkan layout: axes that follow each other in all views become one") {
  const View dense = view_of({2, 3, 4}, {12, 4, 1}), bias = view_of({2, 3, 4}, {0, 0, 1}),
             column = view_of({2, 3, 4}, {3, 1, 0});
  CHECK(layout_of({dense, dense}).sizes == Numbers{24});
  const Layout with_bias = layout_of({dense, bias});
  CHECK(with_bias.sizes == Numbers{6, 4});
  CHECK(with_bias.strides == std::vector<Numbers>{{4, 1}, {0, 1}});
  const Layout with_column = layout_of({dense, column});
  CHECK(with_column.sizes == Numbers{6, 4});
  CHECK(with_column.strides == std::vector<Numbers>{{4, 1}, {1, 0}});
  const View swapped = view_of({2, 4, 3}, {12, 1, 4});
  CHECK(layout_of({swapped}).sizes == Numbers{2, 4, 3});
  CHECK(layout_of({view_of({1, 5, 1}, {7, 1, 9})}).sizes == Numbers{5});
  CHECK(layout_of({view_of({1, 1}, {1, 1})}).sizes == Numbers{1});
  CHECK(layout_of({view_of({}, {})}).sizes == Numbers{1});
}

TEST_CASE("vulkan layout: views that kernels cannot count are refused") {
  const int64_t side = int64_t{1} << 16;
  CHECK_THROWS_WITH_AS(layout_of({view_of({side, side}, {side, 1})}), doctest::Contains("2^31 - 1"),
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(layout_of({view_of({2, 3}, {int64_t{1} << 31, 1})}), doctest::Contains("2^31 - 1"),
                       std::invalid_argument);
}

TEST_CASE("vulkan kernel: grids hold what was asked for, without a number beyond 65,535") {
  CHECK(groups_over(0).x == 0);
  for (const uint64_t count : {uint64_t{1}, uint64_t{65535}, uint64_t{65536}, uint64_t{70001}, uint64_t{1} << 31}) {
    const Groups groups = groups_over(count);
    CHECK(groups.x <= 65535);
    CHECK(groups.y <= 65535);
    CHECK(uint64_t{groups.x} * groups.y >= count);
    CHECK(uint64_t{groups.x} * groups.y < count + groups.y);
  }
}

TEST_CASE("vulkan kernel: labels") {
  CHECK(Label{"matmul", {512, 768, 64}}.text() == "matmul 512x768x64");
  CHECK(Label{"unary", {9}}.text() == "unary 9");
  CHECK(Label{"wait"}.text() == "wait");
}

TEST_CASE("vulkan row segments: sorted by target, in the order given, cut where they are long") {
  const std::vector<int32_t> ids{4, 1, 4, -1, 1, 9, 4, 1, 4};
  const RowSegments segments = row_segments(ids, 9, 3);
  CHECK(segments.order == Numbers{1, 4, 7, 0, 2, 6, 8});
  CHECK(segments.targets == Numbers{1, 4});
  CHECK(segments.piece_begins == Numbers{0, 3, 6, 7});
  CHECK(segments.target_begins == Numbers{0, 1, 3});
  CHECK(segments.has_long());
  CHECK_FALSE(row_segments(ids, 9, 4).has_long());
  CHECK(row_segments(std::vector<int32_t>{-1, 9}, 9, 4).order.empty());
}
