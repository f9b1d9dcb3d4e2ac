// SPDX-License-Identifier: Apache-2.0
// TextPipeline: a Hugging Face directory opened for a head that reads texts, pictures, or both: weights, configuration
// and what prepares its data, and what must fit between them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/input/input_kind.h"
#include "models/prefix/keeping.h"
#include "models/prefix/prefix_cache.h"
#include "models/tasks/text_encoder.h"
#include "models/text_model.h"
#include "nn/train/fingerprint.h"

namespace thaw {

// Which head, and what it is for, in the words of an error: "whole texts", "each token".
struct TextPurpose {
  std::string_view architecture;  // the ending of its name: "ForSequenceClassification"
  std::string_view words;
  bool has_own_head = true;  // made for its labels: trained beside adapters; that of masked words is the checkpoint's
  InputKind reads = InputKind::texts;
};

struct TextPipelineOptions {
  Device device;  // none: Device::from_environment()
  DType dtype = DType::f32;
  uint64_t seed = 42;        // of what the checkpoint does not hold
  int64_t max_length = 0;    // tokens a text or pair is cut to; 0: as length_limit() says, ...
  int64_t usual_length = 0;  // ... of this
  PrepareStore prepare;      // called before the model is built
  bool trained = false;      // the checkpoint must have every tensor: nothing is new and random
  FirstWeights first_weights = FirstWeights::checkpoint;
};

class TextPipeline {
 public:
  // fit: called with the checkpoint before the model is built: labels, a head that is replaced. The head of another
  // task (config.json's architectures) is never taken for this one's: it is replaced, and report() says so. Errors: one
  // line that names directory or file and what is wrong.
  TextPipeline(const std::string& directory, const TextPurpose& purpose, const TextPipelineOptions& options,
               const std::function<void(TextCheckpoint&)>& fit = {});
  // The same on a device that computes nothing (tensor/dry_device.h), without the model's numbers.
  TextPipeline(const TextPipeline& like, Device dry);
  TextPipeline(const TextPipeline&) = delete;
  TextPipeline& operator=(const TextPipeline&) = delete;

  const PretrainedConfig& config() const { return model_->config(); }
  const TextModel& model() const { return *model_; }
  ParameterStore& store() { return model_->store(); }
  const LoadReport& report() const { return model_->report(); }
  // What makes of rows of data what the model reads.
  const RowEncoder& rows() const { return *rows_; }
  // The same of a model of texts.
  const TextEncoder& encoder() const { return *texts_; }
  const Tokenizer& tokenizer() const { return texts_->tokenizer(); }
  int64_t max_length() const { return texts_->max_length(); }
  void set_checkpointing(bool on) { model_->set_checkpointing(on); }  // less memory, a second forward pass

  // See TextEncoder::encode.
  Encoding encode(std::string_view text, std::optional<std::string_view> pair = {}) const {
    return texts_->encode(text, pair);
  }
  // The head's numbers, as TextModel says.
  Variable outputs(std::span<const Encoding* const> batch) const { return (*model_)(batch); }
  Variable outputs_at(std::span<const Encoding* const> batch, const std::vector<int32_t>& tokens) const {
    return model_->at_tokens(batch, tokens);
  }
  Variable loss_at(std::span<const Encoding* const> batch, const std::vector<int32_t>& tokens,
                   const std::vector<int32_t>& truths, double count) const {
    return model_->loss_at_tokens(batch, tokens, truths, count);
  }

  // From now on what the frozen part at the bottom of the model gives for texts is computed apart
  // (models/prefix/prefix_cache.h), and kept for these; once they are used more than once.
  KeptTexts keep_frozen(std::span<const Encoding* const> texts, const Keeping& how);
  AreKept are_kept() const { return thaw::are_kept(*model_, prefix_cache_.get()); }

  // The model's switches and a checksum of the files that say how its data are prepared.
  Fingerprint identity() const;
  // config.json, weights and the files that say how data are prepared, as the reference library loads them.
  void save(const std::string& directory, const SaveOptions& options = {}) const {
    model_->save(directory, &rows().processor(), options);
  }

 private:
  void open_rows(const std::string& directory, std::unique_ptr<Tokenizer> tokenizer,
                 const TextPipelineOptions& options);

  std::unique_ptr<TextModel> model_;
  std::shared_ptr<const TextEncoder> texts_;  // null: the model reads none
  std::shared_ptr<const RowEncoder> rows_;
  std::unique_ptr<PrefixCache> prefix_cache_;
};

// What the model of a directory takes of texts, behind the prompt or prefix that the directory's change puts on.
TextLimits text_limits_of(const std::string& directory);
// The encoder alone of a directory, without its weights; lengths as in TextPipelineOptions, in these limits. Errors as
// above.
TextEncoder open_text_encoder(const std::string& directory, int64_t max_length, int64_t usual_length = 0);
// The same for the texts of a model that reads them about pictures.
TextEncoder open_question_encoder(const std::string& directory, int64_t max_length);
// Throws if the directory does not hold a whole model that reads such; looks at the sizes of weights, not at all bytes.
void check_saved_model(const std::string& directory, InputKind reads);
void check_saved_text_model(const std::string& directory);

}  // namespace thaw
