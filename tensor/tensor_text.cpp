// SPDX-License-Identifier: Apache-2.0
// A tensor as a person reads it: what it is, and its numbers, of a large one those at the edges.
#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "tensor/ops.h"
#include "tensor/tensor.h"

namespace thaw {
namespace {

constexpr int64_t most_shown = 1000;  // numbers of a tensor that is shown whole
constexpr int64_t edge = 3;           // numbers at each end of an axis of a larger one

bool is_cut(int64_t size) { return size > 2 * edge; }

// The first and last numbers along each axis that is cut, side by side.
Tensor edges_of(Tensor tensor) {
  for (int axis = 0; axis < tensor.rank(); ++axis) {
    const int64_t size = tensor.size(axis);
    if (is_cut(size))
      tensor = concat(std::vector{tensor.slice(axis, 0, edge), tensor.slice(axis, size - edge, size)}, axis);
  }
  return tensor;
}

template <typename T>
std::vector<std::string> texts_of(const std::vector<T>& numbers, fmt::format_string<const T&> format) {
  std::vector<std::string> texts;
  for (const T& number : numbers) texts.push_back(fmt::format(format, number));
  return texts;
}

std::vector<std::string> numbers_of(const Tensor& tensor) {
  if (tensor.dtype() == DType::i32) return texts_of(tensor.to_host<int32_t>(), "{}");
  if (tensor.dtype() == DType::u8) return texts_of(tensor.to_host<uint8_t>(), "{}");
  return texts_of(tensor.to_host<double>(), "{:.5g}");
}

// Rows in brackets, one a line, numbers under numbers.
class Rows {
 public:
  Rows(const Shape& shape, std::vector<std::string> numbers, bool cut)
      : shape_(shape), numbers_(std::move(numbers)), cut_(cut) {
    for (const std::string& number : numbers_) width_ = std::max(width_, number.size());
  }

  std::string text() {
    add(0);
    return text_;
  }

 private:
  void add(int axis) {
    if (axis == shape_.rank()) {
      text_ += fmt::format("{:>{}}", numbers_[next_++], width_);
      return;
    }
    const bool is_row = axis + 1 == shape_.rank();
    const std::string between = is_row ? ", " : ",\n" + std::string(static_cast<size_t>(axis) + 1, ' ');
    text_ += '[';
    const int64_t size = shape_[axis];
    const bool cut = cut_ && is_cut(size);
    for (int64_t i = 0; i < (cut ? 2 * edge : size); ++i) {
      if (i > 0) text_ += between;
      if (cut && i == edge) text_ += "..." + between;
      add(axis + 1);
    }
    text_ += ']';
  }

  const Shape& shape_;
  std::vector<std::string> numbers_;
  bool cut_;
  size_t width_ = 0, next_ = 0;
  std::string text_;
};

}  // namespace

std::string Tensor::to_string() const {
  if (!defined()) return "undefined";
  const bool cut = numel() > most_shown;
  const std::string what = fmt::format("{} {} on {}:", name_of(dtype()), shape(), device().name());
  if (numel() == 0) return what + " no numbers";
  return what + (rank() > 1 ? "\n" : " ") + Rows(shape(), numbers_of(cut ? edges_of(*this) : *this), cut).text();
}

std::ostream& operator<<(std::ostream& out, const Tensor& tensor) { return out << tensor.to_string(); }

}  // namespace thaw
