// SPDX-License-Identifier: Apache-2.0
// A layer of GPT: causal attention and a feed-forward part. T tokens, B texts, C channels.
#pragma once

#include "models/generation/kept_keys.h"
#include "models/gpt/config.h"
#include "nn/attention.h"
#include "nn/dropout.h"
#include "nn/feed_forward.h"
#include "nn/norm.h"

namespace thaw {

// GPT-1 (Radford et al. 2018): n = ln_1(x + drop(attention(x)));  y = ln_2(n + drop(feed_forward(n)))
// GPT-2 (Radford et al. 2019): n = x + drop(attention(ln_1(x)));  y = n + drop(feed_forward(ln_2(n)))
struct GptBlock {
  Scope scope;
  bool norms_first;  // GPT-2
  LayerNorm norm_1, norm_2;
  MultiHeadAttention attention;
  Linear attention_output;
  FeedForward feed_forward;
  DropoutLayer dropout;

  GptBlock(const Scope& s, const GptConfig& config, int layer);

  // Whole texts [T, C] -> [T, C].
  Variable operator()(const Variable& x, const Segments& segments) const;
  // Of whole texts the last rows `last`, one each, alone: [T, C] -> [B, C].
  Variable last_rows(const Variable& x, const Segments& segments, const Indices& last, const Segments& one_each) const;
  // The next tokens x [T, C] of the texts `segments`.
  Variable step(const Variable& x, const Segments& segments, const SeenKeys& seen) const;

 private:
  MultiHeadAttention::Heads heads_of(const Variable& x) const {
    return attention.heads_of(norms_first ? norm_1(x) : x);
  }
  Variable behind_attention(const Variable& context, const Variable& x) const;
};

}  // namespace thaw
