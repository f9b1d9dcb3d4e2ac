// SPDX-License-Identifier: Apache-2.0
// The classes of the reference that build a BPE tokenizer themselves from a vocabulary and merges: GPT-2's and
// RoBERTa's of bytes, GPT's of characters, CLIP's of bytes with ends of words.
#pragma once

#include <string>
#include <vector>

#include "models/text/added_tokens.h"
#include "models/text/bpe_model.h"
#include "models/text/tokenizer_config.h"
#include "models/text/tokenizer_description.h"
#include "models/text/vocabulary.h"
#include "tensor/io/json.h"

namespace thaw {

// What such a class takes from the files of a vocabulary.
struct BpeParts {
  Vocabulary vocabulary;
  std::vector<BpeMerge> merges;
  std::vector<AddedToken> added;  // of tokenizer.json
  Json post_processor;            // of tokenizer.json; null if there is no such file
  std::string path;               // of the file that holds the vocabulary
};

// As the class config.kind.source builds it, which is one of the four. std::runtime_error if a token is missing that
// the class needs.
TokenizerDescription describe_bpe(BpeParts parts, const TokenizerConfig& config);

// The parts in a tokenizer.json whose model is BPE.
BpeParts read_bpe_parts(const Json& json, const std::string& path);

}  // namespace thaw
