// SPDX-License-Identifier: Apache-2.0
// Attention of a step of decoding: new tokens see what is kept of those before them. T new tokens, K keys, P places of
// a pool, H heads, D head size.
#pragma once

#include <cstddef>
#include <functional>

#include "models/generation/key_value_cache.h"
#include "nn/attention.h"

namespace thaw {

// What queries attend to: [K, H, D] twice, and the segments that pair up with the queries'.
struct KeysAndValues {
  Variable keys, values;
  Segments segments;
  // Kept for decoding: without gradients, read where they lie (decode_attention), at these places of keys and values,
  // which are then [P, H, D]; undefined: in order.
  bool kept = false;
  Indices places = {};
};

// What the new tokens of a layer attend to, given their own keys and values: these alone, or behind those that are kept
// from earlier steps.
using SeenKeys = std::function<KeysAndValues(const KeysAndValues& fresh)>;
// The same of layer 0, 1, ...
using SeenKeysOfLayer = std::function<KeysAndValues(size_t layer, const KeysAndValues& fresh)>;

// Queries [T, H, D] -> [T, H D]. Of keys that are not kept it is heads.attend(); of kept ones there must be no gradient
// (std::invalid_argument), and a prefix is among them. The queries of each segment stand at the end of its keys, as
// causal masks have it.
Variable attend_to(const MultiHeadAttention& heads, const Variable& queries, const Segments& segments,
                   const KeysAndValues& seen, const RelativeBiasVariable& bias = {});

// What the cache keeps: all of each row. The cache must outlive it.
SeenKeysOfLayer seen_in(KeyValueCache& cache);
// The keys and values of a layer begin with those of its prefix, if there is one. Before the cache's start().
void begin_with_prefix(KeyValueCache& cache, size_t layer, const MultiHeadAttention& heads);

}  // namespace thaw
