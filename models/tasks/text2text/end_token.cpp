// SPDX-License-Identifier: Apache-2.0
// Looks at the end of a text of one word.
#include "models/tasks/text2text/end_token.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "tensor/quote.h"

namespace thaw {
namespace {

std::string named(int32_t id, const Tokenizer& tokenizer) {
  if (static_cast<size_t>(id) >= tokenizer.vocab_size()) return fmt::format("{}", id);
  return fmt::format("{} ({})", id, quote(tokenizer.token(id)));
}

// What the tokenizer puts behind every text.
std::optional<int32_t> end_of_texts(const Tokenizer& tokenizer) {
  if (tokenizer.added_special_tokens(false) == 0) return {};
  const std::vector<int32_t> ids = tokenizer.encode("a").ids;
  if (ids.empty() || ids.back() == tokenizer.special().unknown || !tokenizer.is_special(ids.back())) return {};
  return ids.back();
}

}  // namespace

std::string end_fault(const Tokenizer& tokenizer, const GenerationConfig& generation) {
  const std::vector<int32_t>& ends = generation.options.end_ids;
  const std::optional<int32_t> end = end_of_texts(tokenizer);
  if (end && std::ranges::find(ends, *end) != ends.end()) return {};
  std::string model;
  for (const int32_t id : ends) model += (model.empty() ? "" : " or ") + named(id, tokenizer);
  return fmt::format("{}: {}, and the tokenizer ends texts with {}: what is learnt from them never stops",
                     generation.end_ids_key, model.empty() ? "none" : model, end ? named(*end, tokenizer) : "no token");
}

}  // namespace thaw
