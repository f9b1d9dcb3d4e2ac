// SPDX-License-Identifier: Apache-2.0
// PairPipeline: a directory of a model of pairs opened: weights, configuration and what prepares the things of both
// sides. B things, P numbers of a vector.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/input/input_kind.h"
#include "models/pair_model.h"
#include "models/prefix/keeping.h"
#include "models/prefix/prefix_cache.h"
#include "models/tasks/row_encoder.h"
#include "models/tasks/text_encoder.h"
#include "models/tasks/text_pipeline.h"

namespace thaw {

class PairPipeline {
 public:
  // files: what is paired with texts. Errors: one line that names directory or file and what is wrong.
  PairPipeline(const std::string& directory, InputKind files, const TextPipelineOptions& options);
  // The same on a device that computes nothing (tensor/dry_device.h), without the model's numbers.
  PairPipeline(const PairPipeline& like, Device dry);
  PairPipeline(const PairPipeline&) = delete;
  PairPipeline& operator=(const PairPipeline&) = delete;

  InputKind files() const { return files_; }
  const PairModel& model() const { return *model_; }
  ParameterStore& store() { return model_->store(); }
  const LoadReport& report() const { return model_->report(); }
  int64_t width() const { return model_->width(); }  // P
  // What makes of a row's path, or of its text, what the model reads.
  const RowEncoder& encoder(PairSide side) const;
  const TextEncoder& texts() const { return *texts_; }
  void set_checkpointing(bool on) { model_->set_checkpointing(on); }
  void hold_temperature() { model_->hold_temperature(); }

  // Of unit length [B, P]; training or evaluation as store().mode() says.
  Variable vectors(PairSide side, std::span<const Encoding* const> things) const {
    return model_->tower(side).vectors(things);
  }
  // The same in evaluation mode and without gradients: [B P].
  std::vector<float> embed(PairSide side, std::span<const Encoding* const> things);

  // From now on what the frozen parts at the bottom of both towers give is computed apart
  // (models/prefix/prefix_cache.h), and kept for these things, once they are used more than once.
  KeptTexts keep_frozen(std::span<const Encoding* const> files, std::span<const Encoding* const> texts,
                        const Keeping& how);
  AreKept are_kept(PairSide side) const {
    return thaw::are_kept(model().tower(side), (side == PairSide::files ? file_cache_ : text_cache_).get());
  }

  // The model's switches, and checksums of the files that say how its data are prepared.
  Fingerprint identity() const;
  // config.json, weights and, where they are the model's own, the files that say how data are prepared.
  void save(const std::string& directory, const SaveOptions& options = {}) const;

 private:
  InputKind files_;
  std::unique_ptr<PairModel> model_;
  std::shared_ptr<const RowEncoder> file_encoder_;
  std::shared_ptr<const TextEncoder> texts_;
  std::unique_ptr<PrefixCache> file_cache_, text_cache_;
};

// A made-up text, as long as it may be, that ends as texts do: CLIP reads it where it ends.
Encoding longest_text(const TextEncoder& texts);

// The encoder of texts alone of a directory, without its weights, behind the prompt or prefix that the directory's
// change puts on. Errors as above.
TextEncoder open_pair_text_encoder(const std::string& directory, InputKind files, int64_t max_length);
// Throws if the directory does not hold a whole model of pairs; looks at the sizes of weights, not at all bytes.
void check_saved_pair_model(const std::string& directory, InputKind files);

}  // namespace thaw
