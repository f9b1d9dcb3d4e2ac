// SPDX-License-Identifier: Apache-2.0
// Attention: one task per segment and head. Each task's results are its own, but for the bias table's gradient, which
// is summed in order of segments.
#include <algorithm>
#include <numeric>
#include <vector>

#include "backends/cpu/cpu_backend.h"
#include "backends/cpu/dense.h"
#include "backends/cpu/dropout_mask.h"
#include "backends/cpu/kernels.h"
#include "backends/cpu/parallel.h"
#include "backends/cpu/profile.h"
#include "backends/cpu/scratch_memory.h"

namespace thaw::cpu {
namespace {

// Row `token` of head `head` of a view [tokens, H, D]. Kernels read D consecutive numbers.
float* at(const View& view, int64_t token, int64_t head) {
  return view.as<float>() + token * view.strides[0] + head * view.strides[1];
}

struct Segment {
  int64_t q_begin, n, k_begin, m;
};

// Segments with queries, the longest first: the last tasks are short ones.
std::vector<Segment> segments_of(const AttentionArgs& args) {
  std::vector<Segment> segments;
  for (size_t b = 0; b + 1 < args.host_q_offsets.size(); ++b) {
    const int64_t q = args.host_q_offsets[b], k = args.host_k_offsets[b];
    if (args.host_q_offsets[b + 1] > q)
      segments.push_back({q, args.host_q_offsets[b + 1] - q, k, args.host_k_offsets[b + 1] - k});
  }
  return segments;
}

std::vector<size_t> longest_first(const std::vector<Segment>& segments) {
  std::vector<size_t> order(segments.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return segments[a].n * segments[a].m > segments[b].n * segments[b].m; });
  return order;
}

// The bucket of the distance that stands at place x of a bias row of n + m - 1 numbers (kernels.h:
// AttentionHead::bias).
int32_t bucket_at(const RelativeBias& bias, int64_t n, int64_t x) {
  return bias.host_bucket_of[static_cast<size_t>(bias.zero - bias.query_offset - (n - 1) + x)];
}

void expand_bias(float* row, const RelativeBias& bias, const Segment& segment, int64_t head) {
  const float* const table = bias.table.as<float>() + head * bias.table.strides[1];
  for (int64_t x = 0; x < segment.n + segment.m - 1; ++x)
    row[x] = table[bucket_at(bias, segment.n, x) * bias.table.strides[0]];
}

struct Operands {
  Dense q, k, v;
  Operands(CpuBackend& backend, const AttentionArgs& args)
      : q(Dense::rows(backend, args.q)), k(Dense::rows(backend, args.k)), v(Dense::rows(backend, args.v)) {}
};

AttentionHead head_of(const AttentionArgs& args, const Operands& operands, const Segment& segment, int64_t h,
                      const DropoutMask& mask) {
  AttentionHead head{};
  head.n = segment.n;
  head.m = segment.m;
  head.size = args.q.shape[2];
  head.q = at(operands.q.view(), segment.q_begin, h);
  head.k = at(operands.k.view(), segment.k_begin, h);
  head.v = at(operands.v.view(), segment.k_begin, h);
  head.q_stride = operands.q.view().strides[0];
  head.k_stride = operands.k.view().strides[0];
  head.v_stride = operands.v.view().strides[0];
  head.out = at(args.out, segment.q_begin, h);
  head.out_stride = args.out.strides[0];
  head.lse =
      args.lse ? args.lse->as<float>() + h * args.lse->strides[0] + segment.q_begin * args.lse->strides[1] : nullptr;
  head.scale = static_cast<float>(args.scale);
  head.causal = args.causal;
  head.dropout = mask;
  head.head = static_cast<uint32_t>(h);
  head.first_query = static_cast<uint32_t>(segment.q_begin);
  return head;
}

// The longest bias row of a head.
int64_t bias_room(const Segment& segment) { return (segment.n + segment.m + 15) / 16 * 16; }

}  // namespace

void CpuBackend::attention(const AttentionArgs& args) {
  const Timed timed("attention");
  const std::vector<Segment> segments = segments_of(args);
  const std::vector<size_t> order = longest_first(segments);
  const int64_t heads = args.q.shape[1];
  const DropoutMask mask = mask_of(args.dropout);
  const Operands operands(*this, args);
  parallel_tasks(static_cast<int64_t>(segments.size()) * heads, [&](int64_t task) {
    const Segment& segment = segments[order[static_cast<size_t>(task / heads)]];
    AttentionHead head = head_of(args, operands, segment, task % heads, mask);
    const int64_t bias_numbers = args.bias ? bias_room(segment) : 0;
    float* const memory = scratch_memory(bias_numbers + kernels().attention_workspace(head.n, head.m, head.size));
    if (args.bias) {
      expand_bias(memory, *args.bias, segment, task % heads);
      head.bias = memory;
    }
    head.workspace = memory + bias_numbers;
    kernels().attention(head);
  });
}

void CpuBackend::attention_backward(const AttentionBackwardArgs& args) {
  const Timed timed("attention_backward");
  const AttentionArgs& forward = args.forward;
  const std::vector<Segment> segments = segments_of(forward);
  const std::vector<size_t> order = longest_first(segments);
  const int64_t heads = forward.q.shape[1];
  const DropoutMask mask = mask_of(forward.dropout);
  const Operands operands(*this, forward);
  const Dense dout = Dense::rows(*this, args.dout);
  // Keys of segments without queries get no task: zero everything then.
  if (segments.size() + 1 != forward.host_q_offsets.size())
    for (const View* gradient : {args.dk, args.dv})
      if (gradient) fill(*gradient, 0);
  const int64_t buckets = args.dtable ? args.dtable->shape[0] : 0;
  std::vector<float> parts(segments.size() * static_cast<size_t>(heads * buckets));  // [segment, head, bucket]
  parallel_tasks(static_cast<int64_t>(segments.size()) * heads, [&](int64_t task) {
    const size_t b = order[static_cast<size_t>(task / heads)];
    const Segment& segment = segments[b];
    const int64_t h = task % heads;
    AttentionHeadBackward head{};
    head.forward = head_of(forward, operands, segment, h, mask);
    const int64_t bias_numbers = forward.bias ? bias_room(segment) : 0;
    const int64_t workspace = kernels().attention_backward_workspace(segment.n, segment.m, head.forward.size);
    float* const memory = scratch_memory(2 * bias_numbers + workspace);
    if (forward.bias) {
      expand_bias(memory, *forward.bias, segment, h);
      head.forward.bias = memory;
      head.dbias = args.dtable ? memory + bias_numbers : nullptr;
    }
    head.workspace = memory + 2 * bias_numbers;
    head.dout = at(dout.view(), segment.q_begin, h);
    head.dout_stride = dout.view().strides[0];
    const auto gradient = [h](const View* view, int64_t token, float*& to, int64_t& stride) {
      if (!view) return;
      to = at(*view, token, h);
      stride = view->strides[0];
    };
    gradient(args.dq, segment.q_begin, head.dq, head.dq_stride);
    gradient(args.dk, segment.k_begin, head.dk, head.dk_stride);
    gradient(args.dv, segment.k_begin, head.dv, head.dv_stride);
    kernels().attention_backward(head);
    if (head.dbias) {
      float* const part =
          parts.data() + (b * static_cast<size_t>(heads) + static_cast<size_t>(h)) * static_cast<size_t>(buckets);
      for (int64_t x = 0; x < segment.n + segment.m - 1; ++x)
        part[bucket_at(*forward.bias, segment.n, x)] += head.dbias[x];
    }
  });
  for (int64_t bucket = 0; bucket < buckets; ++bucket) {
    for (int64_t h = 0; h < heads; ++h) {
      float sum = 0;
      for (size_t b = 0; b < segments.size(); ++b)
        sum += parts[(b * static_cast<size_t>(heads) + static_cast<size_t>(h)) * static_cast<size_t>(buckets) +
                     static_cast<size_t>(bucket)];
      args.dtable->as<float>()[bucket * args.dtable->strides[0] + h * args.dtable->strides[1]] = sum;
    }
  }
}

}  // namespace thaw::cpu
