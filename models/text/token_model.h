// SPDX-License-Identifier: Apache-2.0
// What makes pieces with ids of a word: WordPiece, and whatever else a tokenizer may be built on.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/text/vocabulary.h"
#include "tensor/io/json.h"

namespace thaw {

// A piece of a word: bytes [begin, end) of it.
struct TokenPiece {
  int32_t id;
  uint32_t begin, end;
  bool operator==(const TokenPiece&) const = default;
};

class TokenModel {
 public:
  virtual ~TokenModel() = default;

  // Appends the pieces of one word, which is not empty, in order; what no piece of the vocabulary makes up becomes the
  // unknown token or, if there is none, nothing. Safe to call from several threads.
  virtual void split(std::string_view word, std::vector<TokenPiece>& pieces) const = 0;

  // The token of what is in no vocabulary; absent if the model has none.
  virtual std::optional<std::string> unknown() const = 0;
  // Whether it stands for the text that it was made of where the ends of tokens are looked at, and not for its name.
  virtual bool unknown_is_text() const { return false; }

  // What the pieces that go on inside a word begin with ("##"); empty if nothing marks them.
  virtual std::string_view inside_prefix() const { return {}; }

  // The section `model` of a tokenizer.json. `vocabulary` is that which the model was made of, here and below.
  virtual Json json(const Vocabulary& vocabulary) const = 0;

  // A file that holds the vocabulary alone, for readers that know no tokenizer.json: its name and its content. Absent
  // if the model has no such file, or cannot be written as one.
  struct File {
    std::string name, content;
  };
  virtual std::optional<File> vocabulary_file(const Vocabulary&) const { return std::nullopt; }
};

// A model with the vocabulary that its ids are of.
struct ModelDescription {
  Vocabulary vocabulary;
  std::shared_ptr<const TokenModel> model;
};

// The type of the section `model` of a tokenizer.json; of older files that leave it out, what its other keys say.
// std::runtime_error naming the file if that is none of those supported.
std::string read_model_type(const Json& json);

// The section `model`. std::runtime_error naming file and key.
ModelDescription read_model(const Json& json);

}  // namespace thaw
