// SPDX-License-Identifier: Apache-2.0
// How well captions and their pictures were told.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/tasks/task_model.h"

namespace thaw {

// What the loss weighs both parts of a sequence by (Ramesh et al. 2021, section 2.2).
inline constexpr double text_weight = 1.0 / 8, image_weight = 7.0 / 8;

// Of one sequence: means of -log p over its tokens.
struct JudgedDrawing {
  double text_loss = 0, image_loss = 0;  // of the caption's places behind the first; of pixels
  double accuracy = 0;                   // share of pixels whose colour was the likeliest
  std::string caption = {};

  double loss() const { return text_weight * text_loss + image_weight * image_loss; }
};

class TextToImageEvaluation : public Evaluation {
 public:
  explicit TextToImageEvaluation(std::vector<JudgedDrawing> sequences) : sequences_(std::move(sequences)) {}

  static std::vector<std::string> metric_names() {
    return {"bits_per_pixel", "loss", "text_loss", "image_loss", "accuracy"};
  }

  int64_t size() const override { return static_cast<int64_t>(sequences_.size()); }
  double loss() const override;
  // Means over sequences; bits_per_pixel is image_loss / ln 2.
  Metrics scores(std::span<const int64_t> which) const override;
  // The caption, by the loss of its picture.
  Judgement judgement(int64_t sequence) const override;

 private:
  std::vector<JudgedDrawing> sequences_;
};

}  // namespace thaw
