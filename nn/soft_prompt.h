// SPDX-License-Identifier: Apache-2.0
// A soft prompt (Lester et al. 2021): n trained vectors before what a model makes of each text's words. C channels.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "nn/parameter.h"
#include "tensor/segments.h"

namespace thaw {

// Where a prompt can stand, as the store knows it: rules put one on it. A body that embeds texts registers one, and
// holds it by shared_ptr.
struct SoftPrompt {
  std::string path;                                         // of the body: "bert", "encoder"
  Parameter words;                                          // [V, C]: what else the body reads
  int64_t positions = std::numeric_limits<int64_t>::max();  // rows that a text may have, the prompt's among them

  Parameter rows;  // "prompt_embeddings" [n, C] below the path; undefined: there is none

  int64_t count() const { return rows.defined() ? rows.value().size(0) : 0; }  // n
  // Puts one on that begins as n words drawn by the store's seed: prompts learn faster from words than from noise (3.2
  // of the paper). std::invalid_argument if no position is left for a text.
  void put_on(ParameterStore& store, int64_t n);
};

// How many rows a model's prompts take of each text's positions.
int64_t prompt_rows(const ParameterStore& store);

// Packed texts with n rows before each.
struct PromptedRows {
  Segments segments;  // each n rows longer
  Indices order;      // [B n + T]: what stands there: of the prompt's rows 0 .. n-1, or row t of the texts as n + t
  Indices texts;      // [T]: where the texts' rows are now

  PromptedRows(const Segments& of_texts, int64_t n);
};

}  // namespace thaw
