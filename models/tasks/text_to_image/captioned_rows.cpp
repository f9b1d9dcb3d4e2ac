// SPDX-License-Identifier: Apache-2.0
// Rows, and the pictures that they name.
#include "models/tasks/text_to_image/captioned_rows.h"

#include <filesystem>
#include <stdexcept>
#include <utility>

#include "models/image/picture_file.h"
#include "models/tasks/row_encoder.h"
#include "tensor/check.h"

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
  row.where = rows_.where(cells);
  row.line = cells.line;
  row.caption = std::move(cells.cells[0]);
  row.picture = (std::filesystem::path(folder_) / cells.cells[1]).string();
  return true;
}

Picture picture_of(const CaptionedRow& row) try {
  return as_rgb(read_picture(row.picture));
} catch (const std::runtime_error& error) {
  fail("{}: {}", row.where, error.what());
}

PaletteColour colour_at(const Picture& picture, int64_t i) {
  const uint8_t* pixel = picture.pixels.data() + 3 * i;
  return {pixel[0], pixel[1], pixel[2]};
}

}  // namespace thaw
