// SPDX-License-Identifier: Apache-2.0
// How a kernel is launched: a shader, its specialisation constants, up to 128 bytes of push constants, a grid, and the
// blocks it reads and writes.
//
// A launch, from VulkanBackend::cross_entropy_backward():
//   struct Push { uint64_t dlogits, logits, ...; uint32_t rows, classes, ...; } push{address_of(args.dlogits), ...};
//   stream_->dispatch({.shader = shaders::cross_entropy_backward, .constants = {tuning_.reduce_workgroup, ...},
//                      .push = bytes_of(push), .groups = groups_over(push.rows), .reads = {logits.view.block, ...},
//                      .writes = {args.dlogits.block}, .label = {"cross_entropy backward", {push.rows, ...}}});
// The shader declares the same struct as `layout(push_constant, scalar) uniform Push { Floats dlogits, logits, ...;
// uint rows, classes, ...; };` (shaders/common.glsl). Nothing is bound: kernels get 64-bit addresses, so any offset,
// stride and size will do. The exception are texel buffers, for devices that fetch faster than they load.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "tensor/view.h"

namespace thaw::vulkan {

// A compiled shader, embedded at build time. shaders.h (generated) declares one for each line of shaders/meson.build.
struct Shader {
  const char* name;
  std::span<const uint32_t> words;  // SPIR-V
};

// The grid, in workgroups. Each number is at most 65,535.
struct Groups {
  uint32_t x = 1, y = 1, z = 1;
};

// A grid of at least `count` workgroups, beyond 65,535 too; the shader's number is group_number() (common.glsl), and it
// returns if that is >= count.
Groups groups_over(uint64_t count);

constexpr uint32_t ceil_divide(uint64_t a, uint64_t b) { return static_cast<uint32_t>((a + b - 1) / b); }

// What profiles, debug labels and errors call a launch: "matmul 512x768x768".
struct Label {
  const char* op = "";
  std::array<int64_t, 3> sizes{};  // 0: not shown

  std::string text() const;
};

// A block from a byte offset on, a multiple of texel_alignment, as numbers that a kernel fetches.
struct Texels {
  const Block* block = nullptr;
  uint64_t offset = 0;
  bool quads = false;   // four numbers a texel, else one
  bool halves = false;  // unsigned numbers of 16 bits, else f32
};

constexpr uint64_t texel_alignment = 256;  // what any device may ask for at most; blocks begin at multiples of it
constexpr size_t texel_bindings = 3;

struct Dispatch {
  const Shader& shader;
  std::vector<uint32_t>
      constants;  // specialisation constants 0, 1, 2, ...; a pipeline is made (once) for each set of them
  std::span<const std::byte> push;  // bytes_of(struct), scalar layout
  Groups groups;
  std::vector<const Block*> reads;   // null entries are skipped
  std::vector<const Block*> writes;  // what is read and written stands in both
  Label label;
  std::vector<Texels> texels = {};  // none, or all texel_bindings: layout(binding = 0, 1, 2) uniform textureBuffer
  uint32_t subgroup_size = 0;       // that the kernel must have; 0: it works with any
};

constexpr size_t max_push_bytes = 128;

// A push constant struct. C++ and GLSL's scalar layout agree: each member aligned to its own size.
template <typename Push>
std::span<const std::byte> bytes_of(const Push& push) {
  static_assert(std::is_trivially_copyable_v<Push> && sizeof(Push) <= max_push_bytes);
  return std::as_bytes(std::span(&push, 1));
}

// The device address of a view's first element.
inline uint64_t address_of(const View& view) {
  return view.block->handle + static_cast<uint64_t>(view.offset) * size_of(view.dtype);
}
inline uint64_t address_of(const View* view) { return view ? address_of(*view) : 0; }
inline const Block* block_of(const View* view) { return view ? view->block : nullptr; }

}  // namespace thaw::vulkan
