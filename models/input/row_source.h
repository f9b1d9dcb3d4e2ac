// SPDX-License-Identifier: Apache-2.0
// Rows of numbers that a model reads in the place of tokens: numbers of a sequence, patches of a picture, frames of a
// sound.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tensor/shape.h"

namespace thaw {

class RowSource {
 public:
  RowSource(const Shape& grid, int64_t width) : grid_(grid), width_(width) {}
  virtual ~RowSource() = default;

  const Shape& grid() const { return grid_; }  // how many rows lie along each axis: [rows], [height, width], ...
  int64_t rows() const { return grid_.numel(); }
  int64_t width() const { return width_; }  // numbers of a row
  // Row by row [rows, width]: out of memory, or read and made anew whenever it is asked for, by any thread.
  // std::runtime_error that names the file.
  virtual std::vector<float> numbers() const = 0;
  // Does that cost no more than copying them?
  virtual bool is_at_hand() const { return false; }
  // By which they are known again: sources with the same bytes have the same numbers.
  virtual std::span<const std::byte> identity() const = 0;
  // What messages call it: the path of its file; empty: nothing has named it.
  virtual std::string name() const { return {}; }

 private:
  Shape grid_;
  int64_t width_;
};

class RowsInMemory : public RowSource {
 public:
  RowsInMemory(std::vector<float> numbers, int64_t width)
      : RowSource({std::ssize(numbers) / width}, width), numbers_(std::move(numbers)) {}
  RowsInMemory(std::vector<float> numbers, const Shape& grid, int64_t width)
      : RowSource(grid, width), numbers_(std::move(numbers)) {}

  std::vector<float> numbers() const override { return numbers_; }
  bool is_at_hand() const override { return true; }
  std::span<const std::byte> identity() const override { return std::as_bytes(std::span(numbers_)); }

 private:
  std::vector<float> numbers_;
};

}  // namespace thaw
