// SPDX-License-Identifier: Apache-2.0
// GPT2Tokenizer with a byte-level BPE vocabulary of its own.
#include <utility>

#include "models/text/bpe_tokenizers.h"
#include "models/text/byte_characters.h"
#include "models/text/normalizer.h"
#include "models/text/pre_tokenizer.h"
#include "models/text/tokenizer_json.h"
#include "models/text/train/bpe_trainer.h"
#include "models/text/train/trained_class.h"
#include "tensor/check.h"

namespace thaw {

namespace {

WordCounts counter(const TokenizerTraining& training) {
  return {Normalizer(), PreTokenizer({ByteWords{.add_prefix_space = training.add_prefix_space}})};
}

// vocab.json and merges.txt, for readers that know no tokenizer.json.
std::vector<ProcessorFile> vocabulary_files(const TrainedBpe& trained) {
  std::string merges = "#version: 0.2\n";
  for (const BpeMerge& merge : trained.merges)
    merges += *trained.vocabulary.find_token(merge.left) + " " + *trained.vocabulary.find_token(merge.right) + "\n";
  return {{"vocab.json", vocabulary_json(trained.vocabulary).dump()}, {"merges.txt", std::move(merges)}};
}

std::unique_ptr<Tokenizer> train(const CountedWords& words, const TokenizerTraining& training) {
  BpeTraining how{.vocabulary_size = training.vocab_size,
                  .least_frequency = training.min_frequency,
                  .special_tokens = with_special_tokens({"<|endoftext|>"}, training)};
  how.alphabet.assign(byte_characters().begin(), byte_characters().end());
  TrainedBpe trained = train_bpe(words, how);
  check_trained_size(trained.vocabulary.size(), training,
                     fmt::format(" with min_frequency {}", training.min_frequency));
  const TokenizerConfig config =
      trained_config("GPT2Tokenizer", Json::object().set("add_prefix_space", training.add_prefix_space), training);
  std::vector<ProcessorFile> files = vocabulary_files(trained);
  TokenizerDescription description = describe_bpe(
      {.vocabulary = std::move(trained.vocabulary), .merges = std::move(trained.merges), .path = "vocab.json"}, config);
  if (training.model_max_length) description.class_flags.set("model_max_length", *training.model_max_length);
  return make_tokenizer(description, config, std::move(files));
}

}  // namespace

const TrainedClass& gpt2_training() {
  static const TrainedClass out{counter, train};
  return out;
}

}  // namespace thaw
