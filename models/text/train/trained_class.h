// SPDX-License-Identifier: Apache-2.0
// The classes of tokenizers that can be trained: how each cuts texts into words, makes its vocabulary of them, and
// becomes files.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/text/tokenizer.h"
#include "models/text/tokenizer_config.h"
#include "models/text/train/tokenizer_trainer.h"
#include "models/text/train/word_counts.h"

namespace thaw {

using CountedWords = std::vector<std::pair<std::string, uint64_t>>;

struct TrainedClass {
  WordCounts (*counter)(const TokenizerTraining& training);
  // The words are at least one.
  std::unique_ptr<Tokenizer> (*train)(const CountedWords& words, const TokenizerTraining& training);
};

const TrainedClass& bert_training();
const TrainedClass& gpt2_training();
const TrainedClass& t5_training();

// The configuration of a tokenizer of this class, as tokenizer_config.json would say it with these flags.
TokenizerConfig trained_config(const char* class_name, Json flags, const TokenizerTraining& training);

// The class's own special tokens, then those of the training that are not among them.
std::vector<std::string> with_special_tokens(std::vector<std::string> own, const TokenizerTraining& training);

// That a vocabulary has room for its special tokens and characters, which are `least` together.
void check_room(size_t least, const TokenizerTraining& training);
// std::invalid_argument unless a vocabulary of this size is what was asked for; `why_few`: what keeps it from growing.
void check_trained_size(size_t size, const TokenizerTraining& training, const std::string& why_few);

}  // namespace thaw
