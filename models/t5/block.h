// SPDX-License-Identifier: Apache-2.0
// The layers of T5 (Raffel et al. 2020): pre-norm, RMSNorm, no biases, scores that are not scaled.
// T tokens, M tokens of the memory, C channels (d_model), H heads, D head size (d_kv; H D need not be C).
#pragma once

#include "models/generation/kept_keys.h"
#include "models/t5/config.h"
#include "nn/attention.h"
#include "nn/dropout.h"
#include "nn/feed_forward.h"
#include "nn/norm.h"
#include "nn/relative_position_bias.h"

namespace thaw {

// o(attention(norm(x))): what a residual connection and dropout stand around.
struct T5Attention {
  RMSNorm norm;
  MultiHeadAttention heads;
  Linear output;              // H D -> C
  RelativePositionBias bias;  // undefined in cross-attention

  T5Attention() = default;
  // name: "SelfAttention", "EncDecAttention". A bias that is given is shared.
  T5Attention(const Scope& s, const std::string& name, const T5Config& config, bool causal);

  // The normed rows' own keys and values.
  KeysAndValues keys_and_values(const Variable& rows, const Segments& segments) const {
    const Variable values = heads.values(rows);  // first, as MultiHeadAttention does
    return {heads.keys(rows), values, segments};
  }
  // Normed rows [T, C] -> [T, C]. With a bias: the queries of each segment stand at the end of its keys, as causal
  // masks have it; where these are not kept ones, they are as many.
  Variable attend(const Variable& rows, const Segments& segments, const KeysAndValues& seen) const;
};

// Encoder: x += drop(self(x)); x += drop(feed_forward(norm(x))). Decoder: with x += drop(cross(x, memory)) in between.
struct T5Block {
  enum class Kind { encoder, decoder };

  Scope scope;
  T5Attention self, cross;  // cross: undefined in an encoder
  RMSNorm feed_forward_norm;
  FeedForward feed_forward;
  DropoutLayer dropout;

  // bias: that of the stack's first block; undefined: this one makes its own.
  T5Block(const Scope& s, const T5Config& config, Kind kind, const RelativePositionBias& bias = {});

  bool reads_memory() const { return cross.output.defined(); }

  // Whole texts [T, C] -> [T, C]. memory [M, C], whose segment b is for segment b of x: of a decoder.
  Variable operator()(const Variable& x, const Segments& segments, const Variable& memory = {},
                      const Segments& memory_segments = {}) const;

  // A decoder's next tokens x [T, C], of the texts `segments`. The keys and values of the memory are made once
  // (cross.keys_and_values); `sharers` are the segments of rows that read one segment of it: those of x, or several
  // texts of one source together.
  Variable step(const Variable& x, const Segments& segments, const SeenKeys& seen, const KeysAndValues& memory,
                const Segments& sharers) const;
};

}  // namespace thaw
