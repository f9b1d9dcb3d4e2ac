// SPDX-License-Identifier: Apache-2.0
// Products that fetch their matrices from texel buffers (shaders/matmul_texel.comp): for software drivers, which gather
// texels as vectors but load by address number by number.
#include <algorithm>
#include <optional>

#include "backends/vulkan/matmul_kernels.h"
#include "backends/vulkan/shaders.h"

namespace thaw::vulkan {
namespace {

// The layouts of the shader.
enum FetchLayout : uint32_t { singles, quads_along_k, quads_across_k };

// A matrix as texels.
struct Fetched {
  Texels texels;
  uint32_t start;  // of the first element in it, in elements
  FetchLayout layout;
};

// The strides of one matrix: along k, across it (m or n), and of the batches.
struct Strides {
  uint32_t along, across;
  std::array<uint32_t, 2> batch;
};

bool is_multiple_of_four(uint64_t number) { return number % 4 == 0; }

// How to fetch the matrix at `address` in a block, of `k` times `width` elements a batch; nothing if it is larger than
// a texel buffer.
std::optional<Fetched> fetched(const View& matrix, uint64_t address, const Strides& strides, uint64_t width,
                               const MatmulPush& push, uint64_t texel_elements) {
  const uint64_t size = size_of(matrix.dtype), place = address - matrix.block->handle;
  const uint64_t offset = place / texel_alignment * texel_alignment, start = (place - offset) / size;
  const uint64_t outer_batches = push.batches / push.inner_batches;
  const uint64_t end = start + (push.k - 1) * uint64_t{strides.along} + (width - 1) * strides.across +
                       (outer_batches - 1) * strides.batch[0] + (push.inner_batches - 1) * uint64_t{strides.batch[1]} +
                       1;
  FetchLayout layout = singles;
  if (is_multiple_of_four(start) && std::ranges::all_of(strides.batch, is_multiple_of_four)) {
    if (strides.along == 1 && is_multiple_of_four(strides.across)) layout = quads_along_k;
    if (strides.across == 1 && is_multiple_of_four(strides.along)) layout = quads_across_k;
  }
  const uint64_t texels = layout == singles ? end : (end + 3) / 4;
  if (texels > std::min<uint64_t>(texel_elements, INT32_MAX / 4)) return std::nullopt;
  return Fetched{{matrix.block, offset, layout != singles, size == 2}, static_cast<uint32_t>(start), layout};
}

}  // namespace

bool matmul_texel(VulkanBackend& backend, const MatmulArgs& args, const MatmulPush& push) {
  const Facts& facts = backend.facts();
  const Tuning& tuning = backend.tuning();
  if (!can_fetch_products(facts) || push.k == 0 ||
      static_cast<double>(push.m) * push.n * push.k * push.batches < tuning.matmul_texel_least)
    return false;
  const uint32_t lanes = facts.subgroup_size;
  const std::optional<Fetched> a =
      fetched(args.a, push.a, {push.a_column, push.a_row, push.a_batch}, push.m, push, facts.texel_elements);
  const std::optional<Fetched> b =
      fetched(args.b, push.b, {push.b_row, push.b_column, push.b_batch}, push.n, push, facts.texel_elements);
  if (!a || !b) return false;
  MatmulPush fetching = push;
  fetching.a = a->start;
  fetching.b = b->start;
  Texels before{args.a.block, a->texels.offset};  // something must be bound
  if (args.accumulate) {
    const uint64_t offset = push.target - args.out.block->handle;
    before = {args.out.block, offset / texel_alignment * texel_alignment};
    const uint64_t start = (offset - before.offset) / sizeof(float), outer_batches = push.batches / push.inner_batches;
    const uint64_t end = start + (push.m - 1) * uint64_t{push.target_row} + push.n +
                         (outer_batches - 1) * push.target_batch[0] +
                         (push.inner_batches - 1) * uint64_t{push.target_batch[1]};
    if (end > std::min<uint64_t>(facts.texel_elements, INT32_MAX / 4)) return false;
    fetching.a |= start << 32;
  }
  const uint32_t rows = push.m <= lanes ? std::max(lanes, 4u) : std::max(tuning.matmul_texel_rows / lanes, 1u) * lanes;
  const uint32_t steps = b->layout == quads_along_k ? tuning.matmul_texel_steps : 1;
  launch_product(backend, args, fetching,
                 {.shader = a->texels.halves ? shaders::matmul_texel_halves : shaders::matmul_texel,
                  .workgroup = lanes,
                  .constants = {a->layout, b->layout, steps, push.k % (4 * steps) != 0, rows},
                  .tiles = uint64_t{ceil_divide(push.m, rows)} * ceil_divide(push.n, 4 * lanes),
                  .k_step = 4 * steps,
                  .texels = {a->texels, b->texels, before}});
  return true;
}

}  // namespace thaw::vulkan
