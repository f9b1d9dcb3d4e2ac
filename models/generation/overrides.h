// SPDX-License-Identifier: Apache-2.0
// What a caller says of how texts are generated, over what the model's generation_config.json says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/generation/generation_config.h"
#include "models/generation/options.h"
#include "nn/option_field.h"

namespace thaw {

// Names and meanings are those of GenerationOptions. What is not given is as the model's file says, else as
// GenerationOptions does.
struct GenerationOverrides {
  std::optional<int64_t> max_new_tokens, min_new_tokens, num_return_sequences;
  std::optional<int64_t> num_beams;
  std::optional<double> length_penalty;
  std::string early_stopping = "model";  // as the file says; or "true", "false", "never"
  std::optional<bool> do_sample;
  std::optional<double> temperature, top_p, min_p;
  std::optional<int64_t> top_k, seed;
  std::optional<double> repetition_penalty;
  std::optional<int64_t> no_repeat_ngram_size;
  // Of the fields, those that nobody asks for now: as the model was judged when it was trained.
  std::vector<std::string> kept = {};

  // The fields of what decides how a model is judged by what it writes, which belongs to the model; and of the rest.
  std::vector<OptionField> judged_fields();
  std::vector<OptionField> other_fields();
};

// For prompts of so many tokens. What is given counts, and what it contradicts of the file, or of what is kept, does
// not: drawing has one beam, and several beams draw nothing. Where nobody says how long a text may be, it is 128
// tokens.
GenerationOptions with_overrides(const GenerationConfig& own, const GenerationOverrides& given, int64_t prompt_tokens);

// check_options() of such options. What the model's file alone says is the file's fault: std::runtime_error naming it.
// std::invalid_argument, too, for options of sampling that are given where nothing is drawn.
void check_with_overrides(const GenerationConfig& own, const GenerationOverrides& given,
                          const GenerationOptions& options, int64_t vocab_size);

// Options that are asked for and change nothing, and why.
struct EffectlessOption {
  std::string_view name, why;
};
std::vector<EffectlessOption> effectless(const GenerationOverrides& given, const GenerationOptions& options);

}  // namespace thaw
