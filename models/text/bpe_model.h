// SPDX-License-Identifier: Apache-2.0
// Byte-pair encoding: the characters of a word, of which neighbours are merged, the pair of least rank first (Sennrich
// et al. 2016, arXiv:1508.07909).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "models/text/token_model.h"
#include "models/text/vocabulary.h"
#include "models/text/word_cache.h"
#include "tensor/io/json.h"

namespace thaw {

struct BpeOptions {
  std::optional<std::string> unknown;  // for characters that no token is; absent: they are passed over
  std::string prefix;                  // of the tokens of characters inside a word
  std::string suffix;                  // of the token of a word's last character
  bool fuse_unknown = false;           // unknown characters in a row are one unknown token
  bool byte_fallback = false;          // an unknown character becomes tokens <0xXX> of its bytes, if all are there
  bool ignore_merges = false;          // a word that is a token stays whole
};

// Tokens `left` and `right` become `result`.
struct BpeMerge {
  int32_t left, right, result;
};

class BpeModel : public TokenModel {
 public:
  // Merges in the order of their ranks; of a pair that is there twice the last one counts. std::invalid_argument if the
  // unknown token is missing.
  BpeModel(const Vocabulary& vocabulary, std::vector<BpeMerge> merges, BpeOptions options);

  void split(std::string_view word, std::vector<TokenPiece>& pieces) const override;
  std::optional<std::string> unknown() const override { return options_.unknown; }
  Json json(const Vocabulary& vocabulary) const override;

  const std::vector<BpeMerge>& merges() const { return merges_; }

 private:
  struct Symbol {
    int32_t id;
    uint32_t size;  // bytes of the word
  };
  struct Ranked {
    uint32_t rank;
    int32_t result;
  };
  static constexpr uint32_t no_rank = UINT32_MAX;

  std::optional<int32_t> character(char32_t code, bool is_first, bool is_last) const;
  void put_symbols(std::string_view word, std::vector<Symbol>& symbols) const;
  Ranked ranked(int32_t left, int32_t right) const;
  void merge_few(std::vector<Symbol>& symbols) const;
  void merge_many(std::vector<Symbol>& symbols) const;

  BpeOptions options_;
  std::vector<BpeMerge> merges_;
  // Tokens of one character: by its code point, 0 in a word, 1 at its beginning, 2 at its end, 3 at both.
  static constexpr size_t near_codes = 0x250;
  std::vector<int32_t> near_[4];  // -1: none
  std::unordered_map<char32_t, int32_t> far_[4];
  std::vector<int32_t> bytes_;  // of <0x00> ... <0xFF>; -1: none
  int32_t unknown_id_ = -1;
  std::optional<Vocabulary> whole_;  // with ignore_merges
  // Hash table of pairs: keys, 1 + index of the merge; 0 where free.
  std::vector<uint64_t> keys_;
  std::vector<uint32_t> slots_;
  mutable WordCache cache_;
};

// The section `model` of a tokenizer.json.
ModelDescription read_bpe(const Json& model);

// The merges of a merges.txt, one a line; a first line `#version...` is passed over. std::runtime_error naming file and
// line: not two tokens, tokens (or what they merge to) that are not in the vocabulary, a merge that is there twice.
std::vector<BpeMerge> parse_merges(std::string_view content, const std::string& path, const Vocabulary& vocabulary);

// The object of a vocab.json: token -> id.
Vocabulary parse_vocabulary_json(const std::string& content, const std::string& path);

// The merges in a section `model` of a tokenizer.json, whose tokens inside a word begin with `prefix`.
std::vector<BpeMerge> read_merges(const Json& model, const Vocabulary& vocabulary, const std::string& prefix = {});

}  // namespace thaw
