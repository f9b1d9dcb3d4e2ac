// SPDX-License-Identifier: Apache-2.0
// Looks at what the tokenizer's template adds: a text of any words may be one that it cannot tokenize.
#include "models/tasks/text2text/end_token.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "tensor/quote.h"

namespace thaw {
namespace {

std::string named(int32_t id, const Tokenizer& tokenizer) {
  if (static_cast<size_t>(id) >= tokenizer.vocab_size()) return fmt::format("{}", id);
  return fmt::format("{} ({})", id, quote(tokenizer.token(id)));
}

}  // namespace

std::string end_fault(const Tokenizer& tokenizer, const GenerationConfig& generation) {
  const std::vector<int32_t>& ends = generation.options.end_ids;
  const std::vector<int32_t> behind = tokenizer.tokens_around().after;
  if (!behind.empty() && std::ranges::find(ends, behind.back()) != ends.end()) return {};
  std::string model;
  for (const int32_t id : ends) model += (model.empty() ? "" : " or ") + named(id, tokenizer);
  return fmt::format("{}: {}, and the tokenizer ends texts with {}: what is learnt from them never stops",
                     generation.end_ids_key, model.empty() ? "none" : model,
                     behind.empty() ? "no token" : named(behind.back(), tokenizer));
}

}  // namespace thaw
