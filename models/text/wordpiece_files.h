// SPDX-License-Identifier: Apache-2.0
// A WordPiece tokenizer as files describe it: read from tokenizer.json or vocab.txt, written as either.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/text/tokenizer_config.h"
#include "models/text/vocabulary.h"
#include "models/text/wordpiece_tokenizer.h"

namespace thaw {

struct WordPieceDescription {
  Vocabulary vocabulary;  // of the model
  Vocabulary tokens;      // added tokens included
  WordPieceOptions model;
  Json normalizer, pre_tokenizer;  // sections of tokenizer.json, which can be read; null if there is none
  std::optional<WordPieceDecoder> decoder;
  std::vector<AddedToken> added;
  SequenceTemplate sequence_template;
};

// From a tokenizer.json whose model is WordPiece, component by component; the configuration may add tokens.
WordPieceDescription read_wordpiece_json(const Json& json, const TokenizerConfig& config = {});

// As the reference's BertTokenizer builds it: vocabulary and added tokens (`own`) of a vocab.txt or tokenizer.json at
// `path`, all else from the configuration.
WordPieceDescription describe_bert(Vocabulary vocabulary, const std::vector<AddedToken>& own, const std::string& path,
                                   const TokenizerConfig& config);

// The text of a tokenizer.json.
std::string wordpiece_json(const WordPieceDescription& description);

// The text of a vocab.txt; absent if a token cannot stand on a line of its own or an id has no token.
std::optional<std::string> wordpiece_vocabulary(const WordPieceDescription& description);

// The text of a tokenizer_config.json.
std::string wordpiece_config(const WordPieceDescription& description, const TokenizerConfig& config);

// Puts the tokenizer together. Files that `files` lacks are generated.
std::unique_ptr<Tokenizer> make_wordpiece(const WordPieceDescription& description, const TokenizerConfig& config,
                                          std::vector<TokenizerFile> files);

}  // namespace thaw
