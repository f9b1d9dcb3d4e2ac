// SPDX-License-Identifier: Apache-2.0
// What the name in `tokenizer_class` says about a tokenizer's files: which of them decides, and whether the model gets
// segment types.
#pragma once

#include <string>

#include "tensor/io/json.h"

namespace thaw {

struct TokenizerClass {
  // file: tokenizer.json as it stands. Else the class builds the tokenizer: bert and mpnet from the vocabulary in
  // tokenizer.json or vocab.txt, the others from the vocabulary and merges in tokenizer.json or vocab.json and
  // merges.txt, all else from tokenizer_config.json. t5: tokenizer.json as it stands or, where there is none, a
  // tokenizer built of spiece.model. byt5: no vocabulary at all.
  enum class Source { file, bert, mpnet, gpt2, openai_gpt, clip, roberta, t5, byt5 };
  Source source = Source::file;
  bool reads_vocabulary = true;  // vocab.txt will do where there is no tokenizer.json
  bool has_types = true;         // if tokenizer_config.json has no model_input_names
  std::string where;             // file, key and name, for messages; empty if no file names a class

  // The tokens that tokenizer.json lists come before those of the configuration.
  bool lists_own_first() const { return source == Source::file || source == Source::t5 || source == Source::byt5; }
};

// The class of a directory, as the reference's AutoTokenizer finds it: tokenizer_config.json's, else config.json's,
// else that of the model_type in config.json (gpt2, openai-gpt, clip, roberta, t5, mt5, umt5, mpnet; else
// BertTokenizer); in a directory without any of these the files speak for themselves. std::runtime_error naming the
// file if it is a class that tokenizes in another way.
TokenizerClass find_tokenizer_class(const std::string& directory, const Json& tokenizer_config);

}  // namespace thaw
