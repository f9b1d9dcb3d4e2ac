// SPDX-License-Identifier: Apache-2.0
// Pictures to the patches that a model reads: a directory's image processor, held to the model.
#pragma once

#include <memory>
#include <string>

#include "models/image/picture_rows.h"
#include "models/tasks/row_encoder.h"
#include "models/text_model.h"

namespace thaw {

// The picture of a row. std::runtime_error that begins with where the row is.
Picture picture_of(const InputRow& row);

class PictureEncoder : public RowEncoder {
 public:
  // Without a preprocessor_config.json pictures are prepared as is usual for the model's family, in the size that its
  // positions are made for. std::runtime_error naming it if its numbers have other channels than the model reads.
  PictureEncoder(const std::string& directory, const PatchLimits& limits);

  const Processor& processor() const override { return *files_; }
  Encoding encode(const InputRow& row) const override;
  Encoding encode_again(const InputRow&, const Encoding& other) const override { return other; }
  Encoding longest() const override;
  void show(const Encoding& example, ShownExample& shown) const override;
  std::unique_ptr<RowNotes> notes() const override;
  Fingerprint identity() const override;
  ExampleWords words() const override { return {"picture", "patches"}; }

 private:
  PatchLimits limits_;
  std::shared_ptr<const PictureCutting> cutting_;
  std::shared_ptr<const Processor> files_;
};

}  // namespace thaw
