// SPDX-License-Identifier: Apache-2.0
// The texts that a tokenizer is trained on, as options name them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/text/train/tokenizer_trainer.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace thaw {

struct TokenizerTexts {
  std::vector<std::string> files, text_columns{"text"};
  std::string format;  // empty: by each file's name
};

// "bpe" and the like.
const std::map<std::string, TokenizerTraining::Type>& tokenizer_types();

// --files, which is returned, --text-column, --format.
CLI::Option* add_text_options(CLI::App& command, TokenizerTexts& texts);

// std::runtime_error naming a file that has no texts, or cannot be read.
void add_texts(const TokenizerTexts& texts, TokenizerTrainer& trainer);

}  // namespace thaw
