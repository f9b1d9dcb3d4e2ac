// SPDX-License-Identifier: Apache-2.0
// Multi-head attention on packed sequences (Vaswani et al. 2017), up to and without its output product: that one has
// another name and another norm behind it in every model. T tokens, C channels, H heads, D head size.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "nn/attention_prefix.h"
#include "nn/dropout.h"
#include "nn/linear.h"

namespace thaw {

struct AttentionOptions {
  int64_t channels = 0;         // C of the queries' input
  int64_t memory_channels = 0;  // C of the keys' and values' input; 0: the same
  int64_t heads = 0;
  int64_t head_size = 0;  // 0: channels / heads
  double scale = 0;       // of the scores; 0: 1 / sqrt(head_size)
  bool causal = false;
  bool takes_prefixes = true;                                 // it is self-attention
  bool bias = true;                                           // in the three products, ...
  bool key_bias = true;                                       // ... but not in the keys' (Whisper)
  WeightLayout layout = WeightLayout::out_in;                 // of their weights
  double dropout = 0;                                         // on the probabilities
  std::string query = "query", key = "key", value = "value";  // the products' names
  std::string joined = {};  // of the one product that makes all three, side by side in this order (GPT-2's "c_attn")
};

struct MultiHeadAttention {
  Linear query, key, value;  // C -> H D; undefined where one product makes all three
  Linear joined;             // C -> 3 H D, or undefined
  DropoutLayer dropout;
  int64_t heads = 0, head_size = 0;
  double scale = 1;
  bool causal = false;
  std::string path;                         // of its scope, for errors
  std::shared_ptr<AttentionPrefix> prefix;  // null in cross-attention, which takes none

  MultiHeadAttention() = default;
  MultiHeadAttention(const Scope& s, const AttentionOptions& options, const Init& init = Init::kaiming_uniform());

  // Says that it is self-attention: rules may put a prefix on it, which stands before the keys and values of each
  // segment in all that is computed here but the parts of heads_of(), keys() and values().
  void take_prefixes(const Scope& s);
  int64_t prefix_rows() const { return prefix ? prefix->count() : 0; }

  // Self-attention: x [T, C] -> [T, H D]. A sequence's tokens see those of their own segment alone.
  Variable operator()(const Variable& x, const Segments& segments, const RelativeBiasVariable& bias = {}) const {
    const Heads h = heads_of(x);
    return attend(h.queries, h.keys, h.values, segments, segments, bias);
  }
  // Cross-attention: segment b of x sees segment b of memory. An error where one product makes all three.
  Variable operator()(const Variable& x, const Variable& memory, const Segments& segments,
                      const Segments& memory_segments, const RelativeBiasVariable& bias = {}) const {
    return attend(queries(x), keys(memory), values(memory), segments, memory_segments, bias);
  }

  // The parts, for decoding with kept keys and values: [T, C] -> [T, H, D]. The joined product's three are views of its
  // result; those for decoding by cross-attention need products of their own.
  struct Heads {
    Variable queries, keys, values;
  };
  Heads heads_of(const Variable& x) const;
  Heads heads_of_prefix() const;  // no queries; [n, H, D] of a prefix that is there
  Variable queries(const Variable& x) const { return split(part(query)(x)); }
  Variable keys(const Variable& memory) const { return split(part(key)(memory)); }
  Variable values(const Variable& memory) const { return split(part(value)(memory)); }
  // [Tq, H, D], [Tk, H, D] twice -> [Tq, H D]. Distances of a bias count the prefix as tokens before the first one: it
  // must know of longest + prefix_rows() tokens.
  Variable attend(const Variable& q, const Variable& k, const Variable& v, const Segments& query_segments,
                  const Segments& key_segments, const RelativeBiasVariable& bias = {}) const;

 private:
  const Linear& part(const Linear& product) const;  // an error if it is undefined
  Variable behind_prefix(const Variable& rows, const Variable& of_prefix, const Indices& order) const;
  Variable split(const Variable& x) const { return reshape(x, {x.size(0), heads, head_size}); }
};

}  // namespace thaw
