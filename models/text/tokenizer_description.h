// SPDX-License-Identifier: Apache-2.0
// A tokenizer as files describe it, whatever its model: read from tokenizer.json, or built as a class of the reference
// builds it; written as tokenizer.json and tokenizer_config.json; put together.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/text/added_tokens.h"
#include "models/text/normalizer.h"
#include "models/text/token_model.h"
#include "models/text/tokenizer.h"
#include "models/text/tokenizer_config.h"
#include "models/text/vocabulary.h"
#include "tensor/io/json.h"

namespace thaw {

// A role ("cls_token") and its token, which the tokenizer has.
struct TokenRole {
  std::string key, token;
};

struct TokenizerDescription {
  Vocabulary vocabulary;  // of the model
  Vocabulary tokens;      // added tokens included
  std::shared_ptr<const TokenModel> model;
  // Sections of tokenizer.json, which can be read; null if there is none.
  Json normalizer, pre_tokenizer, post_processor, decoder;
  std::optional<Normalizer> normalizer_steps;  // of `normalizer`, where that was read already: a large map takes time
  std::string decoded_suffix;  // of words: becomes a space in what the decoder makes; empty: nothing is done
  std::vector<AddedToken> added;
  std::vector<TokenRole> roles;
  // What tokenizer_config.json says of the class: its name, and the flags that it reads.
  std::string class_name = "PreTrainedTokenizerFast";
  Json class_flags = Json::object();
};

// From a tokenizer.json, component by component; the configuration may add tokens.
TokenizerDescription read_description(const Json& json, const TokenizerConfig& config = {});

// The roles of a tokenizer with these tokens: as the files name them, else as `usual` does.
std::vector<TokenRole> roles_of(const Vocabulary& tokens, const TokenizerConfig& config,
                                const std::vector<TokenRole>& usual);

// The text of a tokenizer.json.
std::string tokenizer_json(const TokenizerDescription& description);

// The text of a tokenizer_config.json.
std::string tokenizer_config_json(const TokenizerDescription& description, const TokenizerConfig& config);

// Puts the tokenizer together. Files that `files` lacks are generated.
std::unique_ptr<Tokenizer> make_tokenizer(const TokenizerDescription& description, const TokenizerConfig& config,
                                          std::vector<ProcessorFile> files);

}  // namespace thaw
