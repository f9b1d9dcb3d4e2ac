// SPDX-License-Identifier: Apache-2.0
// Describing a call of attention to its kernels.
#include "backends/vulkan/attention_call.h"

#include <algorithm>

namespace thaw::vulkan {

AttentionTokens attention_tokens(const View* view) {
  if (!view) return {};
  return {address_of(*view), static_cast<uint32_t>(view->strides[0]), static_cast<uint32_t>(view->strides[1])};
}

AttentionCall attention_call(const AttentionArgs& args) {
  AttentionCall call;
  call.q = attention_tokens(&args.q);
  call.k = attention_tokens(&args.k);
  call.v = attention_tokens(&args.v);
  call.result = attention_tokens(&args.out);
  if (args.lse) {
    call.lse = address_of(*args.lse);
    call.lse_head = static_cast<uint32_t>(args.lse->strides[0]);
  }
  if (args.bias) {
    call.table = address_of(args.bias->table);
    call.bucket_of = address_of(args.bias->bucket_of);
    call.table_bucket = static_cast<uint32_t>(args.bias->table.strides[0]);
    call.table_head = static_cast<uint32_t>(args.bias->table.strides[1]);
    call.distances = static_cast<uint32_t>(args.bias->bucket_of.shape[0]);
    call.zero = static_cast<int32_t>(args.bias->zero - args.bias->query_offset);
  }
  call.scale = args.scale;
  call.dropout = dropout_key(args.dropout);
  return call;
}

std::vector<AttentionBlock> attention_blocks(std::span<const int32_t> offsets, std::span<const int32_t> other,
                                             uint32_t size, int keys_sign) {
  std::vector<AttentionBlock> blocks;
  for (size_t b = 0; b + 1 < offsets.size(); ++b) {
    const auto own_count = static_cast<uint32_t>(offsets[b + 1] - offsets[b]);
    const auto other_count = static_cast<uint32_t>(other[b + 1] - other[b]);
    const int32_t offset = keys_sign * (static_cast<int32_t>(other_count) - static_cast<int32_t>(own_count));
    for (uint32_t position = 0; position < own_count; position += size)
      blocks.push_back({static_cast<uint32_t>(offsets[b]) + position, std::min(size, own_count - position), position,
                        static_cast<uint32_t>(other[b]), other_count, offset});
  }
  return blocks;
}

}  // namespace thaw::vulkan
