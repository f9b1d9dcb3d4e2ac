// SPDX-License-Identifier: Apache-2.0
// Attention over packed segments, forward and backward.
#include <algorithm>
#include <cstring>

#include "backends/vulkan/attention_call.h"
#include "backends/vulkan/shaders.h"
#include "backends/vulkan/stream.h"
#include "backends/vulkan/vulkan_backend.h"

namespace thaw::vulkan {
namespace {

// Blocks of one launch: their description has to fit into a region of the parameter ring.
constexpr size_t most_blocks = 65536;

// The inputs, with dense last axes.
struct Inputs {
  Dense q, k, v;
  AttentionArgs args;
};

Inputs dense_inputs(VulkanBackend& backend, const AttentionArgs& args) {
  const auto dense = [&](const View& view) {
    return view.strides[2] == 1 || view.shape[2] == 1 ? Dense{view, {}} : backend.contiguous(view);
  };
  Inputs inputs{dense(args.q), dense(args.k), dense(args.v), args};
  inputs.args.q = inputs.q.view;
  inputs.args.k = inputs.k.view;
  inputs.args.v = inputs.v.view;
  return inputs;
}

// Specialisation constants 0-6 (shaders/attention.glsl), then the kernel's own.
std::vector<uint32_t> constants(const Tuning& tuning, const AttentionArgs& args, std::initializer_list<uint32_t> own) {
  const uint32_t side = tuning.attention_block / tuning.attention_tile;
  std::vector<uint32_t> all{
      side * side, tuning.attention_block, tuning.attention_tile,       static_cast<uint32_t>(args.q.shape[2]),
      args.causal, args.bias != nullptr,   args.dropout.probability > 0};
  all.insert(all.end(), own);
  return all;
}

struct Push {
  uint64_t call, blocks;
  uint32_t count, heads;
};

// A workgroup for each block and head. dtable advances with the blocks.
void launch(VulkanBackend& backend, AttentionCall call, const std::vector<AttentionBlock>& blocks,
            const AttentionArgs& args, Dispatch dispatch, uint64_t dtable_block_bytes = 0) {
  const auto heads = static_cast<uint32_t>(args.q.shape[1]);
  for (size_t begin = 0; begin < blocks.size(); begin += most_blocks) {
    const size_t count = std::min(most_blocks, blocks.size() - begin);
    std::vector<std::byte> bytes(sizeof call + count * sizeof(AttentionBlock));
    std::memcpy(bytes.data(), &call, sizeof call);
    std::memcpy(bytes.data() + sizeof call, blocks.data() + begin, count * sizeof(AttentionBlock));
    const Parameters parameters(backend.stream(), bytes);
    const Push push{parameters.address(), parameters.address() + sizeof call, static_cast<uint32_t>(count), heads};
    dispatch.push = bytes_of(push);
    dispatch.groups = groups_over(uint64_t{count} * heads);
    backend.stream().dispatch(dispatch);
    call.dtable += count * dtable_block_bytes;
  }
}

const Block* bias_block(const AttentionArgs& args) { return args.bias ? args.bias->table.block : nullptr; }
const Block* bucket_block(const AttentionArgs& args) { return args.bias ? args.bias->bucket_of.block : nullptr; }

}  // namespace

void VulkanBackend::attention(const AttentionArgs& original) {
  const Inputs inputs = dense_inputs(*this, original);
  const AttentionArgs& args = inputs.args;
  const std::vector<AttentionBlock> blocks =
      attention_blocks(args.host_q_offsets, args.host_k_offsets, tuning_.attention_block, 1);
  launch(*this, attention_call(args), blocks, args,
         {.shader = shaders::attention,
          .constants = constants(tuning_, args, {args.lse != nullptr}),
          .push = {},
          .groups = {},
          .reads = {args.q.block, args.k.block, args.v.block, bias_block(args), bucket_block(args)},
          .writes = {args.out.block, block_of(args.lse)},
          .label = {"attention", {args.q.shape[0], args.q.shape[1], args.q.shape[2]}}});
}

void VulkanBackend::attention_backward(const AttentionBackwardArgs& original) {
  const Inputs inputs = dense_inputs(*this, original.forward);
  const AttentionArgs& args = inputs.args;
  const Dense dout = contiguous(original.dout);
  const int64_t tokens = args.q.shape[0], heads = args.q.shape[1];
  const ScratchBlock delta = scratch(static_cast<size_t>(tokens * heads) * sizeof(float));
  AttentionCall call = attention_call(args);
  call.dresult = attention_tokens(&dout.view);
  call.dq = attention_tokens(original.dq);
  call.dk = attention_tokens(original.dk);
  call.dv = attention_tokens(original.dv);
  call.delta = delta.address();
  call.delta_head = static_cast<uint32_t>(tokens);

  const bool wants_dscores = original.dq || original.dk || original.dtable;
  if (wants_dscores && tokens > 0) {
    const std::vector<uint32_t> own = constants(tuning_, args, {});
    const Parameters parameters(*stream_, std::as_bytes(std::span(&call, 1)));
    const Push push{parameters.address(), 0, static_cast<uint32_t>(tokens), static_cast<uint32_t>(heads)};
    stream_->dispatch({.shader = shaders::attention_delta,
                       .constants = own,
                       .push = bytes_of(push),
                       .groups = groups_over(ceil_divide(static_cast<uint64_t>(tokens * heads), own[0])),
                       .reads = {args.out.block, dout.view.block},
                       .writes = {delta.block()},
                       .label = {"attention delta", {tokens, heads}}});
  }
  if (original.dk || original.dv) {
    const std::vector<AttentionBlock> blocks =
        attention_blocks(args.host_k_offsets, args.host_q_offsets, tuning_.attention_block, -1);
    launch(*this, call, blocks, args,
           {.shader = shaders::attention_dkv,
            .constants = constants(tuning_, args, {original.dk != nullptr, original.dv != nullptr}),
            .push = {},
            .groups = {},
            .reads = {args.q.block, args.k.block, args.v.block, bias_block(args), bucket_block(args), dout.view.block,
                      args.lse->block, delta.block()},
            .writes = {block_of(original.dk), block_of(original.dv)},
            .label = {"attention dk dv", {args.k.shape[0], heads, args.q.shape[2]}}});
  }
  if (original.dq || original.dtable) {
    const std::vector<AttentionBlock> blocks =
        attention_blocks(args.host_q_offsets, args.host_k_offsets, tuning_.attention_block, 1);
    const int64_t buckets = args.bias ? args.bias->table.shape[0] : 1;
    const size_t partial_bytes = static_cast<size_t>(heads * buckets) * sizeof(float);
    const ScratchBlock partial = scratch(original.dtable ? blocks.size() * partial_bytes : 0);
    call.dtable = partial.address();
    launch(*this, call, blocks, args,
           {.shader = shaders::attention_dq,
            .constants = constants(
                tuning_, args, {original.dq != nullptr, original.dtable != nullptr, static_cast<uint32_t>(buckets)}),
            .push = {},
            .groups = {},
            .reads = {args.q.block, args.k.block, args.v.block, bias_block(args), bucket_block(args), dout.view.block,
                      args.lse->block, delta.block()},
            .writes = {block_of(original.dq), original.dtable ? partial.block() : nullptr},
            .label = {"attention dq", {tokens, heads, args.q.shape[2]}}},
           partial_bytes);
    if (original.dtable) {
      View table = *original.dtable;
      table.shape = {1, heads, buckets};
      table.strides = {0, original.dtable->strides[1], original.dtable->strides[0]};
      const Shape parts{static_cast<int64_t>(blocks.size()), heads, buckets};
      reduce(ReduceOp::sum, table, {partial.block(), 0, parts, contiguous_strides(parts), DType::f32}, 1, false);
    }
  }
}

}  // namespace thaw::vulkan
