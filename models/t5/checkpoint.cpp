// SPDX-License-Identifier: Apache-2.0
// The names in T5 checkpoints, and what their tensors decide.
#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <vector>

#include "models/t5/config.h"
#include "tensor/check.h"

namespace thaw {

namespace {

constexpr const char* shared = "shared.weight";
constexpr const char* output = "lm_head.weight";
constexpr const char* inputs[] = {"encoder.embed_tokens.weight", "decoder.embed_tokens.weight"};

}  // namespace

CheckpointNames T5Config::checkpoint_names() const {
  CheckpointNames names;
  names.prefix = "transformer.";  // of classifiers' files; no parameter has it
  const std::vector<std::string> words = {shared, inputs[0], inputs[1], output};  // files hold one of them or more
  for (size_t i = 0; i < words.size(); ++i)
    for (size_t j = i + 1; j < words.size(); ++j) names.tied.emplace_back(words[i], words[j]);
  names.ignored = {"*decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight"};
  names.required = {shared, "encoder.*", "decoder.*"};
  return names;
}

CheckpointNames T5EncoderConfig::checkpoint_names() const {
  CheckpointNames names = T5Config::checkpoint_names();
  for (const char* rest : {"decoder.*", "transformer.decoder.*", output}) names.ignored.emplace_back(rest);
  return names;
}

void T5Config::settle(CheckpointSource& source) {
  if (source.first_weights() == FirstWeights::random) return check_can_begin(json, "initializer_factor");
  const SafetensorsEntry* words = source.find_own(shared);
  for (const char* input : inputs) {
    const SafetensorsEntry* own = source.find_own(input);
    if (own && words && !same_numbers(*own, *words))
      fail("{}: {} and {} differ: stacks with embeddings of their own are not supported", source.directory(), input,
           shared);
    if (own && !words) words = own;
  }
  const SafetensorsEntry* head = source.find_own(output);
  head_is_shared = !head || !words || same_numbers(*head, *words);
  if (head_is_shared == tie_word_embeddings || model_type == "mt5") return;
  source.note(head_is_shared ? fmt::format("{} is {}: words are tied, although tie_word_embeddings is false", output,
                                           head ? "shared.weight" : "not there")
                             : fmt::format("{} differs from {}: words are not tied, although tie_word_embeddings is "
                                           "true",
                                           output, shared));
}

}  // namespace thaw
