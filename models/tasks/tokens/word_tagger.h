// SPDX-License-Identifier: Apache-2.0
// WordTagger: a Hugging Face directory opened for labelling words: weights, configuration and tokenizer in one object.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/tasks/text_pipeline.h"

namespace thaw {

struct WordTaggerOptions : TextPipelineOptions {
  std::vector<std::string> labels = {};  // empty: the checkpoint's own
};

class WordTagger : public TextPipeline {
 public:
  // Where the checkpoint has no head, or one for other labels, the head is new; report() says so. Which labels it has:
  // see fit_head (models/tasks/head_choice.h). Errors: one line that names the file and what is wrong.
  explicit WordTagger(const std::string& directory, const WordTaggerOptions& options = {});
  // The same on a device that computes nothing (tensor/dry_device.h), without the model's numbers.
  WordTagger(const WordTagger& like, Device dry);

  const std::vector<std::string>& labels() const { return config().labels; }  // by class number
  // Were the labels given as "0", "1", ..., for classes that have names?
  bool labels_are_numbers() const { return labels_are_numbers_; }
  int64_t num_labels() const { return config().num_labels(); }

 private:
  struct Fitted {
    bool labels_are_numbers = false;
  };
  WordTagger(const std::string& directory, const WordTaggerOptions& options, Fitted fitted);

  bool labels_are_numbers_;
};

// A token's most likely class (of equals, the first), and how likely each is: the softmax of its logits. NaN for each
// where a logit is not finite.
struct TokenChoice {
  int32_t label = 0;
  std::vector<double> shares;

  explicit TokenChoice(std::span<const float> logits);
  bool is_finite() const;
};

}  // namespace thaw
