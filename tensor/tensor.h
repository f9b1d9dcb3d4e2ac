// SPDX-License-Identifier: Apache-2.0
// Tensor: a handle to a strided piece of device memory. Copying it shares the memory; reshape, permute, slice and
// expand are metadata only.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/backend.h"
#include "tensor/device.h"
#include "tensor/view.h"

namespace thaw {

template <typename T>
class Pending;

class Tensor {
 public:
  Tensor() = default;  // undefined: no memory; to ask it for anything but defined() and to_string() is an error
  bool defined() const { return block_ != nullptr; }

  // New, contiguous tensors. empty: contents are arbitrary (NaN patterns in debug builds).
  static Tensor empty(const Shape& shape, DType dtype, Device device);
  static Tensor full(const Shape& shape, double value, DType dtype, Device device);
  static Tensor zeros(const Shape& shape, DType dtype, Device device) { return full(shape, 0, dtype, device); }
  static Tensor ones(const Shape& shape, DType dtype, Device device) { return full(shape, 1, dtype, device); }
  // From host numbers, row-major; `values.size()` must be the shape's numel. dtype may differ from T: floating values
  // are rounded.
  static Tensor from_host(std::span<const float> values, const Shape& shape, Device device, DType dtype = DType::f32);
  static Tensor from_host(std::span<const double> values, const Shape& shape, Device device, DType dtype = DType::f64);
  static Tensor from_host(std::span<const int32_t> values, const Shape& shape, Device device);
  // From the bytes of a file or another device; `bytes.size()` must be numel * size_of(dtype).
  static Tensor from_bytes(std::span<const std::byte> bytes, const Shape& shape, DType dtype, Device device);

  const Shape& shape() const { return known("shape").shape; }
  const Strides& strides() const { return known("strides").strides; }
  int rank() const { return known("rank").rank(); }
  int64_t size(int axis) const { return known("size").shape[axis]; }
  int64_t numel() const { return known("numel").numel(); }
  DType dtype() const { return known("dtype").dtype; }
  Device device() const { return Device(*known("device").block->backend); }
  Backend& backend() const { return *known("backend").block->backend; }
  const View& view() const { return view_; }  // of an undefined tensor: without a block
  bool is_contiguous() const { return known("is_contiguous").is_contiguous(); }
  // The same memory, offset and layout?
  bool same_view(const Tensor& other) const;
  // How many handles share the memory.
  long use_count() const { return block_.use_count(); }

  // Metadata only.
  Tensor reshape(const Shape& shape) const;  // one size may be -1; copies first only if the strides do not allow it
  Tensor permute(std::span<const int> axes) const;
  Tensor permute(std::initializer_list<int> axes) const {
    return permute(std::span<const int>(axes.begin(), axes.size()));
  }
  Tensor transpose(int a = -2, int b = -1) const;
  Tensor slice(int axis, int64_t begin, int64_t end) const;
  Tensor expand(const Shape& shape) const;  // broadcast: sizes of 1 (and new leading axes) get stride 0
  Tensor squeeze(int axis) const;
  Tensor unsqueeze(int axis) const;

  // This tensor if it is contiguous, else a contiguous copy.
  Tensor contiguous() const;
  Tensor clone() const;
  Tensor to(DType dtype) const;    // this tensor if it has the dtype already
  Tensor to(Device device) const;  // this tensor if it is there already; else through the host

  // Waits, and copies to the host in row-major order. T: float or double (from any floating dtype), int32_t (from i32),
  // uint8_t (u8).
  template <typename T>
  std::vector<T> to_host() const;
  std::vector<std::byte> to_bytes() const;
  // The one element of a tensor of one element.
  template <typename T = float>
  T item() const;
  // "f32 [2, 3] on cpu: ..." and the numbers, row by row; of more than 1,000 only the first and last three along each
  // axis (and no more are copied to the host). "undefined" if it is. The same as `{}` in fmt and `<<` show. Waits.
  std::string to_string() const;
  // Starts the copy; get() waits. For a loss that is read one step later.
  Pending<float> to_host_later() const;

  // In-place writes (raise the block's version).
  void fill_(double value) const;
  void copy_from(const Tensor& other) const;  // same shape; casts
  void mark_written() const { ++known("mark_written").block->version; }

  // The tensor of a view on the same memory (for code that computes strides itself).
  Tensor with_view(const View& view) const;

 private:
  // The view, or an error that names what an undefined tensor was asked for.
  const View& known(const char* what) const {
    if (!block_) [[unlikely]]
      undefined(what);
    return view_;
  }
  [[noreturn]] static void undefined(const char* what);

  Tensor(std::shared_ptr<Block> block, const View& view) : block_(std::move(block)), view_(view) {}

  std::shared_ptr<Block> block_;  // released to its backend with the last handle
  View view_;
};

std::ostream& operator<<(std::ostream& out, const Tensor& tensor);

// For functions on tensors: an error that names the function and its argument if that is undefined.
void check_defined(const char* function, const char* argument, const Tensor& tensor);

template <typename T>
class Pending {
 public:
  Pending() = default;
  explicit Pending(std::unique_ptr<PendingRead> read) : read_(std::move(read)) {}
  bool defined() const { return read_ != nullptr; }
  T get() { return *static_cast<const T*>(read_->wait()); }

 private:
  std::unique_ptr<PendingRead> read_;
};

}  // namespace thaw

template <>
struct fmt::formatter<thaw::Tensor> : fmt::formatter<std::string_view> {
  template <typename Context>
  auto format(const thaw::Tensor& tensor, Context& context) const {
    return fmt::formatter<std::string_view>::format(tensor.to_string(), context);
  }
};
