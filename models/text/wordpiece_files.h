// SPDX-License-Identifier: Apache-2.0
// A WordPiece tokenizer as files describe it: read from tokenizer.json or vocab.txt, written as either.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/text/bert_normalizer.h"
#include "models/text/tokenizer_files.h"
#include "models/text/tokenizer_json.h"
#include "models/text/wordpiece_tokenizer.h"

namespace thaw {

struct WordPieceDescription {
  IdVocabulary vocabulary;          // of the model
  std::vector<std::string> tokens;  // of every id, added tokens included
  WordPieceOptions model;
  std::optional<BertNormalizer> normalizer;
  std::optional<WordPieceDecoder> decoder;
  std::vector<AddedToken> added;
  SequenceTemplate sequence_template;
};

// From a tokenizer.json whose model is WordPiece. Its sections `truncation` and `padding` are what some run had set
// last, not properties of the tokenizer: they are left alone, as in the reference's model classes.
WordPieceDescription read_wordpiece_json(const Json& json);

// From the tokens of a vocab.txt, as the reference's BertTokenizer builds it. `path` is that of vocab.txt.
WordPieceDescription describe_vocabulary(std::vector<std::string> tokens, const std::string& path,
                                         const TokenizerConfig& config);

// The text of a tokenizer.json.
std::string wordpiece_json(const WordPieceDescription& description);

// The text of a vocab.txt; absent if a token cannot stand on a line of its own or the model's ids are not 0, 1, 2, ...
std::optional<std::string> wordpiece_vocabulary(const WordPieceDescription& description);

// The text of a tokenizer_config.json.
std::string wordpiece_config(const WordPieceDescription& description, const TokenizerConfig& config);

// Puts the tokenizer together. Files that `files` lacks are generated.
std::unique_ptr<Tokenizer> make_wordpiece(const WordPieceDescription& description, const TokenizerConfig& config,
                                          std::vector<TokenizerFile> files);

}  // namespace thaw
