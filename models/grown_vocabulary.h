// SPDX-License-Identifier: Apache-2.0
// A model with more words than it had: special tokens that a task needs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace thaw {

struct NewTokens {
  std::vector<std::string> tokens;  // special ones: whole wherever they stand in a text
  // What stands around a text and a pair, with blanks between: "<start> $A <end>", "<start> $A <between> $B <end>".
  // Both empty: as before.
  std::string single = {}, pair = {};
};

struct GrownVocabulary {
  int64_t first = 0;  // id of the first new token; the others follow
  int64_t words = 0;  // that the model has now
};

// Writes the model of `directory` with these tokens behind the tokenizer's into `output`, an existing directory:
// config.json, weights, tokenizer, and generation_config.json if there is one. All words that were there keep their
// bytes; rows of new ones are drawn, N(0, initializer_range, else 0.02), by the seed and the table's name. With
// templates the tokenizer is one that is read as tokenizer.json stands (PreTrainedTokenizerFast).
// std::invalid_argument "FIELD VALUE: ..." on tokens and templates that cannot be meant; std::runtime_error on a
// directory that is no whole model, of a family that takes no new words, or whose ids behind the tokenizer's are taken
// (image_tokens.h).
GrownVocabulary add_tokens(const std::string& directory, const std::string& output, const NewTokens& more,
                           uint64_t seed);

}  // namespace thaw
