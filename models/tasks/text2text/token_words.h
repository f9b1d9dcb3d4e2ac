// SPDX-License-Identifier: Apache-2.0
// Rules about tokens as a person writes them: by id, or by a token's text in the vocabulary; words as texts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/generation/options.h"
#include "models/text/tokenizer.h"
#include "nn/option_field.h"

namespace thaw {

// Names and meanings are those of GenerationOptions. Empty: as the model's generation_config.json says; "none": no such
// rule, whatever it says.
struct TokenWords {
  std::string forced_bos_token_id, forced_eos_token_id;  // a token
  std::string suppress_tokens, begin_suppress_tokens;    // tokens, with commas between them
  std::string bad_words_file;                            // texts, one a line

  std::vector<OptionField> fields();
};

// Puts the rules that are given in the place of those that are there. std::invalid_argument "OPTION: ..." on what is no
// token of the vocabulary; std::runtime_error "FILE:LINE: ..." on a text without a token.
void apply(const TokenWords& words, const Tokenizer& tokenizer, GenerationOptions& options);

}  // namespace thaw
