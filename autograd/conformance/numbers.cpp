// SPDX-License-Identifier: Apache-2.0
// The numbers that rows of the op table run on, and how they are laid out in memory.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "autograd/conformance/run.h"
#include "tensor/random_key.h"

namespace thaw::ops {
namespace {

uint64_t hash_of(const std::string& name) {
  uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

// In [0, 1), multiples of 2^-24.
std::vector<double> draw_units(RandomKey key, size_t count) {
  std::vector<double> units;
  for (uint64_t block = 0; units.size() < count; ++block)
    for (const uint32_t word : random_words(key, block)) units.push_back((word >> 8) * 0x1p-24);
  units.resize(count);
  return units;
}

double away_from_zero(double x) { return std::abs(x) < 0.0625 ? x + std::copysign(0.0625, x) : x; }

std::vector<double> draw(Draw how, RandomKey key, size_t count) {
  std::vector<double> numbers = draw_units(key, count);
  if (how == Draw::distinct) {
    std::vector<size_t> order(count);
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return numbers[a] < numbers[b]; });
    for (size_t i = 0; i < count; ++i)
      numbers[order[i]] = static_cast<float>(4 * (static_cast<double>(i) + 0.5) / static_cast<double>(count) - 2);
    return numbers;
  }
  for (double& x : numbers) {
    if (how == Draw::uniform) x = static_cast<float>(away_from_zero(4 * x - 2));
    if (how == Draw::positive) x = static_cast<float>(0.5 + 1.5 * x);
    if (how == Draw::coarse) x = std::floor(256 * x) / 64 - 2;
    if (how == Draw::mask) x = x < 0.5 ? 0 : 1;
  }
  return numbers;
}

// Every element of the first axis as its first one.
void repeat_first(Numbers& numbers) {
  if (numbers.shape.rank() == 0 || numbers.shape[0] < 2) return;
  const auto slice = static_cast<ptrdiff_t>(numbers.values.size()) / numbers.shape[0];
  for (int64_t i = 1; i < numbers.shape[0]; ++i)
    std::copy_n(numbers.values.begin(), slice, numbers.values.begin() + i * slice);
}

Strides strides_of(const Shape& shape, Layout layout) {
  Strides strides = contiguous_strides(shape);
  const int rank = shape.rank();
  if (layout == Layout::gaps) {
    for (int i = 0; i + 1 < rank; ++i) strides[i] = strides[i] / std::max<int64_t>(1, shape[-1]) * (shape[-1] + 3);
  } else if (layout == Layout::spread || (layout == Layout::transposed && rank < 2)) {
    for (int i = 0; i < rank; ++i) strides[i] *= 2;
  } else if (layout == Layout::transposed) {
    strides[-1] = shape[-2];
    strides[-2] = 1;
  } else if (layout == Layout::broadcast && rank > 0) {
    strides[0] = 0;
  }
  return strides;
}

}  // namespace

const char* name_of(Layout layout) {
  constexpr const char* names[] = {"contiguous", "offset", "gaps", "spread", "transposed", "broadcast"};
  return names[static_cast<size_t>(layout)];
}

std::string OpCase::input_name(size_t i) const {
  if (inputs[i].name) return inputs[i].name;
  return inputs.size() == 1 ? "x" : std::string(1, static_cast<char>('a' + i));
}

std::string Setting::to_string(const OpCase& row) const {
  std::string text = device.name();
  if (layout != Layout::contiguous) text += fmt::format(", {} inputs", name_of(layout));
  if (resize.from != resize.to) text += fmt::format(", sizes {} for {}", resize.to, resize.from);
  for (size_t i = 0; i < frozen.size(); ++i)
    if (frozen[i]) text += fmt::format(", {} frozen", row.input_name(i));
  return text;
}

Numbers input_numbers(const OpCase& row, size_t input, const Setting& setting) {
  Numbers numbers{row.inputs[input].shape, {}};
  for (int i = 0; i < numbers.shape.rank(); ++i)
    if (numbers.shape[i] == setting.resize.from) numbers.shape[i] = setting.resize.to;
  numbers.values = draw(row.inputs[input].draw, {hash_of(row.name), input}, static_cast<size_t>(numbers.shape.numel()));
  if (setting.layout == Layout::broadcast) repeat_first(numbers);
  return numbers;
}

Numbers incoming_gradient(const OpCase& row, const Shape& shape, Layout layout) {
  const Draw how = row.limits.coarse_gradient ? Draw::coarse : Draw::uniform;
  Numbers numbers{shape, draw(how, {hash_of(row.name), 1000}, static_cast<size_t>(shape.numel()))};
  if (layout == Layout::broadcast) repeat_first(numbers);
  return numbers;
}

Tensor laid_out(const Numbers& numbers, const Setting& setting) {
  if (setting.layout == Layout::contiguous)
    return Tensor::from_host(numbers.values, numbers.shape, setting.device, setting.dtype);
  View view;
  view.shape = numbers.shape;
  view.strides = strides_of(numbers.shape, setting.layout);
  view.offset = 1;
  view.dtype = setting.dtype;
  int64_t size = 2;
  for (int i = 0; i < view.rank(); ++i) size += std::max<int64_t>(0, view.shape[i] - 1) * view.strides[i];
  std::vector<double> memory(static_cast<size_t>(size), std::numeric_limits<double>::quiet_NaN());
  for (size_t i = 0; i < numbers.values.size(); ++i) {
    auto rest = static_cast<int64_t>(i);
    int64_t at = view.offset;
    for (int axis = view.rank() - 1; axis >= 0; rest /= view.shape[axis--])
      at += rest % view.shape[axis] * view.strides[axis];
    memory[static_cast<size_t>(at)] = numbers.values[i];
  }
  return Tensor::from_host(memory, {size}, setting.device, setting.dtype).with_view(view);
}

Numbers read(const Tensor& tensor) { return {tensor.shape(), tensor.to_host<double>()}; }

}  // namespace thaw::ops
