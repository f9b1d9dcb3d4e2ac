// SPDX-License-Identifier: Apache-2.0
// Attention of steps of decoding: a task is some heads of a segment, so many that there are tasks for all threads. How
// the work is cut changes no number.
#include <algorithm>
#include <vector>

#include "backends/cpu/cpu_backend.h"
#include "backends/cpu/kernels.h"
#include "backends/cpu/parallel.h"
#include "backends/cpu/profile.h"
#include "backends/cpu/scratch_memory.h"

namespace thaw::cpu {
namespace {

constexpr int64_t tasks_a_thread = 4;

// The lengths of the longest segments of keys and of queries.
struct Longest {
  int64_t keys = 0, queries = 0;
};

Longest longest_of(const DecodeAttentionArgs& args) {
  Longest longest;
  for (size_t b = 0; b + 1 < args.host_q_offsets.size(); ++b) {
    longest.keys = std::max<int64_t>(longest.keys, args.host_k_offsets[b + 1] - args.host_k_offsets[b]);
    longest.queries = std::max<int64_t>(longest.queries, args.host_q_offsets[b + 1] - args.host_q_offsets[b]);
  }
  return longest;
}

// Of each head the number of every distance from -(longest keys - 1) to longest queries - 1, for all segments.
std::vector<float> bias_rows(const RelativeBias& bias, const Longest& longest, int64_t heads) {
  std::vector<float> rows;
  rows.reserve(static_cast<size_t>(heads * (longest.keys + longest.queries)));
  const float* const table = bias.table.as<float>();
  for (int64_t h = 0; h < heads; ++h)
    for (int64_t distance = 1 - longest.keys; distance < longest.queries; ++distance)
      rows.push_back(table[bias.host_bucket_of[static_cast<size_t>(bias.zero + distance)] * bias.table.strides[0] +
                           h * bias.table.strides[1]]);
  return rows;
}

}  // namespace

void CpuBackend::decode_attention(const DecodeAttentionArgs& args) {
  const Timed timed("decode_attention");
  const int64_t all_heads = args.q.shape[1], size = args.q.shape[2], row = all_heads * size;
  const Longest longest = longest_of(args);
  const int64_t bias_row = std::max<int64_t>(0, longest.keys + longest.queries - 1);
  const std::vector<float> bias = args.bias ? bias_rows(*args.bias, longest, all_heads) : std::vector<float>();
  const auto segments = static_cast<int64_t>(args.host_q_offsets.size()) - 1;
  const int64_t wanted = tasks_a_thread * thread_count();
  const int64_t parts = std::clamp<int64_t>((wanted + segments - 1) / segments, 1, all_heads);
  const int64_t together = (all_heads + parts - 1) / parts;
  parallel_tasks(segments * parts, [&](int64_t task) {
    const auto b = static_cast<size_t>(task / parts);
    const int64_t first = task % parts * together;
    DecodeHeads heads{};
    heads.heads = std::min(together, all_heads - first);
    heads.n = args.host_q_offsets[b + 1] - args.host_q_offsets[b];
    heads.m = args.host_k_offsets[b + 1] - args.host_k_offsets[b];
    if (heads.heads <= 0 || heads.n == 0) return;
    const int64_t begin = args.host_q_offsets[b] * row + first * size;
    const int64_t pool = (args.places ? 0 : args.host_k_offsets[b] * row) + first * size;
    heads.size = size;
    heads.row = row;
    heads.q = args.q.as<float>() + begin;
    heads.out = args.out.as<float>() + begin;
    heads.k = args.k.as<float>() + pool;
    heads.v = args.v.as<float>() + pool;
    heads.places = args.places ? args.host_places.data() + args.host_k_offsets[b] : nullptr;
    heads.scale = static_cast<float>(args.scale);
    heads.causal = args.causal;
    if (args.bias) {
      heads.bias = bias.data() + first * bias_row + longest.keys - heads.m;
      heads.bias_row = bias_row;
    }
    heads.workspace = scratch_memory(kernels().decode_workspace(heads.m, heads.heads, size));
    kernels().decode_attention(heads);
  });
}

}  // namespace thaw::cpu
