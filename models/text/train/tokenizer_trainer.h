// SPDX-License-Identifier: Apache-2.0
// Trains a whole tokenizer on texts: the vocabulary, and around it the steps and files of a class of the reference that
// has such a model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/text/tokenizer.h"

namespace thaw {

struct TokenizerTraining {
  enum class Type {
    wordpiece,  // BertTokenizer: tokenizer.json, vocab.txt
    mpnet,      // MPNetTokenizer: the same between other special tokens
    bpe,        // GPT2Tokenizer, of bytes: tokenizer.json, vocab.json, merges.txt
    unigram,    // T5Tokenizer: tokenizer.json, spiece.model
  };
  Type type = Type::wordpiece;
  size_t vocab_size = 30'000;               // tokens, special ones included
  uint64_t min_frequency = 2;               // a pair of tokens that is there less often becomes none
  std::vector<std::string> special_tokens;  // more of them, behind the class's own
  std::optional<size_t> model_max_length;   // the longest input of the model, in tokens

  // WordPiece.
  size_t limit_alphabet = 1000;        // of all characters so many, the most frequent, are tokens
  bool do_lower_case = true;           // and without accents, unless strip_accents says otherwise
  std::optional<bool> strip_accents;   // absent: as do_lower_case
  bool tokenize_chinese_chars = true;  // ideographs are words
  // BPE.
  bool add_prefix_space = false;  // a text begins with a blank, so that its first word is one like any other
  // Unigram.
  double character_coverage = .9995;  // the most frequent characters that make up this share of the texts are tokens
  bool nmt_nfkc = true;               // texts in NFKC, without controls; false: as they are
  int64_t extra_ids = 100;            // <extra_id_0> and so on, besides the vocab_size
};

class TokenizerTrainer {
 public:
  // std::invalid_argument "FIELD VALUE: ..." if a value cannot be meant.
  explicit TokenizerTrainer(TokenizerTraining training);
  ~TokenizerTrainer();
  TokenizerTrainer(TokenizerTrainer&&) noexcept;

  // std::invalid_argument if the text is not valid UTF-8.
  void add(std::string_view text);

  struct Counts {
    uint64_t texts = 0, words = 0, distinct_words = 0;
  };
  Counts counts() const;

  // The tokenizer, with its files, as load_tokenizer() would read it; depends on the words and their counts alone.
  // std::invalid_argument "vocab_size N: ..." if characters and special tokens are more, or the texts do not make as
  // many tokens. std::runtime_error if the texts have no words.
  std::unique_ptr<Tokenizer> train() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace thaw
