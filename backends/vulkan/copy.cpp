// SPDX-License-Identifier: Apache-2.0
// fill, copy and casts: by transfer commands where both sides are plain bytes, else by a kernel over joined axes.
#include <cmath>
#include <cstring>
#include <limits>

#include "backends/shared/half.h"
#include "backends/vulkan/layout.h"
#include "backends/vulkan/shaders.h"
#include "backends/vulkan/stream.h"
#include "backends/vulkan/vulkan_backend.h"
#include "tensor/check.h"

namespace thaw::vulkan {
namespace {

constexpr size_t axes = 6;

// shaders/copy.comp
struct CopyPush {
  uint64_t out, in;
  std::array<uint32_t, axes> sizes, out_strides, in_strides;
  uint32_t count;
};

const Shader& copy_shader(DType a, DType b) {
  const bool halves = size_of(a) == 2 || size_of(b) == 2, bytes = size_of(a) == 1 || size_of(b) == 1;
  if (halves && bytes) return shaders::copy_halves_bytes;
  return halves ? shaders::copy_halves : bytes ? shaders::copy_bytes : shaders::copy;
}

// `in`'s block may be null: its numbers then lie at in_address, outside of all blocks.
void launch_copy(VulkanBackend& backend, const View& out, const View& in, uint64_t in_address) {
  for (DType dtype : {out.dtype, in.dtype})
    check(backend.supports(dtype), "{} has no type {}", backend.name(), name_of(dtype));
  const View* const views[] = {&out, &in};
  const Layout layout = joined_layout(views);
  const CopyPush push{address_of(out),
                      in_address,
                      padded<axes>(layout.sizes, 1),
                      padded<axes>(layout.strides[0], 0),
                      padded<axes>(layout.strides[1], 0),
                      static_cast<uint32_t>(out.numel())};
  const Tuning& tuning = backend.tuning();
  backend.stream().dispatch(
      {.shader = copy_shader(out.dtype, in.dtype),
       .constants = {tuning.pointwise_workgroup, layout.rank(), tuning.pointwise_per_invocation,
                     static_cast<uint32_t>(out.dtype), static_cast<uint32_t>(in.dtype)},
       .push = bytes_of(push),
       .groups = groups_over(ceil_divide(push.count, tuning.pointwise_workgroup * tuning.pointwise_per_invocation)),
       .reads = {in.block},
       .writes = {out.block},
       .label = {"copy", {push.count}}});
}

int32_t truncated(double value, double low, double high) {
  if (std::isnan(value)) return 0;
  return static_cast<int32_t>(std::fmin(std::fmax(value, low), high));
}

// The bits of a number in a type, in the low bytes.
uint32_t bits_of(double value, DType dtype) {
  const auto number = static_cast<float>(value);
  switch (dtype) {
    case DType::bf16: return half::to_bf16(number);
    case DType::f16: return half::to_f16(number);
    case DType::i32:
      return static_cast<uint32_t>(
          truncated(value, std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max()));
    case DType::u8: return static_cast<uint32_t>(truncated(value, 0, 255));
    case DType::f32:
    case DType::f64: break;
  }
  uint32_t bits;
  std::memcpy(&bits, &number, sizeof bits);
  return bits;
}

}  // namespace

void VulkanBackend::fill(const View& out, double value) {
  if (out.numel() == 0) return;
  const size_t size = size_of(out.dtype);
  const uint32_t bits = bits_of(value, out.dtype);
  const uint64_t offset = static_cast<uint64_t>(out.offset) * size, bytes = static_cast<uint64_t>(out.numel()) * size;
  if (out.is_contiguous() && offset % 4 == 0 && bytes % 4 == 0) {
    const uint32_t word = size == 4 ? bits : size == 2 ? bits * 0x10001u : bits * 0x1010101u;
    stream_->fill(*out.block, offset, bytes, word);
    return;
  }
  const Parameters number(*stream_, bytes_of(bits));
  View in = out;
  in.block = nullptr;
  in.strides = Strides::of_rank(out.rank(), 0);
  launch_copy(*this, out, in, number.address());
}

void VulkanBackend::copy(const View& out, const View& in) {
  if (out.numel() == 0) return;
  if (out.dtype == in.dtype && out.is_contiguous() && in.is_contiguous() && out.block != in.block) {
    const size_t size = size_of(out.dtype);
    stream_->copy(*out.block, static_cast<uint64_t>(out.offset) * size, *in.block,
                  static_cast<uint64_t>(in.offset) * size, static_cast<uint64_t>(out.numel()) * size);
    return;
  }
  launch_copy(*this, out, in, address_of(in));
}

}  // namespace thaw::vulkan
