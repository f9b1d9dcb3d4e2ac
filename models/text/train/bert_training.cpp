// SPDX-License-Identifier: Apache-2.0
// BertTokenizer, or MPNetTokenizer, with a WordPiece vocabulary of its own.
#include <string>
#include <utility>
#include <vector>

#include "models/text/bert_normalizer.h"
#include "models/text/bert_tokenizer.h"
#include "models/text/normalizer.h"
#include "models/text/pre_tokenizer.h"
#include "models/text/train/bpe_trainer.h"
#include "models/text/train/trained_class.h"
#include "tensor/check.h"

namespace thaw {

namespace {

WordCounts counter(const TokenizerTraining& training) {
  const BertNormalizer normalizer{.clean_text = true,
                                  .handle_chinese_chars = training.tokenize_chinese_chars,
                                  .strip_accents = training.strip_accents,
                                  .lowercase = training.do_lower_case};
  return {Normalizer({normalizer}), PreTokenizer({BertWords{}})};
}

// In an MPNet the padding is token 1, whatever its files say.
std::vector<std::string> own_tokens(bool is_mpnet) {
  if (is_mpnet) return {"<s>", "<pad>", "</s>", "[UNK]", "<mask>"};
  return {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};
}

std::unique_ptr<Tokenizer> train(const CountedWords& words, const TokenizerTraining& training) {
  const bool is_mpnet = training.type == TokenizerTraining::Type::mpnet;
  TrainedBpe trained = train_bpe(words, {.vocabulary_size = training.vocab_size,
                                         .least_frequency = training.min_frequency,
                                         .special_tokens = with_special_tokens(own_tokens(is_mpnet), training),
                                         .alphabet_limit = training.limit_alphabet,
                                         .prefix = "##"});
  check_trained_size(
      trained.vocabulary.size(), training,
      fmt::format(" with min_frequency {} and limit_alphabet {}", training.min_frequency, training.limit_alphabet));
  Json flags = Json::object();
  flags.set("do_lower_case", training.do_lower_case).set("tokenize_chinese_chars", training.tokenize_chinese_chars);
  flags.set("strip_accents", training.strip_accents ? Json(*training.strip_accents) : Json(nullptr));
  const TokenizerConfig config =
      trained_config(is_mpnet ? "MPNetTokenizer" : "BertTokenizer", std::move(flags), training);
  TokenizerDescription description = describe_bert(std::move(trained.vocabulary), {}, "vocab.txt", config);
  if (training.model_max_length) description.class_flags.set("model_max_length", *training.model_max_length);
  return make_tokenizer(description, config, {});
}

}  // namespace

const TrainedClass& bert_training() {
  static const TrainedClass out{counter, train};
  return out;
}

}  // namespace thaw
