// SPDX-License-Identifier: Apache-2.0
// A transformer layer with its norms before its parts (Xiong et al. 2020). Models of pictures, sound and video have it,
// each by names of its own. B sequences, T rows in all, C channels.
#pragma once

#include <cstdint>
#include <string>

#include "nn/attention.h"
#include "nn/dropout.h"
#include "nn/feed_forward.h"
#include "nn/norm.h"

namespace thaw {

// What the files of a family call its parts.
struct PreNormNames {
  std::string attention, query, key, value;  // the scope of the three products, and each one below it
  std::string attention_output;
  std::string inner, outer;  // of the feed-forward part
  std::string attention_norm, feed_forward_norm;
  bool key_bias = true;

  static PreNormNames vit();      // AST, ViViT and ViLT, too
  static PreNormNames clip();     // both towers
  static PreNormNames whisper();  // keys have no bias
};

struct PreNormOptions {
  int64_t channels = 0;        // C
  int64_t inner_channels = 0;  // of the feed-forward part
  int64_t heads = 0;
  UnaryOp activation = UnaryOp::gelu;
  double eps = 1e-5;  // of the norms
  bool causal = false;
  bool bias = true;              // in queries, keys and values
  double dropout = 0;            // of what attention and feed-forward part give
  double attention_dropout = 0;  // of the probabilities
  double inner_dropout = 0;      // of what the outer product reads: Whisper's
};

// What the weights of a layer's products begin as.
struct PreNormInit {
  Init attention;  // of queries, keys and values
  Init attention_output, inner, outer;

  PreNormInit(const Init& all) : PreNormInit(all, all, all, all) {}
  PreNormInit(const Init& of_attention, const Init& of_attention_output, const Init& of_inner, const Init& of_outer)
      : attention(of_attention), attention_output(of_attention_output), inner(of_inner), outer(of_outer) {}
};

// n = x + dropout(W attention(norm(x)));  y = n + dropout(feed_forward(norm(n)))
struct PreNormLayer {
  Scope scope;
  LayerNorm attention_norm, feed_forward_norm;
  MultiHeadAttention attention;
  Linear attention_output;
  FeedForward feed_forward;
  DropoutLayer dropout;

  PreNormLayer(const Scope& s, const PreNormOptions& options, const PreNormNames& names,
               const PreNormInit& init = Init::kaiming_uniform());

  // [T, C] -> [T, C]
  Variable operator()(const Variable& x, const Segments& segments) const;
  // The same of some rows alone, [T, C] -> [R, C]: of each sequence as many as `of_each` says, numbered through all of
  // them. A causal layer gives sequences' last rows alone; std::invalid_argument for others.
  Variable at_rows(const Variable& x, const Segments& segments, const Indices& rows, const Segments& of_each) const;

 private:
  Variable behind_attention(const Variable& context, const Variable& x) const;
};

}  // namespace thaw
