// SPDX-License-Identifier: Apache-2.0
// Rows in, texts that a model writes for them out, whatever the model makes of a row.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/data/field_names.h"
#include "models/data/table.h"
#include "models/generation/options.h"
#include "models/tasks/cut_count.h"
#include "models/tasks/row_errors.h"
#include "models/tasks/task_model.h"
#include "models/tasks/text2text/written_text.h"
#include "models/tasks/text_survey.h"
#include "models/tasks/unknown_count.h"

namespace thaw {

class WritingPredictor : public Predictor {
 public:
  std::vector<std::string> notes() const override;
  // TSV: text, source (or what else rows are called); with several texts a row number, score, text, source. JSONL:
  // "source", "text", or a list "texts" of objects with "text" and "score". Else the texts as they are, with an empty
  // line between those of two rows where each has several.
  std::string header() const override;
  bool next(int64_t rows, std::string& lines) override;

 protected:
  struct Rows {
    std::string_view name;    // of one: "source"
    std::string column;       // plain text has one column, whatever this says
    std::string prefix = {};  // before each
  };
  // Opens the rows. Errors name file and line.
  WritingPredictor(Rows rows, const GenerationOptions& options, const Tokenizer& tokenizer,
                   const PredictionRequest& request, const FieldNames& called);

  bool writes_several() const { return texts_of_one_ > 1; }
  // A text alone, which is handed out in parts; else null.
  const std::function<void(std::string_view)>& on_text() const { return on_text_; }

  // A row's tokens, if any: nothing is written for a row without; Encoding::cut says how many there are no more of.
  // std::runtime_error, which begins with where it is, if it is too long.
  virtual Encoding encode(const std::string& text, const std::string& where) const = 0;
  // Of each its texts; `first`: the number of the first in the whole input.
  virtual std::vector<WrittenTexts> write(std::span<const Encoding* const> rows, uint64_t first) const = 0;

 private:
  std::string line(const std::string& row, const std::vector<WrittenText>& texts) const;

  Rows rows_;
  const Tokenizer& tokenizer_;
  int64_t texts_of_one_;
  bool as_json_, as_text_;
  std::string output_format_name_;
  std::function<void(std::string_view)> on_text_;
  TableReader reader_;
  CutCount cut_;
  UnknownCount unknown_;
  Occurrence empty_;
  int64_t least_room_ = 0, most_room_ = 0;  // of texts without an end: where a prompt counts, each has its own
  int64_t endless_ = 0, texts_ = 0, stuck_ = 0, broken_ = 0;
  uint64_t read_ = 0;
  RowErrors errors_;
};

}  // namespace thaw
