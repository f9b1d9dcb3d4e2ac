// SPDX-License-Identifier: Apache-2.0
// Draws pictures of captions, pixel by pixel, and writes them as PNG files.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/data/field_names.h"
#include "models/data/table.h"
#include "models/generation/options.h"
#include "models/tasks/cut_count.h"
#include "models/tasks/row_errors.h"
#include "models/tasks/task_model.h"
#include "models/tasks/text_pipeline.h"
#include "models/tasks/text_to_image/options.h"
#include "models/tasks/text_to_image/sequence_encoder.h"

namespace thaw {

// No token but a colour can come behind <image>; with (seed, number of the row) all is decided that is drawn for it.
GenerationOptions image_generation(const ImageTokens& tokens, int64_t vocab_size, const TextToImageOptions& options);

class TextToImagePredictor : public Predictor {
 public:
  // Opens the rows. Errors name file and line, or the picture that is there already and is not to be overwritten.
  TextToImagePredictor(TextPipeline& model, std::shared_ptr<const SequenceEncoder> encoder,
                       const TextToImageOptions& options, const PredictionRequest& request, const FieldNames& called);

  std::vector<std::string> notes() const override;
  // TSV: a line a picture, FOLDER/00001.png for the first row; of several FOLDER/00001_1.png.
  std::string header() const override { return as_json_ ? "" : "image\ttext\n"; }
  // Pictures are written when all of these rows are drawn, each whole or not at all.
  bool next(int64_t rows, std::string& lines) override;

 private:
  struct Drawn {
    std::string caption, where;
    std::vector<std::vector<int32_t>> pictures = {};  // ids of colours
    bool overflowed = false;
  };
  std::string path_of(int64_t row, int64_t sample) const;
  void check_is_free(int64_t row) const;
  // Of rows from the number `first` on.
  void draw(std::span<const Encoding> prompts, int64_t first, std::span<Drawn> rows) const;
  std::string written(const Drawn& row, int64_t number) const;

  TextPipeline& model_;
  std::shared_ptr<const SequenceEncoder> encoder_;
  TextToImageOptions options_;
  GenerationOptions generation_;
  std::string overwrite_name_;
  bool as_json_;
  TableReader rows_;
  int64_t read_ = 0;
  CutCount cut_;
  RowErrors errors_;
};

}  // namespace thaw
