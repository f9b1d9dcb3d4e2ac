// SPDX-License-Identifier: Apache-2.0
// Rows, and the pictures that they name.
#include "models/tasks/text_to_image/captioned_rows.h"

#include <utility>

#include "models/tasks/picture_encoder.h"

namespace thaw {
namespace {

TableReading reading(const TextToImageOptions& options) {
  TableReading reading;
  reading.columns = reading.text_columns = {options.text_column, options.image_column};
  return reading;
}

}  // namespace

CaptionedRows::CaptionedRows(const std::string& file, const TextToImageOptions& options)
    : folder_(folder_of(file)), rows_(file, reading(options)) {}

bool CaptionedRows::next(CaptionedRow& row) {
  TableRow cells;
  if (!rows_.next(cells)) return false;
  row.cells = {std::move(cells.cells[1])};
  row.folder = folder_;
  row.where = rows_.where(cells);
  row.caption = std::move(cells.cells[0]);
  row.line = cells.line;
  return true;
}

Picture picture_of(const CaptionedRow& row) { return as_rgb(picture_of(static_cast<const InputRow&>(row))); }

PaletteColour colour_at(const Picture& picture, int64_t i) {
  const uint8_t* pixel = picture.pixels.data() + 3 * i;
  return {pixel[0], pixel[1], pixel[2]};
}

}  // namespace thaw
