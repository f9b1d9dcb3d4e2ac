// SPDX-License-Identifier: Apache-2.0
// Counts words as the class cuts them, and has it make a tokenizer of them.
#include "models/text/train/tokenizer_trainer.h"

#include <algorithm>
#include <utility>

#include "models/text/train/trained_class.h"
#include "models/text/train/word_counts.h"
#include "tensor/check.h"
#include "tensor/counted.h"
#include "tensor/quote.h"
#include "tensor/utf8.h"

namespace thaw {

namespace {

const TrainedClass& class_of(TokenizerTraining::Type type) {
  switch (type) {
    case TokenizerTraining::Type::wordpiece:
    case TokenizerTraining::Type::mpnet: return bert_training();
    case TokenizerTraining::Type::bpe: return gpt2_training();
    default: return t5_training();
  }
}

TokenizerTraining checked(TokenizerTraining training) {
  const auto most = static_cast<size_t>(Vocabulary::max_id);
  check(training.vocab_size >= 1 && training.vocab_size <= most, "vocab_size {}: 1 to {} was expected",
        training.vocab_size, most);
  check(training.character_coverage > 0 && training.character_coverage <= 1,
        "character_coverage {}: a share above 0, at most 1 was expected", training.character_coverage);
  for (const std::string& token : training.special_tokens) {
    check_utf8(token, "special_tokens");
    check(!token.empty() && token.find_first_of("\r\n") == std::string::npos && token.find('\0') == std::string::npos,
          "special_tokens {}: a token of one line was expected", quote(token));
    check(training.type != TokenizerTraining::Type::unigram || token.find("<extra_id_") == std::string::npos,
          "special_tokens {}: is a sentinel, of which extra_ids says how many there are", quote(token));
  }
  return training;
}

}  // namespace

struct TokenizerTrainer::State {
  TokenizerTraining training;
  WordCounts words;
  uint64_t texts = 0;
};

TokenizerTrainer::TokenizerTrainer(TokenizerTraining training)
    : state_(new State{checked(training), class_of(training.type).counter(training)}) {}
TokenizerTrainer::~TokenizerTrainer() = default;
TokenizerTrainer::TokenizerTrainer(TokenizerTrainer&&) noexcept = default;

void TokenizerTrainer::add(std::string_view text) {
  state_->words.add(text);
  ++state_->texts;
}

TokenizerTrainer::Counts TokenizerTrainer::counts() const {
  return {state_->texts, state_->words.total(), state_->words.distinct()};
}

std::unique_ptr<Tokenizer> TokenizerTrainer::train() const {
  const CountedWords words = state_->words.sorted();
  if (words.empty()) fail("no words in {}: there is nothing to train on", counted(state_->texts, "text"));
  return class_of(state_->training.type).train(words, state_->training);
}

std::vector<std::string> with_special_tokens(std::vector<std::string> own, const TokenizerTraining& training) {
  for (const std::string& token : training.special_tokens)
    if (std::ranges::find(own, token) == own.end()) own.push_back(token);
  return own;
}

TokenizerConfig trained_config(const char* class_name, Json flags, const TokenizerTraining& training) {
  TokenizerConfig config;
  config.json = std::move(flags);
  config.json.set("tokenizer_class", class_name);
  config.path = "tokenizer_config.json";
  config.kind = find_tokenizer_class("", config.json);
  config.has_types = config.kind.has_types;
  config.max_length = training.model_max_length;
  for (const std::string& token : training.special_tokens)
    config.extra.push_back({.content = token, .id = -1, .special = true});
  return config;
}

void check_room(size_t least, const TokenizerTraining& training) {
  check(least <= training.vocab_size, "vocab_size {}: characters and special tokens alone are {}", training.vocab_size,
        least);
}

void check_trained_size(size_t size, const TokenizerTraining& training, const std::string& why_few) {
  check_room(size, training);
  check(size == training.vocab_size, "vocab_size {}: the texts make no more than {} tokens{}", training.vocab_size,
        size, why_few);
}

}  // namespace thaw
