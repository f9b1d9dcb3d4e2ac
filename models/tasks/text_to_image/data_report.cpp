// SPDX-License-Identifier: Apache-2.0
// Looks at each picture.
#include "models/tasks/text_to_image/data_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "models/image/picture_rows.h"
#include "models/tasks/text_survey.h"
#include "models/tasks/text_to_image/captioned_rows.h"
#include "tensor/io/sha256.h"

namespace thaw {
namespace {

bool has_other_colours(const Picture& picture, const std::set<PaletteColour>& palette) {
  for (int64_t i = 0; i < picture.height * picture.width; ++i)
    if (!palette.contains(colour_at(picture, i))) return true;
  return false;
}

}  // namespace

DataReport report_captioned_pictures(const std::vector<DataSplit>& splits, const TextToImageOptions& options,
                                     const ImageTokens& tokens, const TextEncoder* encoder) {
  const std::set<PaletteColour> palette(tokens.palette.begin(), tokens.palette.end());
  DataReport report = report_of_rows(
      splits, encoder, "which will be cut",
      [&](const DataSplit& split, const TakeRow& take) -> std::vector<std::string> {
        Occurrence other_size, other_colours, no_tokens;
        CaptionedRows rows(split.file, options);
        for (CaptionedRow row; rows.next(row);) {
          const Picture picture = picture_of(row);
          const bool fits = picture.height == tokens.height && picture.width == tokens.width;
          if (!fits) other_size.add(row.where);
          if (fits && has_other_colours(picture, palette)) other_colours.add(row.where);
          // One caption may have several pictures: a row is told from others by both.
          SurveyedRow seen{row.caption, hexadecimal(picture_digest(picture)), {}, row.where};
          if (encoder) seen.tokens = encoder->encode_whole(row.caption, {});
          if (seen.tokens && seen.tokens->size() == 0) no_tokens.add(row.where);
          take(seen);
        }
        std::vector<std::string> own;
        warn(own, split.name, no_tokens, "captions without a token (an error in training)");
        warn(own, split.name, other_size, "pictures of another size (an error in training)");
        warn(own, split.name, other_colours, "pictures with colours that the model has not (an error in training)");
        return own;
      },
      "captions");
  report.text +=
      fmt::format("\npictures of {} x {} pixels, {} colours\n", tokens.height, tokens.width, tokens.palette.size());
  return report;
}

}  // namespace thaw
