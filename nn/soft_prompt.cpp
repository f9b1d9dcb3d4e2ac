// SPDX-License-Identifier: Apache-2.0
// Prompts put on, and the order of rows with them.
#include "nn/soft_prompt.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "nn/attention_prefix.h"
#include "nn/init.h"
#include "nn/name_path.h"
#include "nn/scope.h"
#include "tensor/check.h"
#include "tensor/ops.h"

namespace thaw {

void SoftPrompt::put_on(ParameterStore& store, int64_t n) {
  int64_t prefix = 0;
  for (const auto& other : store.attention_prefixes())
    if (path.empty() || is_below(other->path, path)) prefix = std::max(prefix, other->count());
  const int64_t left = positions - prefix;
  check(n < left, "a text may have {} tokens: a prompt of {} leaves none", left, n);
  const Tensor& table = words.value();
  rows = Scope(store, path).parameter("prompt_embeddings", {n, table.size(1)}, Init::zeros());
  std::vector<int32_t> drawn;
  for (const float u : Init::uniform(0, 1).values({n}, store.seed(), rows.name()))
    drawn.push_back(static_cast<int32_t>(
        std::min(static_cast<double>(u) * static_cast<double>(table.size(0)), static_cast<double>(table.size(0) - 1))));
  rows.value().copy_from(gather_rows(table, Indices(std::move(drawn), store.device())));
}

int64_t prompt_rows(const ParameterStore& store) {
  int64_t most = 0;
  for (const auto& prompt : store.soft_prompts()) most = std::max(most, prompt->count());
  return most;
}

PromptedRows::PromptedRows(const Segments& of_texts, int64_t n) {
  std::vector<int32_t> lengths, rows, places;
  for (int64_t b = 0; b < of_texts.count(); ++b) {
    lengths.push_back(of_texts.length(b) + static_cast<int32_t>(n));
    for (int64_t i = 0; i < n; ++i) rows.push_back(static_cast<int32_t>(i));
    for (int32_t t = of_texts.begin(b); t < of_texts.end(b); ++t) {
      places.push_back(static_cast<int32_t>(rows.size()));
      rows.push_back(static_cast<int32_t>(n) + t);
    }
  }
  const Device device = of_texts.offsets().device().device();
  segments = Segments(lengths, device);
  order = Indices(std::move(rows), device);
  texts = Indices(std::move(places), device);
}

}  // namespace thaw
