// SPDX-License-Identifier: Apache-2.0
// A tokenizer whose tokens are bytes, but for some pairs; <|endoftext|> begins and ends texts.
#pragma once

#include <memory>

#include "models/text/train/tokenizer_trainer.h"

namespace thaw {

inline std::shared_ptr<const Tokenizer> byte_tokenizer() {
  TokenizerTrainer trainer({.type = TokenizerTraining::Type::bpe, .vocab_size = 260});
  trainer.add("the the the the");
  return trainer.train();
}

}  // namespace thaw
