// SPDX-License-Identifier: Apache-2.0
// Writes what is missing in texts.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/data/field_names.h"
#include "models/data/table.h"
#include "models/generation/options.h"
#include "models/tasks/row_errors.h"
#include "models/tasks/spans/corruption.h"
#include "models/tasks/spans/options.h"
#include "models/tasks/task_model.h"
#include "models/tasks/text2text/text_to_text.h"
#include "models/tasks/unknown_count.h"

namespace thaw {

class SpansPredictor : public Predictor {
 public:
  // Opens the rows. Errors name file and line; a text without a sentinel, with one that the
  // tokenizer has not or that is not the next, or of more tokens than the model takes, is one, too.
  SpansPredictor(const TextToText& model, std::shared_ptr<const SpanRule> rule, const SpansOptions& options,
                 const PredictionRequest& request, const FieldNames& called);

  std::vector<std::string> notes() const override;
  // TSV: text, source. JSONL: "source", "text", "spans" by sentinel.
  std::string header() const override { return as_json_ ? "" : "text\tsource\n"; }
  bool next(int64_t rows, std::string& lines) override;

 private:
  void check_sentinels(const std::string& source, const Encoding& text, const std::string& where) const;
  std::string line(const std::string& source, const std::vector<int32_t>& written) const;

  const TextToText& model_;
  std::shared_ptr<const SpanRule> rule_;
  GenerationOptions generation_;
  bool as_json_;
  std::string max_length_name_;
  TableReader reader_;
  UnknownCount unknown_;
  RowErrors errors_;
};

}  // namespace thaw
