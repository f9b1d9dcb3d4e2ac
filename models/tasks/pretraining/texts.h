// SPDX-License-Identifier: Apache-2.0
// Texts of a file as BERT's pretraining shows them to a model: pairs of sentences, with masks. Knows no model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/tasks/mlm/masks.h"
#include "models/tasks/pretraining/documents.h"
#include "models/tasks/pretraining/options.h"
#include "models/tasks/pretraining/pair_layout.h"
#include "models/tasks/pretraining/sentence_pairs.h"
#include "models/tasks/text_encoder.h"
#include "models/text/encoding.h"

namespace thaw {

// An example as it is learnt once.
struct PretrainingText {
  Encoding text;               // ids before they were masked, and types
  std::vector<int32_t> words;  // of each token, as words_of() gives them
  std::vector<MaskedToken> masks;
  int32_t relation = no_relation;
};

class PretrainingTexts {
 public:
  struct Data {
    bool in_pairs;
    std::shared_ptr<const Documents> documents = {};
    std::optional<PairLayout> layout = {};
    size_t room = 0;  // tokens of texts in an example
    // Examples that are given and stay; empty: they are drawn of the documents.
    std::vector<PretrainingText> given = {};
  };
  // An example is a piece of a text. What it is paired with and its masks are drawn by (seed, epoch, its number), to
  // judge by of the number alone (epoch_draws.h). Errors as SentencePairs'.
  PretrainingTexts(std::shared_ptr<const Data> data, std::shared_ptr<const MaskRule> rule, uint64_t seed);

  const Data& data() const { return *data_; }
  int64_t count() const;
  PretrainingText drawn(int64_t example, int64_t epoch) const;
  std::vector<int64_t> lengths(int64_t epoch) const;  // of all, in tokens
  // See SentencePairs.
  void draw_among(std::span<const int64_t> which);

 private:
  SentencePair tokens_of(int64_t example, RandomKey key) const;

  std::shared_ptr<const Data> data_;
  std::shared_ptr<const MaskRule> rule_;
  uint64_t seed_;
  std::optional<SentencePairs> pairs_;
};

// The texts of a file, as read_documents() reads them. Errors as its, and std::invalid_argument if the model takes too
// few tokens for sentences.
std::shared_ptr<const PretrainingTexts::Data> read_texts_to_pretrain(const TextEncoder& encoder,
                                                                     const std::string& file,
                                                                     const PretrainingOptions& options);
// So many made-up examples of the greatest length.
std::shared_ptr<const PretrainingTexts::Data> made_up_texts_to_pretrain(const TextEncoder& encoder, int64_t count,
                                                                        const MaskRule& rule, bool in_pairs);

}  // namespace thaw
