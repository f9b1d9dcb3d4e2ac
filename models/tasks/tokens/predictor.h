// SPDX-License-Identifier: Apache-2.0
// Labels of the words of sentences, one sentence after the other.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/data/field_names.h"
#include "models/tasks/row_errors.h"
#include "models/tasks/task_model.h"
#include "models/tasks/tokens/options.h"
#include "models/tasks/tokens/prediction_writer.h"
#include "models/tasks/tokens/word_reader.h"
#include "models/tasks/tokens/word_tagger.h"

namespace thaw {

class TokensPredictor : public Predictor {
 public:
  // Opens the sentences. Errors name file and line; a sentence for which the model's numbers overflow is one, too.
  TokensPredictor(WordTagger& model, const TokensOptions& options, const PredictionRequest& request,
                  const FieldNames& called);

  // Words that got O because they lie beyond the greatest length, or have no token.
  std::vector<std::string> notes() const override;
  std::string header() const override { return ""; }
  bool next(int64_t rows, std::string& lines) override;

 private:
  std::vector<std::vector<SaidOfWord>> tag(const std::vector<ReadSentence>& sentences);

  WordTagger& model_;
  TokensOptions options_;
  FieldNames called_;
  bool as_json_, has_entities_;
  WordReader reader_;
  int64_t sentences_ = 0, cut_sentences_ = 0, cut_words_ = 0, words_without_token_ = 0;
  RowErrors errors_;
};

}  // namespace thaw
