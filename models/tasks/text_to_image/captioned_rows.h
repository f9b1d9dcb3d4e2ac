// SPDX-License-Identifier: Apache-2.0
// Reads tables of captions and pictures.
#pragma once

#include <cstdint>
#include <string>

#include "models/data/table.h"
#include "models/image/picture.h"
#include "models/image_tokens.h"
#include "models/tasks/row_encoder.h"
#include "models/tasks/text_to_image/options.h"

namespace thaw {

// Its cell is the picture's path.
struct CaptionedRow : InputRow {
  std::string caption;
  int64_t line = 0;
};

class CaptionedRows {
 public:
  // Paths are of the folder that the table is in, where they do not begin with a "/". Errors as TableReader's.
  CaptionedRows(const std::string& file, const TextToImageOptions& options);
  bool next(CaptionedRow& row);

 private:
  std::string folder_;
  TableReader rows_;
};

// The row's picture with three channels. std::runtime_error that begins with where the row is.
Picture picture_of(const CaptionedRow& row);
// The colour of pixel number i, row by row, of a picture with three channels.
PaletteColour colour_at(const Picture& picture, int64_t i);

}  // namespace thaw
