// SPDX-License-Identifier: Apache-2.0
// Rules about tokens as a person writes them: by id, or by a token's text in the vocabulary; words as texts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/data/field_names.h"
#include "models/generation/options.h"
#include "models/text/tokenizer.h"
#include "nn/option_field.h"

namespace thaw {

// The tokens of a text that is to be written, or not to be. std::invalid_argument if it has none, or some that the
// vocabulary does not know.
std::vector<int32_t> known_tokens(const std::string& text, const Tokenizer& tokenizer);

// Names and meanings are those of GenerationOptions. Empty: as the model's generation_config.json says; "none": no such
// rule, whatever it says.
struct TokenWords {
  static constexpr const char* no_rule = "none";
  std::string forced_bos_token_id, forced_eos_token_id;  // a token
  std::string suppress_tokens, begin_suppress_tokens;    // tokens, with commas between them
  std::string bad_words_file;                            // texts, one a line

  std::vector<OptionField> fields();
};

// std::invalid_argument "OPTION VALUE: ...", without a vocabulary: a list with nothing between two commas.
void check_lists(const TokenWords& words, const FieldNames& called);

// Puts the rules that are given in the place of those that are there. std::invalid_argument "OPTION: ..." on what is no
// token of the vocabulary, or none of a model that knows only the first vocab_size ones; std::runtime_error
// "FILE:LINE: ..." on such a text of the file.
void apply(const TokenWords& words, const Tokenizer& tokenizer, int64_t vocab_size, GenerationOptions& options);

// std::invalid_argument "OPTION ID: ..." where a rule that is given contradicts another, or one of the model's file.
void check_forced(const TokenWords& given, const std::string& file, const GenerationOptions& options);

}  // namespace thaw
