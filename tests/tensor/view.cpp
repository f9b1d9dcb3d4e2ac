// SPDX-License-Identifier: Apache-2.0
// Layout questions, and views of the same memory.
#include "tensor/view.h"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace thaw;

namespace {

View laid_out(const Shape& shape, const Strides& strides) { return {nullptr, 0, shape, strides, DType::f32}; }
View contiguous(const Shape& shape) { return laid_out(shape, contiguous_strides(shape)); }

// Where element (i, j, k) lies.
int64_t position(const View& v, int64_t i, int64_t j, int64_t k) {
  return v.offset + i * v.strides[0] + j * v.strides[1] + k * v.strides[2];
}

}  // namespace

TEST_CASE("view: contiguous or not") {
  CHECK(contiguous({3, 5, 7}).is_contiguous());
  CHECK(contiguous({}).is_contiguous());
  CHECK(laid_out({3, 1, 7}, {7, 99, 1}).is_contiguous());
  CHECK(laid_out({3, 0}, {9, 9}).is_contiguous());
  CHECK_FALSE(laid_out({3, 5}, {6, 1}).is_contiguous());
  CHECK_FALSE(laid_out({3, 5}, {1, 3}).is_contiguous());
  CHECK_FALSE(laid_out({3, 5}, {0, 1}).is_contiguous());
}

TEST_CASE("view: dense rows") {
  CHECK(contiguous({3, 5, 7}).has_dense_rows());
  CHECK(laid_out({3, 5}, {9, 1}).has_dense_rows());
  CHECK(laid_out({3, 1}, {9, 4}).has_dense_rows());
  CHECK(laid_out({2, 3, 5}, {27, 9, 1}).has_dense_rows());
  CHECK_FALSE(laid_out({2, 3, 5}, {28, 9, 1}).has_dense_rows());
  CHECK_FALSE(laid_out({3, 5}, {1, 3}).has_dense_rows());
  CHECK(laid_out({}, {}).has_dense_rows());
}

TEST_CASE("view: transformed views lead to the same elements") {
  const View v = contiguous({3, 5, 7});
  const View permuted = v.permute({2, 0, 1});
  CHECK(permuted.shape == Shape{7, 3, 5});
  CHECK(position(permuted, 6, 1, 4) == position(v, 1, 4, 6));
  const View transposed = v.transpose();
  CHECK(transposed.shape == Shape{3, 7, 5});
  CHECK(position(transposed, 2, 6, 3) == position(v, 2, 3, 6));
  const View sliced = v.slice(1, 2, 4);
  CHECK(sliced.shape == Shape{3, 2, 7});
  CHECK(position(sliced, 1, 1, 5) == position(v, 1, 3, 5));
  CHECK(v.slice(-1, 3, 3).numel() == 0);
  const View expanded = v.slice(1, 2, 3).expand({3, 4, 7});
  CHECK(position(expanded, 2, 3, 1) == position(v, 2, 2, 1));
  CHECK(v.slice(0, 1, 2).squeeze(0).shape == Shape{5, 7});
  CHECK(v.unsqueeze(1).shape == Shape{3, 1, 5, 7});
  CHECK(v.unsqueeze(-1).shape == Shape{3, 5, 7, 1});
  CHECK(v.unsqueeze(-1).is_contiguous());
  CHECK(contiguous({7}).expand({2, 7}).strides == Shape{0, 1});
}

TEST_CASE("view: what does not fit is refused") {
  const View v = contiguous({3, 5, 7});
  CHECK_THROWS_WITH_AS(v.permute({0, 1}), "permute: 2 axes for [3, 5, 7]", std::invalid_argument);
  CHECK_THROWS_WITH_AS(v.permute({0, 1, -2}), "permute: axis 1 twice", std::invalid_argument);
  CHECK_THROWS_WITH_AS(v.slice(1, 2, 6), "slice: [2, 6) of axis 1 of [3, 5, 7]", std::invalid_argument);
  CHECK_THROWS_AS(v.slice(1, -1, 2), std::invalid_argument);
  CHECK_THROWS_AS(v.slice(1, 3, 2), std::invalid_argument);
  CHECK_THROWS_WITH_AS(v.expand({3, 4, 7}), "expand: [3, 5, 7] to [3, 4, 7]", std::invalid_argument);
  CHECK_THROWS_AS(v.expand({5, 7}), std::invalid_argument);
  CHECK_THROWS_WITH_AS(v.squeeze(0), "squeeze: axis 0 of [3, 5, 7] is not 1", std::invalid_argument);
}
