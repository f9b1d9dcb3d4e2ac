// SPDX-License-Identifier: Apache-2.0
// TextEmbedder: a Hugging Face directory, or one of sentence-transformers, opened to make a vector of each text. B
// texts, C numbers a vector.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/tasks/embed/options.h"
#include "models/tasks/embed/sentence_files.h"
#include "models/tasks/text_pipeline.h"

namespace thaw {

// The most tokens that a text of the directory's may have: `wanted`, or (0) as its sentence_bert_config.json says, else
// as length_limit() does. Errors as those of read_sentence_settings() and open_text_encoder().
int64_t embedding_length(const std::string& directory, int64_t wanted);

class TextEmbedder : public TextPipeline {
 public:
  // Without options the directory's own settings hold (sentence_files.h), and without these means of unit length. A
  // pooler of the checkpoint takes no part and is saved again. Errors: one line that names file or directory.
  explicit TextEmbedder(const std::string& directory, const TextPipelineOptions& how = {},
                        const EmbedOptions& options = {});
  // The same on a device that computes nothing (tensor/dry_device.h), without the model's numbers.
  TextEmbedder(const TextEmbedder& like, Device dry);

  const SentenceSettings& settings() const { return settings_; }
  int64_t width() const { return model().width(); }  // C

  // [B, C], of any length; training or evaluation as store().mode() says.
  Variable pooled(std::span<const Encoding* const> batch) const;
  // [B C], in evaluation mode and without gradients; of unit length if the settings say so.
  std::vector<float> embed(std::span<const Encoding* const> batch);

  // With the files of sentence-transformers.
  void save(const std::string& directory, const SaveOptions& options = {}) const;

 private:
  TextEmbedder(const std::string& directory, const TextPipelineOptions& how, const SentenceSettings& settings);

  SentenceSettings settings_;
};

}  // namespace thaw
