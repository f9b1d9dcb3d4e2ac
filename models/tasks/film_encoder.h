// SPDX-License-Identifier: Apache-2.0
// Films to the blocks of frames that a model reads: a directory's image processor, held to the model.
#pragma once

#include <memory>
#include <string>

#include "models/tasks/row_encoder.h"
#include "models/video/film_rows.h"

namespace thaw {

// The film of a row. std::runtime_error that begins with where the row is.
Film film_of(const InputRow& row);

class FilmEncoder : public RowEncoder {
 public:
  // Without a preprocessor_config.json frames are prepared as is usual for the model's family, in the size that it
  // reads. std::runtime_error naming the directory if its file makes other channels or sizes than the model reads, or
  // if the model reads films that are larger than those of files may be.
  FilmEncoder(const std::string& directory, const FilmLimits& limits);

  const Processor& processor() const override { return *files_; }
  Encoding encode(const InputRow& row) const override;
  Encoding encode_again(const InputRow&, const Encoding& other) const override { return other; }
  Encoding longest() const override;
  void show(const Encoding& example, ShownExample& shown) const override;
  std::unique_ptr<RowNotes> notes() const override;
  Fingerprint identity() const override;
  ExampleWords words() const override { return {"film", "blocks"}; }

 private:
  std::shared_ptr<const FilmCutting> cutting_;
  std::shared_ptr<const Processor> files_;
};

}  // namespace thaw
