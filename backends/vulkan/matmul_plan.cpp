// SPDX-License-Identifier: Apache-2.0
// Merging the batch axes of matrix products.
#include "backends/vulkan/matmul_plan.h"

#include <algorithm>

#include "backends/vulkan/kernel.h"
#include "tensor/check.h"

namespace thaw::vulkan {
namespace {

// A batch axis: its size, and the strides of a, b and the result.
struct BatchAxis {
  int64_t size;
  std::array<int64_t, 3> strides;
};

// The stride of the axis `from_end` axes before the matrix; 0 where it is absent or broadcast.
int64_t batch_stride(const View& view, int from_end) {
  const int axis = view.rank() - 2 - from_end;
  return axis < 0 || view.shape[axis] == 1 ? 0 : view.strides[axis];
}

// From the outermost on, neighbours merged where one stride describes both.
std::vector<BatchAxis> batch_axes(const MatmulArgs& args) {
  std::vector<BatchAxis> axes;
  for (int from_end = args.out.rank() - 2; from_end >= 1; --from_end) {
    const int64_t size = args.out.shape[args.out.rank() - 2 - from_end];
    if (size == 1) continue;
    const BatchAxis axis{
        size, {batch_stride(args.a, from_end), batch_stride(args.b, from_end), batch_stride(args.out, from_end)}};
    const bool follows =
        !axes.empty() && std::equal(axis.strides.begin(), axis.strides.end(), axes.back().strides.begin(),
                                    [&](int64_t inner, int64_t outer) { return outer == inner * size; });
    if (follows)
      axes.back() = {axes.back().size * size, axis.strides};
    else
      axes.push_back(axis);
  }
  return axes;
}

uint32_t stride32(int64_t stride) {
  if (stride > INT32_MAX) fail("vulkan matmul: a stride of {} elements; at most {} are possible", stride, INT32_MAX);
  return static_cast<uint32_t>(stride);
}

}  // namespace

std::vector<MatmulPush> matmul_products(const MatmulArgs& args) {
  std::vector<BatchAxis> axes = batch_axes(args);
  int64_t m = args.out.shape[-2], a_row = args.a.strides[-2], target_row = args.out.strides[-2];
  if (!axes.empty() && axes.back().strides[1] == 0) {
    const BatchAxis& axis = axes.back();
    const bool single_rows = m == 1;
    if (single_rows || (axis.strides[0] == a_row * m && axis.strides[2] == target_row * m)) {
      if (single_rows) a_row = axis.strides[0], target_row = axis.strides[2];
      m *= axis.size;
      axes.pop_back();
    }
  }
  MatmulPush push;
  push.a = address_of(args.a);
  push.b = address_of(args.b);
  push.target = address_of(args.out);
  push.pre_activation = address_of(args.pre_activation);
  push.bias = address_of(args.bias);
  push.m = stride32(m);
  push.n = stride32(args.out.shape[-1]);
  push.k = push.k_part = stride32(args.a.shape[-1]);
  push.k_part = std::max(push.k_part, 1u);
  push.a_row = stride32(a_row);
  push.a_column = stride32(args.a.strides[-1]);
  push.b_row = stride32(args.b.strides[-2]);
  push.b_column = stride32(args.b.strides[-1]);
  push.target_row = stride32(target_row);
  push.bias_stride = args.bias ? stride32(args.bias->strides[0]) : 0;
  push.scale = static_cast<float>(args.scale);
  const auto set_axis = [&](size_t place, const BatchAxis& axis) {
    push.a_batch[place] = stride32(axis.strides[0]);
    push.b_batch[place] = stride32(axis.strides[1]);
    push.target_batch[place] = stride32(axis.strides[2]);
    push.batches *= stride32(axis.size);
  };
  if (!axes.empty()) {
    set_axis(1, axes.back());
    push.inner_batches = push.batches;
    axes.pop_back();
  }
  if (!axes.empty()) {
    set_axis(0, axes.back());
    axes.pop_back();
  }
  std::vector<MatmulPush> products{push};
  const uint64_t input_size = size_of(args.a.dtype);
  while (!axes.empty()) {
    std::vector<MatmulPush> more;
    for (MatmulPush product : products)
      for (int64_t i = 0; i < axes.back().size; ++i) {
        more.push_back(product);
        product.a += static_cast<uint64_t>(axes.back().strides[0]) * input_size;
        product.b += static_cast<uint64_t>(axes.back().strides[1]) * input_size;
        product.target += static_cast<uint64_t>(axes.back().strides[2]) * sizeof(float);
        if (product.pre_activation)
          product.pre_activation += static_cast<uint64_t>(axes.back().strides[2]) * sizeof(float);
      }
    products = std::move(more);
    axes.pop_back();
  }
  return products;
}

uint64_t count_tiles(const MatmulPush& push, const ProductTiles& tiles) {
  return uint64_t{ceil_divide(push.m, tiles.m)} * ceil_divide(push.n, tiles.n);
}

bool fills_large(const MatmulPush& push, const ProductTiles& large, const ProductTiles& small, const Tuning& tuning) {
  const auto area = [&](const ProductTiles& tiles) { return count_tiles(push, tiles) * tiles.m * tiles.n; };
  return count_tiles(push, large) * push.batches >= tuning.matmul_groups && area(large) * 4 <= area(small) * 5;
}

ProductTiles tiles_for(const MatmulPush& push, const Tuning& tuning) {
  const ProductTiles large = tuning.large_tiles(), small = tuning.small_tiles();
  return fills_large(push, large, small, tuning) ? large : small;
}

std::optional<CooperativeTiles> cooperative_tiles(const Facts& facts, uint32_t subgroup_size, uint32_t tile,
                                                  const Tuning& tuning) {
  const uint32_t part = tile / 2, k = tuning.matmul_cooperative_tile_k, workgroup = 4 * subgroup_size;
  const bool known_size = facts.subgroup_size_control || facts.min_subgroup_size == facts.max_subgroup_size;
  if (!known_size || workgroup > std::min(facts.max_workgroup, facts.max_workgroup_size[0]) ||
      tile * k % (4 * workgroup) != 0 || k % 4 != 0)
    return std::nullopt;
  std::optional<CooperativeMatrix> best;
  for (const CooperativeMatrix& matrix : facts.cooperative) {
    // Two tiles of each operand in f16, lines eight longer; a matrix of each subgroup in f32.
    const uint32_t lines = std::max(tile * (k + 8), k * (tile + 8));
    const uint32_t shared = 2 * 2 * lines * 2 + 4 * matrix.m * matrix.n * 4;
    const bool fits = part % matrix.m == 0 && part % matrix.n == 0 && k % matrix.k == 0 && matrix.n % 4 == 0 &&
                      shared <= facts.shared_memory;
    if (fits && (!best || matrix.m * matrix.n * matrix.k > best->m * best->n * best->k)) best = matrix;
  }
  if (!best) return std::nullopt;
  return CooperativeTiles{{tile, tile, k, part, part}, *best, workgroup};
}

uint32_t k_of_part(uint64_t groups, uint32_t k, uint32_t step, const Tuning& tuning) {
  const uint64_t parts = std::min<uint64_t>(tuning.matmul_groups / groups, k / tuning.matmul_shortest_part);
  return parts < 2 ? k : ceil_divide(ceil_divide(k, parts), step) * step;
}

}  // namespace thaw::vulkan
