// SPDX-License-Identifier: Apache-2.0
// Texts written for the rows of a table.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/data/field_names.h"
#include "models/data/table.h"
#include "models/tasks/cut_count.h"
#include "models/tasks/row_errors.h"
#include "models/tasks/task_model.h"
#include "models/tasks/text2text/options.h"
#include "models/tasks/text2text/text_to_text.h"
#include "models/tasks/unknown_count.h"

namespace thaw {

class Text2TextPredictor : public Predictor {
 public:
  // Opens the rows. Errors name file and line; a source that is too long is one, unless options.truncate says that it
  // loses its end.
  Text2TextPredictor(const TextToText& model, const Text2TextOptions& options, const PredictionRequest& request,
                     const FieldNames& called);

  std::vector<std::string> notes() const override;
  // TSV: text, source; with several texts a source number, score, text, source. JSONL: "source", "text", or a list
  // "texts" of objects with "text" and "score". Else the texts as they are, with an empty line between those of two
  // sources where each has several.
  std::string header() const override;
  bool next(int64_t rows, std::string& lines) override;

 private:
  std::string line(const std::string& source, const std::vector<WrittenText>& texts) const;
  int64_t texts_of_one() const { return writing_.options.num_return_sequences; }
  bool writes_several() const { return texts_of_one() > 1; }

  const TextToText& model_;
  Writing writing_;
  std::string prefix_;
  bool truncates_, as_json_, as_text_;
  std::string truncate_name_, max_length_name_, output_format_name_;
  TableReader reader_;
  CutCount cut_;
  UnknownCount unknown_;
  int64_t endless_ = 0, texts_ = 0, stuck_ = 0, broken_ = 0;
  uint64_t read_ = 0;
  RowErrors errors_;
};

}  // namespace thaw
