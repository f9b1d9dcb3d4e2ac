// SPDX-License-Identifier: Apache-2.0
// A prefix (Li & Liang 2021): n trained keys and values before each text's own in a self-attention, as if n tokens had
// been read before it. H heads, D head size.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "nn/parameter.h"

namespace thaw {

// Where a prefix can stand, as the store knows it: rules put one on it. Every self-attention has one
// (MultiHeadAttention::take_prefixes), which its copies share.
struct AttentionPrefix {
  std::string path;              // of the attention: "bert.encoder.layer.0.attention.self"
  int64_t heads = 0, width = 0;  // H, H D
  bool causal = false;
  // Rows that a text may have, the prefix's among them, in a body where no prompt can stand; of one where it can, the
  // prompt's place knows (SoftPrompt::positions).
  int64_t positions = std::numeric_limits<int64_t>::max();

  Parameter keys, values;  // "prefix_keys", "prefix_values" [n, H D] below the path; undefined: there is none

  int64_t count() const { return keys.defined() ? keys.value().size(0) : 0; }  // n
  std::vector<Parameter> parameters() const;                                   // keys, values; or none
  // Puts one on that begins with numbers of N(0, 1), as peft's do. std::invalid_argument if no position is left for a
  // text.
  void put_on(ParameterStore& store, int64_t n);
};

// How many rows the longest prefix of a model has: texts' positions begin behind it.
int64_t prefix_rows(const ParameterStore& store);

}  // namespace thaw
