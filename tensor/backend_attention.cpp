// SPDX-License-Identifier: Apache-2.0
// Default bodies of attention (AttentionArgs, AttentionBackwardArgs): one segment at a time, all its heads at once, in
// scores [H, Lq, Lk]. Lq, Lk: queries and keys of the segment.
#include <algorithm>
#include <limits>
#include <vector>

#include "tensor/backend.h"
#include "tensor/counters.h"
#include "tensor/scratch.h"

namespace thaw {
namespace {

// Below every finite score, and finite itself: x - max(m, lowest) is -infinity, and no NaN, where x and m are
// -infinity.
constexpr double lowest = std::numeric_limits<float>::lowest();

struct Segment {
  int64_t q_begin, q_end, k_begin, k_end;
  int64_t queries() const { return q_end - q_begin; }
  int64_t keys() const { return k_end - k_begin; }
};

std::vector<Segment> segments_of(const AttentionArgs& args) {
  std::vector<Segment> segments;
  for (size_t b = 0; b + 1 < args.host_q_offsets.size(); ++b)
    segments.push_back(
        {args.host_q_offsets[b], args.host_q_offsets[b + 1], args.host_k_offsets[b], args.host_k_offsets[b + 1]});
  return segments;
}

// [tokens, H, D] -> [H, L, D]
View heads_of(const View& x, int64_t begin, int64_t end) { return x.slice(0, begin, end).permute({1, 0, 2}); }

// The bucket of each pair, row-major [Lq, Lk].
std::vector<int32_t> pair_buckets(const RelativeBias& bias, const Segment& segment) {
  std::vector<int32_t> buckets;
  for (int64_t i = 0; i < segment.queries(); ++i)
    for (int64_t j = 0; j < segment.keys(); ++j)
      buckets.push_back(bias.host_bucket_of[static_cast<size_t>(bias.zero + j - i - bias.query_offset)]);
  return buckets;
}

// 1 where key j is visible to query i, else 0: [Lq, Lk].
View visible_pairs(Scratch& scratch, const Segment& segment) {
  const int64_t offset = segment.keys() - segment.queries();
  std::vector<double> visible;
  for (int64_t i = 0; i < segment.queries(); ++i)
    for (int64_t j = 0; j < segment.keys(); ++j) visible.push_back(j <= i + offset ? 1 : 0);
  return scratch.numbers(visible, {segment.queries(), segment.keys()});
}

// 1 where a probability is kept by the dropout, else 0: [H, Lq, Lk].
View kept_pairs(Scratch& scratch, const AttentionArgs& args, const Segment& segment) {
  std::vector<double> kept;
  const int64_t heads = args.q.shape[1];
  for (int64_t h = 0; h < heads; ++h)
    for (int64_t i = segment.q_begin; i < segment.q_end; ++i)
      for (int64_t j = 0; j < segment.keys(); ++j) {
        const std::array<uint32_t, 4> words = attention_words(args.dropout.key, static_cast<uint32_t>(h),
                                                              static_cast<uint32_t>(i), static_cast<uint32_t>(j / 4));
        const float u = static_cast<float>(words[static_cast<size_t>(j % 4)] >> 8) * 0x1p-24f;
        kept.push_back(u >= args.dropout.probability ? 1 : 0);
      }
  return scratch.numbers(kept, {heads, segment.queries(), segment.keys()});
}

// scale * Q K^T (+ relative bias), -infinity where masked: [H, Lq, Lk].
View scores_of(Backend& backend, Scratch& scratch, const AttentionArgs& args, const Segment& segment) {
  const View q = heads_of(args.q, segment.q_begin, segment.q_end), k = heads_of(args.k, segment.k_begin, segment.k_end);
  View scores = scratch.matmul(q, k.transpose(), args.scale);
  if (args.bias) {
    const int64_t heads = args.q.shape[1];
    const View rows = scratch.empty({segment.queries() * segment.keys(), heads});
    backend.gather_rows(rows, scratch.cast(args.bias->table), scratch.indices(pair_buckets(*args.bias, segment)));
    const Shape pairs{segment.queries(), segment.keys(), heads};
    const View bias{rows.block, rows.offset, pairs, contiguous_strides(pairs), rows.dtype};
    scores = scratch.binary(BinaryOp::add, scores, bias.permute({2, 0, 1}));
  }
  if (args.causal)
    scores = scratch.where(visible_pairs(scratch, segment), scores,
                           scratch.number(-std::numeric_limits<double>::infinity()));
  return scores;
}

void attention_of_segment(Backend& backend, const AttentionArgs& args, const Segment& segment) {
  Scratch scratch(backend, args.q.dtype);
  const View scores = scores_of(backend, scratch, args, segment);
  const View shift = scratch.binary(BinaryOp::max, scratch.reduce(ReduceOp::max, scores, -1), scratch.number(lowest));
  const View e = scratch.unary(UnaryOp::exp, scratch.binary(BinaryOp::sub, scores, shift));
  const View sum = scratch.reduce(ReduceOp::sum, e, -1);
  // The largest of a row adds 1 to its sum: only the sum 0 of a row that sees no key is raised.
  View p = scratch.binary(BinaryOp::div, e, scratch.binary(BinaryOp::max, sum, scratch.number(1)));
  if (args.dropout.probability > 0) p = scratch.dropout(p, kept_pairs(scratch, args, segment), args.dropout);
  backend.copy(heads_of(args.out, segment.q_begin, segment.q_end),
               scratch.matmul(p, heads_of(args.v, segment.k_begin, segment.k_end)));
  if (args.lse) {
    const View lse = scratch.binary(BinaryOp::add, shift, scratch.unary(UnaryOp::log, sum));
    backend.copy(args.lse->slice(1, segment.q_begin, segment.q_end), lse.squeeze(-1));
  }
}

void attention_backward_of_segment(Backend& backend, const AttentionBackwardArgs& args, const Segment& segment) {
  const AttentionArgs& forward = args.forward;
  Scratch scratch(backend, forward.q.dtype);
  const View q = heads_of(forward.q, segment.q_begin, segment.q_end);
  const View k = heads_of(forward.k, segment.k_begin, segment.k_end),
             v = heads_of(forward.v, segment.k_begin, segment.k_end);
  const View out = heads_of(forward.out, segment.q_begin, segment.q_end),
             dout = heads_of(args.dout, segment.q_begin, segment.q_end);
  const bool dropped = forward.dropout.probability > 0;
  const View kept = dropped ? kept_pairs(scratch, forward, segment) : View();

  const View lse = scratch.binary(BinaryOp::max, forward.lse->slice(1, segment.q_begin, segment.q_end).unsqueeze(-1),
                                  scratch.number(lowest));
  const View p =
      scratch.unary(UnaryOp::exp, scratch.binary(BinaryOp::sub, scores_of(backend, scratch, forward, segment), lse));
  if (args.dv) {
    const View weights = dropped ? scratch.dropout(p, kept, forward.dropout) : p;
    backend.copy(heads_of(*args.dv, segment.k_begin, segment.k_end), scratch.matmul(weights.transpose(), dout));
  }
  if (!args.dq && !args.dk && !args.dtable) return;

  View dp = scratch.matmul(dout, v.transpose());
  if (dropped) dp = scratch.dropout(dp, kept, forward.dropout);
  const View delta = scratch.reduce(ReduceOp::sum, scratch.binary(BinaryOp::mul, dout, out), -1);
  const View ds = scratch.binary(BinaryOp::mul, p, scratch.binary(BinaryOp::sub, dp, delta));
  if (args.dq) backend.copy(heads_of(*args.dq, segment.q_begin, segment.q_end), scratch.matmul(ds, k, forward.scale));
  if (args.dk)
    backend.copy(heads_of(*args.dk, segment.k_begin, segment.k_end), scratch.matmul(ds.transpose(), q, forward.scale));
  if (args.dtable) {
    const std::vector<int32_t> buckets = pair_buckets(*forward.bias, segment);
    View rows = scratch.cast(ds.permute({1, 2, 0}));
    rows.shape = {segment.queries() * segment.keys(), rows.shape[2]};
    rows.strides = contiguous_strides(rows.shape);
    backend.scatter_add_rows(*args.dtable, rows, scratch.indices(buckets), buckets);
  }
}

// Segments [begin, end) of a step of decoding, whose queries begin at one position, as a call of attention; `k` and `v`
// in the order of the segments.
void attend_run(Backend& backend, Scratch& scratch, const DecodeAttentionArgs& args, const View& k, const View& v,
                size_t begin, size_t end) {
  const std::span<const int32_t> of_q = args.host_q_offsets.subspan(begin, end - begin + 1),
                                 of_k = args.host_k_offsets.subspan(begin, end - begin + 1);
  const auto from_zero = [](std::span<const int32_t> offsets) {
    std::vector<int32_t> moved;
    for (const int32_t offset : offsets) moved.push_back(offset - offsets[0]);
    return moved;
  };
  const std::vector<int32_t> q_offsets = from_zero(of_q), k_offsets = from_zero(of_k);
  const bool is_all = of_q.size() == args.host_q_offsets.size();
  AttentionArgs run;
  run.out = args.out.slice(0, of_q.front(), of_q.back());
  run.q = args.q.slice(0, of_q.front(), of_q.back());
  run.k = k.slice(0, of_k.front(), of_k.back());
  run.v = v.slice(0, of_k.front(), of_k.back());
  run.q_offsets = is_all ? args.q_offsets : scratch.indices(q_offsets);
  run.k_offsets = is_all ? args.k_offsets : scratch.indices(k_offsets);
  run.host_q_offsets = q_offsets;
  run.host_k_offsets = k_offsets;
  run.scale = args.scale;
  run.causal = args.causal;
  RelativeBias bias;
  if (args.bias) {
    bias = *args.bias;
    bias.query_offset = (k_offsets[1] - k_offsets[0]) - (q_offsets[1] - q_offsets[0]);
    run.bias = &bias;
  }
  backend.attention(run);
}

// The rows of a pool [P, H, D] at the places.
View gathered(Backend& backend, Scratch& scratch, const View& pool, const View& places) {
  const int64_t heads = pool.shape[1], size = pool.shape[2];
  View table = pool, rows = scratch.empty({places.shape[0], heads * size});
  table.shape = {pool.shape[0], heads * size};
  table.strides = contiguous_strides(table.shape);
  backend.gather_rows(rows, table, places);
  rows.shape = {places.shape[0], heads, size};
  rows.strides = contiguous_strides(rows.shape);
  return rows;
}

}  // namespace

void Backend::decode_attention(const DecodeAttentionArgs& args) {
  count_default_body("decode_attention");
  Scratch scratch(*this, args.q.dtype);
  const bool has_places = args.places && !args.host_places.empty();
  const View k = has_places ? gathered(*this, scratch, args.k, *args.places) : args.k;
  const View v = has_places ? gathered(*this, scratch, args.v, *args.places) : args.v;
  const auto before = [&](size_t b) {
    return (args.host_k_offsets[b + 1] - args.host_k_offsets[b]) -
           (args.host_q_offsets[b + 1] - args.host_q_offsets[b]);
  };
  const size_t count = args.host_q_offsets.size() - 1;
  for (size_t begin = 0, end = 0; begin < count; begin = end) {
    end = begin + 1;
    while (end < count && (!args.bias || before(end) == before(begin))) ++end;
    attend_run(*this, scratch, args, k, v, begin, end);
  }
}

void Backend::attention(const AttentionArgs& args) {
  count_default_body("attention");
  for (const Segment& segment : segments_of(args)) {
    if (segment.queries() == 0) continue;
    if (segment.keys() > 0) {
      attention_of_segment(*this, args, segment);
    } else {
      fill(args.out.slice(0, segment.q_begin, segment.q_end), 0);
      if (args.lse) fill(args.lse->slice(1, segment.q_begin, segment.q_end), -std::numeric_limits<double>::infinity());
    }
  }
}

void Backend::attention_backward(const AttentionBackwardArgs& args) {
  count_default_body("attention_backward");
  for (const View* gradient : {args.dq, args.dk, args.dv, args.dtable})
    if (gradient) fill(*gradient, 0);  // stays so in segments without queries or without keys
  for (const Segment& segment : segments_of(args.forward))
    if (segment.queries() > 0 && segment.keys() > 0) attention_backward_of_segment(*this, args, segment);
}

}  // namespace thaw
