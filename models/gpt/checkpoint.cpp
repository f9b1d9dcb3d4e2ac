// SPDX-License-Identifier: Apache-2.0
// The names in GPT checkpoints, and what their tensors decide.
#include <fmt/format.h>

#include <string>

#include "models/gpt/config.h"
#include "models/hub/tied_tensors.h"

namespace thaw {

namespace {

constexpr const char* output = "lm_head.weight";
constexpr const char* classes = "score.weight";

std::string words(const GptConfig& config) {
  return config.is_gpt1() ? "transformer.tokens_embed.weight" : "transformer.wte.weight";
}

}  // namespace

CheckpointNames GptConfig::checkpoint_names() const {
  CheckpointNames names;
  names.prefix = "transformer.";
  names.bare = is_gpt1() ? std::vector<std::string>{"tokens_embed.*", "positions_embed.*", "h.*"}
                         : std::vector<std::string>{"wte.*", "wpe.*", "h.*", "ln_f.*"};
  if (tie_word_embeddings) names.tied = {{words(*this), output}};
  names.ignored = {"*h.*.attn.bias", "*h.*.attn.masked_bias", "*position_ids"};  // causal masks of older versions
  for (const std::string& name : names.bare) {
    names.required.push_back(name);
    names.required.push_back(names.prefix + name);
  }
  return names;
}

void GptConfig::settle(CheckpointSource& source) {
  const bool from_scratch = source.first_weights() == FirstWeights::random;
  if (from_scratch) check_can_begin(json, "initializer_range");
  if (!pad_token_id && !eos_token_ids.empty() && (from_scratch || !source.find_own(classes)))
    classifier_padding = eos_token_ids[0];
  if (from_scratch) return;
  if (!source.find_own(output) && !tie_word_embeddings) {
    tie_word_embeddings = true;
    source.note(fmt::format("{} is not there: words are tied, although tie_word_embeddings is false", output));
  }
  if (!tie_word_embeddings || !differ(source, words(*this), output)) return;
  tie_word_embeddings = false;
  source.note(fmt::format("{} differs from {}: tie_word_embeddings is now false", output, words(*this)));
}

}  // namespace thaw
