// SPDX-License-Identifier: Apache-2.0
// Tensors: creation, views on the same memory, copies.
#include "tensor/tensor.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "tensor/check.h"
#include "tensor/counters.h"

namespace thaw {
namespace {

View contiguous_view(Block* block, const Shape& shape, DType dtype) {
  return {block, 0, shape, contiguous_strides(shape), dtype};
}

size_t byte_count(const Shape& shape, DType dtype) {
  uint64_t bytes = size_of(dtype);
  for (const int64_t size : shape) {
    check(size >= 0, "tensor: shape {} has a negative size", shape);
    check(
        size == 0 || bytes <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max()) / static_cast<uint64_t>(size),
        "tensor: shape {} is too large", shape);
    bytes *= static_cast<uint64_t>(size);
  }
  return bytes;
}

// Row-major bytes of `count` host numbers of one type, as a tensor of that type, cast on the device if another is
// wanted.
template <typename T>
Tensor upload(std::span<const T> values, DType stored, const Shape& shape, Device device, DType wanted) {
  const Tensor result = Tensor::from_bytes(std::as_bytes(values), shape, stored, device);
  return result.to(wanted);
}

// The strides of a view of `shape` on the same elements in the same order, or rank 0 with ok = false if there are none.
bool reshaped_strides(const View& view, const Shape& shape, Strides& strides) {
  strides = contiguous_strides(shape);
  if (view.is_contiguous()) return true;
  // Walk both shapes from the last axis, matching groups of equal size within which the old strides must be mergeable.
  int old_axis = view.rank() - 1, new_axis = shape.rank() - 1;
  while (old_axis >= 0 && new_axis >= 0) {
    int64_t old_size = view.shape[old_axis], new_size = shape[new_axis];
    int64_t stride = view.strides[old_axis];
    strides[new_axis] = stride;
    int64_t inner = view.shape[old_axis] * stride;
    while (old_size != new_size) {
      if (old_size < new_size) {
        if (--old_axis < 0) return false;
        if (view.shape[old_axis] != 1 && view.strides[old_axis] != inner) return false;
        old_size *= view.shape[old_axis];
        if (view.shape[old_axis] != 1) inner = view.shape[old_axis] * view.strides[old_axis];
      } else {
        if (--new_axis < 0) return false;
        strides[new_axis] = strides[new_axis + 1] * shape[new_axis + 1];
        new_size *= shape[new_axis];
      }
    }
    --old_axis;
    --new_axis;
  }
  return true;
}

}  // namespace

Tensor Tensor::empty(const Shape& shape, DType dtype, Device device) {
  check(device.defined(), "tensor: no device");
  Backend& backend = device.backend();
  check(backend.supports(dtype), "{}: does not hold {}", backend.name(), name_of(dtype));
  Block* block = backend.allocate(byte_count(shape, dtype));
  return Tensor(std::shared_ptr<Block>(block, [](Block* b) { b->backend->release(b); }),
                contiguous_view(block, shape, dtype));
}

Tensor Tensor::full(const Shape& shape, double value, DType dtype, Device device) {
  Tensor result = empty(shape, dtype, device);
  if (result.numel() > 0) {
    count_launch("fill");
    result.backend().fill(result.view_, value);
  }
  return result;
}

Tensor Tensor::from_bytes(std::span<const std::byte> bytes, const Shape& shape, DType dtype, Device device) {
  check(bytes.size() == byte_count(shape, dtype), "tensor: {} bytes for shape {} of {}", bytes.size(), shape,
        name_of(dtype));
  Tensor result = empty(shape, dtype, device);
  if (!bytes.empty()) result.backend().upload(*result.view_.block, 0, bytes.data(), bytes.size());
  return result;
}

Tensor Tensor::from_host(std::span<const float> values, const Shape& shape, Device device, DType dtype) {
  if (dtype != DType::f64) return upload(values, DType::f32, shape, device, dtype);
  const std::vector<double> wide(values.begin(), values.end());
  return upload(std::span<const double>(wide), DType::f64, shape, device, dtype);
}

Tensor Tensor::from_host(std::span<const double> values, const Shape& shape, Device device, DType dtype) {
  if (dtype == DType::f64) return upload(values, DType::f64, shape, device, dtype);
  const std::vector<float> narrow(values.begin(), values.end());
  return upload(std::span<const float>(narrow), DType::f32, shape, device, dtype);
}

Tensor Tensor::from_host(std::span<const int32_t> values, const Shape& shape, Device device) {
  return upload(values, DType::i32, shape, device, DType::i32);
}

void Tensor::undefined(const char* what) {
  throw std::invalid_argument(fmt::format("{}: the tensor is undefined", what));
}

bool Tensor::same_view(const Tensor& other) const {
  return block_ == other.block_ && view_.offset == other.view_.offset && view_.shape == other.view_.shape &&
         view_.strides == other.view_.strides && view_.dtype == other.view_.dtype;
}

Tensor Tensor::with_view(const View& view) const {
  Tensor result = *this;
  result.view_ = view;
  result.view_.block = view_.block;
  return result;
}

Tensor Tensor::reshape(const Shape& wanted) const {
  known("reshape");
  Shape shape = wanted;
  int64_t known = 1;
  int open = -1;
  for (int i = 0; i < shape.rank(); ++i) {
    if (shape[i] == -1) {
      check(open < 0, "reshape: more than one -1 in {}", wanted);
      open = i;
    } else {
      known *= shape[i];
    }
  }
  if (open >= 0) shape[open] = known ? numel() / known : 0;
  check(shape.numel() == numel(), "reshape: {} does not fit {}", view_.shape, wanted);
  View view = view_;
  view.shape = shape;
  if (!reshaped_strides(view_, shape, view.strides)) return contiguous().reshape(shape);
  return with_view(view);
}

Tensor Tensor::permute(std::span<const int> axes) const { return with_view(known("permute").permute(axes)); }
Tensor Tensor::transpose(int a, int b) const { return with_view(known("transpose").transpose(a, b)); }
Tensor Tensor::slice(int axis, int64_t begin, int64_t end) const {
  return with_view(known("slice").slice(axis, begin, end));
}
Tensor Tensor::expand(const Shape& shape) const { return with_view(known("expand").expand(shape)); }
Tensor Tensor::squeeze(int axis) const { return with_view(known("squeeze").squeeze(axis)); }
Tensor Tensor::unsqueeze(int axis) const { return with_view(known("unsqueeze").unsqueeze(axis)); }

Tensor Tensor::contiguous() const { return known("contiguous").is_contiguous() ? *this : clone(); }

Tensor Tensor::clone() const {
  known("clone");
  Tensor result = empty(view_.shape, view_.dtype, device());
  if (numel() > 0) {
    count_launch("copy");
    backend().copy(result.view_, view_);
  }
  return result;
}

Tensor Tensor::to(DType dtype) const {
  known("to");
  if (dtype == view_.dtype) return *this;
  Tensor result = empty(view_.shape, dtype, device());
  if (numel() > 0) {
    count_launch("copy");
    backend().copy(result.view_, view_);
  }
  return result;
}

Tensor Tensor::to(Device target) const {
  known("to");
  check(target.defined(), "to: no device");
  if (target == device()) return *this;
  const std::vector<std::byte> bytes = to_bytes();
  return from_bytes(bytes, view_.shape, view_.dtype, target);
}

std::vector<std::byte> Tensor::to_bytes() const {
  known("to_bytes");
  const Tensor source = contiguous();
  const size_t item = size_of(view_.dtype);
  std::vector<std::byte> bytes(static_cast<size_t>(numel()) * item);
  if (!bytes.empty())
    backend().download(*source.view_.block, static_cast<size_t>(source.view_.offset) * item, bytes.data(),
                       bytes.size());
  return bytes;
}

template <typename T>
std::vector<T> Tensor::to_host() const {
  known("to_host");
  if constexpr (std::is_floating_point_v<T>) {
    check(is_floating(view_.dtype), "to_host: {} is not a floating type", name_of(view_.dtype));
    if (view_.dtype == DType::f64 && !std::is_same_v<T, double>) {
      const std::vector<double> wide = to_host<double>();
      return std::vector<T>(wide.begin(), wide.end());
    }
    if (view_.dtype != DType::f64 && std::is_same_v<T, double>) {
      const std::vector<float> narrow = to_host<float>();
      return std::vector<T>(narrow.begin(), narrow.end());
    }
  } else {
    check(view_.dtype == (std::is_same_v<T, int32_t> ? DType::i32 : DType::u8), "to_host: the tensor holds {}",
          name_of(view_.dtype));
  }
  const DType wanted = std::is_same_v<T, float> ? DType::f32 : view_.dtype;
  const std::vector<std::byte> bytes = to(wanted).to_bytes();
  std::vector<T> values(static_cast<size_t>(numel()));
  if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}
template std::vector<float> Tensor::to_host<float>() const;
template std::vector<double> Tensor::to_host<double>() const;
template std::vector<int32_t> Tensor::to_host<int32_t>() const;
template std::vector<uint8_t> Tensor::to_host<uint8_t>() const;

template <typename T>
T Tensor::item() const {
  check(known("item").numel() == 1, "item: {} has not one element", view_.shape);
  return to_host<T>()[0];
}
template float Tensor::item<float>() const;
template double Tensor::item<double>() const;
template int32_t Tensor::item<int32_t>() const;

Pending<float> Tensor::to_host_later() const {
  check(known("to_host_later").numel() == 1, "to_host_later: {} has not one element", view_.shape);
  const Tensor single = to(DType::f32);
  return Pending<float>(single.backend().download_later(
      *single.view_.block, static_cast<size_t>(single.view_.offset) * sizeof(float), sizeof(float)));
}

void Tensor::fill_(double value) const {
  if (known("fill_").numel() == 0) return;
  count_launch("fill");
  backend().fill(view_, value);
  mark_written();
}

void Tensor::copy_from(const Tensor& other) const {
  known("copy_from");
  check_defined("copy_from", "the source", other);
  check(other.shape() == shape(), "copy_from: {} into {}", other.shape(), shape());
  if (numel() == 0) return;
  count_launch("copy");
  backend().copy(view_, other.to(device()).view_);
  mark_written();
}

void check_defined(const char* function, const char* argument, const Tensor& tensor) {
  check(tensor.defined(), "{}: {} is undefined", function, argument);
}

}  // namespace thaw
