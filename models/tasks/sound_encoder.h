// SPDX-License-Identifier: Apache-2.0
// Sounds to the rows that a model reads: a directory's feature extractor, held to the model.
#pragma once

#include <memory>
#include <string>

#include "models/audio/sound_rows.h"
#include "models/tasks/row_encoder.h"

namespace thaw {

// The sound of a row. std::runtime_error that begins with where the row is.
Sound sound_of(const InputRow& row);

class SoundEncoder : public RowEncoder {
 public:
  // Without a preprocessor_config.json sounds are heard as is usual for the model's family, in its bins and length.
  // std::runtime_error naming it if it makes other log-mels than the model hears.
  SoundEncoder(const std::string& directory, const SoundLimits& limits);

  const Processor& processor() const override { return *files_; }
  // std::runtime_error, too: the sound is longer than the model takes.
  Encoding encode(const InputRow& row) const override;
  Encoding encode_again(const InputRow&, const Encoding& other) const override { return other; }
  Encoding longest() const override;
  void show(const Encoding& example, ShownExample& shown) const override;
  std::unique_ptr<RowNotes> notes() const override;
  Fingerprint identity() const override;
  ExampleWords words() const override {
    return {"sound", limits_.features == SoundFeatures::ast ? "patches" : "positions"};
  }

 private:
  SoundLimits limits_;
  std::shared_ptr<const SoundHearing> hearing_;
  std::shared_ptr<const Processor> files_;
};

}  // namespace thaw
