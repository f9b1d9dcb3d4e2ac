// SPDX-License-Identifier: Apache-2.0
// Prefixes put on.
#include "nn/attention_prefix.h"

#include <algorithm>

#include "nn/init.h"
#include "nn/name_path.h"
#include "nn/scope.h"
#include "nn/soft_prompt.h"
#include "tensor/check.h"

namespace thaw {

std::vector<Parameter> AttentionPrefix::parameters() const {
  return keys.defined() ? std::vector{keys, values} : std::vector<Parameter>();
}

void AttentionPrefix::put_on(ParameterStore& store, int64_t n) {
  int64_t left = positions;
  for (const auto& body : store.soft_prompts())
    if (body->path.empty() || is_below(path, body->path)) left = std::min(left, body->positions - body->count());
  check(n < left, "a text may have {} tokens: a prefix of {} leaves none", left, n);
  const Scope at(store, path);
  const Parameter new_keys = at.parameter("prefix_keys", {n, width}, Init::normal(1));
  try {
    values = at.parameter("prefix_values", {n, width}, Init::normal(1));
  } catch (...) {  // no half prefix
    store.remove(new_keys.name());
    throw;
  }
  keys = new_keys;
}

int64_t prefix_rows(const ParameterStore& store) {
  int64_t most = 0;
  for (const auto& prefix : store.attention_prefixes()) most = std::max(most, prefix->count());
  return most;
}

}  // namespace thaw
