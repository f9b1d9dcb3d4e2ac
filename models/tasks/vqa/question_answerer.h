// SPDX-License-Identifier: Apache-2.0
// QuestionAnswerer: a Hugging Face directory opened for answering questions about pictures: weights, configuration,
// tokenizer and image processor in one object. B questions, L answers.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "models/classification_loss.h"
#include "models/tasks/text_pipeline.h"

namespace thaw {

class QuestionAnswerer : public TextPipeline {
 public:
  // answers: empty: the checkpoint's own. Where it has no head, or one without some of them, the head is new; report()
  // says so. Errors: one line that names the file and what is wrong.
  QuestionAnswerer(const std::string& directory, const TextPipelineOptions& options,
                   const std::vector<std::string>& answers = {});
  // The same on a device that computes nothing (tensor/dry_device.h), without the model's numbers.
  QuestionAnswerer(const QuestionAnswerer& like, Device dry) : TextPipeline(like, dry) {}

  const std::vector<std::string>& answers() const { return config().labels; }  // by number
  int64_t num_answers() const { return config().num_labels(); }

  // [B, L]; training or evaluation as store().mode().training says.
  Variable logits(std::span<const Encoding* const> batch) const { return outputs(batch); }
  // In evaluation mode and without gradients, how probable each answer is by itself [B L]. A question whose logits are
  // not all finite has NaN for each of them.
  std::vector<float> predict(std::span<const Encoding* const> batch);
};

}  // namespace thaw
