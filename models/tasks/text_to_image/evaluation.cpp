// SPDX-License-Identifier: Apache-2.0
// Means over sequences.
#include "models/tasks/text_to_image/evaluation.h"

#include <numbers>

namespace thaw {

double TextToImageEvaluation::loss() const {
  double sum = 0;
  for (const JudgedDrawing& one : sequences_) sum += one.loss();
  return sum / static_cast<double>(sequences_.size());
}

Metrics TextToImageEvaluation::scores(std::span<const int64_t> which) const {
  double text = 0, image = 0, right = 0;
  for (const int64_t number : which) {
    const JudgedDrawing& one = sequences_[static_cast<size_t>(number)];
    text += one.text_loss;
    image += one.image_loss;
    right += one.accuracy;
  }
  const auto count = static_cast<double>(which.size());
  return {{"bits_per_pixel", image / count / std::numbers::ln2},
          {"text_loss", text / count},
          {"image_loss", image / count},
          {"accuracy", right / count}};
}

Evaluation::Judgement TextToImageEvaluation::judgement(int64_t sequence) const {
  const JudgedDrawing& one = sequences_[static_cast<size_t>(sequence)];
  return {one.caption, {}, one.image_loss};
}

}  // namespace thaw
