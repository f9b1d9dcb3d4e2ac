// SPDX-License-Identifier: Apache-2.0
// Keys and values of rows of tokens that grow: kept once, however many rows share them. T new tokens, H heads, D head
// size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "tensor/indices.h"
#include "tensor/segments.h"
#include "tensor/tensor.h"

namespace thaw {

// A pool a layer, [tokens, H, D], that is only ever written at its end, and for each row the list of its tokens' places
// in it. A row that goes on as several, or not at all, changes lists alone. The pool's room doubles when it is full.
class KeyValueCache {
 public:
  KeyValueCache(size_t layers, Device device) : pools_(layers), device_(device) {}

  // Keys and values of a layer, [n, H, D] each, that every row has before its own: a prefix (nn/attention_prefix.h). At
  // the start they are the caller's to add; in all that is kept they are the first ones. Before start().
  void begin_with(size_t layer, const Tensor& keys, const Tensor& values);

  // Begins anew with rows of so many tokens (each at least 1), all of them new.
  void start(std::span<const int32_t> lengths);
  // Row r goes on from row parents[r] with one new token.
  void step(std::span<const int32_t> parents);

  // Where the new tokens of each row lie among all of them.
  const Segments& fresh() const { return fresh_; }

  // What rows see of a layer, as decode_attention reads it: key j of row r is row places[segments.begin(r) + j] of
  // keys [P, H, D], and its value that of values. Without places, which is at the start, they lie in order.
  struct Seen {
    Tensor keys, values;
    Segments segments;
    Indices places;
  };
  // Keeps the new tokens' keys and values of a layer, [T, H, D] each, once for each start or step; gives those of every
  // row, from its first token to its last, and where each row's lie. They are the pool itself: not to be written, and
  // good until the next call for the layer.
  Seen keep(size_t layer, const Tensor& keys, const Tensor& values);

  // Tokens of rows in the pools.
  int64_t size() const { return size_; }

 private:
  struct Pool {
    Tensor keys, values;
    Tensor first_keys, first_values;  // what it begins with; undefined: nothing
    int64_t first() const { return first_keys.defined() ? first_keys.size(0) : 0; }
  };
  // What rows see of the layers that begin with so many.
  struct Lists {
    Segments all;
    Indices places;
  };
  Lists lists_behind(int64_t first) const;
  void append(Tensor& pool, const Tensor& first, const Tensor& rows) const;

  std::vector<Pool> pools_;
  Device device_;
  int64_t size_ = 0;
  int64_t kept_ = 0;             // of them before the new ones
  Segments fresh_, all_;         // of tokens
  std::vector<int32_t> places_;  // of all rows' tokens, one row after the other, behind what a pool begins with
  bool in_order_ = true;         // at the start, without places
  std::map<int64_t, Lists> lists_;
};

}  // namespace thaw
