// SPDX-License-Identifier: Apache-2.0
// Texts that go on where prompts end.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/data/field_names.h"
#include "models/tasks/lm/continuation_options.h"
#include "models/tasks/lm/documents.h"
#include "models/tasks/text2text/writing_predictor.h"
#include "models/tasks/text_pipeline.h"

namespace thaw {

class ContinuationPredictor : public WritingPredictor {
 public:
  // Opens the rows. Errors name file and line; a prompt that leaves no room for a token is one, unless options.truncate
  // says that it loses its beginning. std::invalid_argument, beginning with an option's name, on options that
  // contradict each other.
  ContinuationPredictor(TextPipeline& model, const LmOptions& options, const ContinuationOptions& how,
                        const PredictionRequest& request, const FieldNames& called);

  // The options of generation that change nothing. One line each.
  std::vector<std::string> warnings() const override { return warnings_; }

 protected:
  Encoding encode(const std::string& text, const std::string& where) const override;
  std::vector<WrittenTexts> write(std::span<const Encoding* const> prompts, uint64_t first) const override;

 private:
  ContinuationPredictor(TextPipeline& model, const LmOptions& options, const ContinuationOptions& how,
                        GenerationOptions generation, const PredictionRequest& request, const FieldNames& called);
  // Behind a prompt of so many tokens: how many may come is all that differs.
  GenerationOptions options_behind(int64_t tokens) const;
  // What stands behind the prompt, and the separator, if it comes.
  std::string text_of(const std::vector<int32_t>& prompt, const std::vector<int32_t>& ids) const;

  TextPipeline& model_;
  LmEncoder encoder_;
  ContinuationOptions how_;
  GenerationOptions options_;
  int64_t batch_size_ = 64;
  std::string truncate_name_;
  std::vector<std::string> warnings_;
};

}  // namespace thaw
