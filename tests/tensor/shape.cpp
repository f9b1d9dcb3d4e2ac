// SPDX-License-Identifier: Apache-2.0
// Sizes, strides and broadcasting.
#include "tensor/shape.h"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace thaw;

TEST_CASE("shape: sizes, numel and text") {
  const Shape shape{3, 5, 7};
  CHECK(shape.rank() == 3);
  CHECK(shape[0] == 3);
  CHECK(shape[-1] == 7);
  CHECK(shape.numel() == 105);
  CHECK(shape.to_string() == "[3, 5, 7]");
  CHECK(Shape().numel() == 1);
  CHECK(Shape().to_string() == "[]");
  CHECK(Shape{4, 0, 2}.numel() == 0);
  CHECK(Shape{3, 5} == Shape{3, 5});
  CHECK_FALSE(Shape{3, 5} == Shape{5, 3});
  CHECK_FALSE(Shape{3} == Shape{3, 1});
}

TEST_CASE("shape: axes are put in and taken out") {
  const Shape shape{3, 5, 7};
  CHECK(shape.without(1) == Shape{3, 7});
  CHECK(shape.without(-1) == Shape{3, 5});
  CHECK(shape.with(0, 2) == Shape{2, 3, 5, 7});
  CHECK(shape.with(-1, 2) == Shape{3, 5, 7, 2});
  CHECK(shape.with(1, 2) == Shape{3, 2, 5, 7});
  CHECK(Shape::of_rank(2, 9) == Shape{9, 9});
  CHECK_THROWS_WITH_AS(Shape::of_rank(7), "shape: 7 axes, at most 6 are supported", std::invalid_argument);
  CHECK_THROWS_WITH_AS(Shape({1, 1, 1, 1, 1, 1}).with(0, 1), "shape: 7 axes, at most 6 are supported",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(shape.without(3), "axis 3 is not in [-3, 3)", std::invalid_argument);
}

TEST_CASE("shape: contiguous strides") {
  CHECK(contiguous_strides({3, 5, 7}) == Shape{35, 7, 1});
  CHECK(contiguous_strides({4}) == Shape{1});
  CHECK(contiguous_strides({}) == Shape{});
}

TEST_CASE("shape: broadcasting aligns at the last axis") {
  CHECK(broadcast_shape({3, 1, 7}, {5, 1}) == Shape{3, 5, 7});
  CHECK(broadcast_shape({}, {2, 2}) == Shape{2, 2});
  CHECK(broadcast_shape({1}, {0}) == Shape{0});
  CHECK(broadcast_shape({4, 3}, {3}) == Shape{4, 3});
  CHECK_THROWS_WITH_AS(broadcast_shape({4, 3}, {4}), "shapes [4, 3] and [4] do not broadcast", std::invalid_argument);
  CHECK_THROWS_AS(broadcast_shape({2}, {0}), std::invalid_argument);
}

TEST_CASE("shape: negative axes count from the end") {
  CHECK(normalized_axis(-1, 3) == 2);
  CHECK(normalized_axis(0, 3) == 0);
  CHECK_THROWS_AS(normalized_axis(-4, 3), std::invalid_argument);
  CHECK_THROWS_AS(normalized_axis(0, 0), std::invalid_argument);
}
