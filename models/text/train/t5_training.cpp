// SPDX-License-Identifier: Apache-2.0
// T5Tokenizer with a Unigram vocabulary of its own.
#include <algorithm>
#include <memory>
#include <utility>

#include "models/text/character_map.h"
#include "models/text/normalizer.h"
#include "models/text/pre_tokenizer.h"
#include "models/text/sentencepiece_file.h"
#include "models/text/t5_tokenizer.h"
#include "models/text/train/normalization_map.h"
#include "models/text/train/piece_runs.h"
#include "models/text/train/sentencepiece_bytes.h"
#include "models/text/train/trained_class.h"
#include "models/text/train/unigram_trainer.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

std::string map_of(const TokenizerTraining& training) { return training.nmt_nfkc ? nmt_nfkc_map() : std::string(); }

WordCounts counter(const TokenizerTraining& training) {
  std::vector<NormalizerStep> steps;
  if (const std::string map = map_of(training); !map.empty())
    steps.emplace_back(PrecompiledNormalizer{std::make_shared<const CharacterMap>(map, "nmt_nfkc")});
  return {Normalizer(std::move(steps)), PreTokenizer({SpaceSplit{}, Metaspace{}})};
}

std::unique_ptr<Tokenizer> train(const CountedWords& words, const TokenizerTraining& training) {
  using Type = SentencePiece::Type;
  SentencePieceFile file;
  file.pieces = {{"<pad>", 0, Type::control}, {"</s>", 0, Type::control}, {"<unk>", 0, Type::unknown}};
  file.unknown = 2;
  for (const std::string& token : with_special_tokens({}, training))
    if (token != "<pad>" && token != "</s>" && token != "<unk>") file.pieces.push_back({token, 0, Type::control});
  check_room(file.pieces.size() + cut_into_runs(words, training.character_coverage).characters.size(), training);
  std::vector<ScoredPiece> pieces = train_unigram(words, {.vocabulary_size = training.vocab_size - file.pieces.size(),
                                                          .character_coverage = training.character_coverage});
  const std::vector<SentencePiece> special = file.pieces;
  for (ScoredPiece& piece : pieces) {
    check(std::ranges::find(special, piece.text, &SentencePiece::text) == special.end(),
          "special_tokens {}: the texts make a piece of it, too", quote(piece.text));
    file.pieces.push_back({std::move(piece.text), static_cast<float>(piece.score), Type::normal});
  }
  check_trained_size(file.pieces.size(), training, "");
  file.normalizer.precompiled_map = map_of(training);
  std::string content = sentencepiece_bytes(file, training.nmt_nfkc ? "nmt_nfkc" : "identity");

  const TokenizerConfig config =
      trained_config("T5Tokenizer", Json::object().set("extra_ids", training.extra_ids), training);
  TokenizerDescription description = describe_t5(content, "spiece.model", config);
  description.class_flags.set("extra_ids", training.extra_ids);
  if (training.model_max_length) description.class_flags.set("model_max_length", *training.model_max_length);
  return make_tokenizer(description, config, {{"spiece.model", std::move(content)}});
}

}  // namespace

const TrainedClass& t5_training() {
  static const TrainedClass out{counter, train};
  return out;
}

}  // namespace thaw
