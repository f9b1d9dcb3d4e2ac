// SPDX-License-Identifier: Apache-2.0
// Texts written for the rows of a table.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/data/field_names.h"
#include "models/tasks/text2text/options.h"
#include "models/tasks/text2text/text_to_text.h"
#include "models/tasks/text2text/writing_predictor.h"

namespace thaw {

class Text2TextPredictor : public WritingPredictor {
 public:
  // Opens the rows. Errors name file and line; a source that is too long is one, unless options.truncate says that it
  // loses its end.
  Text2TextPredictor(const TextToText& model, const Text2TextOptions& options, const PredictionRequest& request,
                     const FieldNames& called);

 protected:
  Encoding encode(const std::string& text, const std::string& where) const override;
  std::vector<WrittenTexts> write(std::span<const Encoding* const> sources, uint64_t first) const override;

 private:
  Text2TextPredictor(const TextToText& model, const Text2TextOptions& options, Writing writing,
                     const PredictionRequest& request, const FieldNames& called);

  const TextToText& model_;
  Writing writing_;
  bool truncates_;
  std::string truncate_name_, max_length_name_;
};

}  // namespace thaw
