// SPDX-License-Identifier: Apache-2.0
// A call of attention as its kernels take it, and the blocks of queries or keys that their workgroups get.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "backends/vulkan/dropout_key.h"
#include "backends/vulkan/kernel.h"
#include "tensor/kernel_args.h"

namespace thaw::vulkan {

// The same structs as in shaders/attention.glsl.
struct AttentionTokens {
  uint64_t memory = 0;
  uint32_t token = 0, head = 0;
};

struct AttentionCall {
  AttentionTokens q, k, v, result, dresult, dq, dk, dv;
  uint64_t lse = 0, delta = 0;
  uint64_t table = 0, bucket_of = 0, dtable = 0;
  uint32_t lse_head = 0, delta_head = 0;
  uint32_t table_bucket = 0, table_head = 0;
  uint32_t distances = 0;
  int32_t zero = 0;
  float scale = 1;
  DropoutKey dropout;
  uint32_t unused = 0;  // fills the last 8 bytes
};

struct AttentionBlock {
  uint32_t first, rows;
  uint32_t position;
  uint32_t begin, count;
  int32_t offset;
};

// [tokens, H, D] with a dense last axis; null: nothing.
AttentionTokens attention_tokens(const View* view);

// What forward and backward have in common. The inputs of `args` have a dense last axis.
AttentionCall attention_call(const AttentionArgs& args);

// The segments of one side (offsets [B + 1]) cut into blocks of at most `size` tokens; `other` is the other side.
// keys_sign: 1 where the other side has the keys, -1 where it has the queries.
std::vector<AttentionBlock> attention_blocks(std::span<const int32_t> offsets, std::span<const int32_t> other,
                                             uint32_t size, int keys_sign);

}  // namespace thaw::vulkan
