// SPDX-License-Identifier: Apache-2.0
// Chooses by what the model reads.
#include "models/tasks/file_encoder.h"

#include <utility>

#include "models/hub/bare_change.h"
#include "models/tasks/film_encoder.h"
#include "models/tasks/picture_encoder.h"
#include "models/tasks/question_encoder.h"
#include "models/tasks/sound_encoder.h"

namespace thaw {

std::shared_ptr<const RowEncoder> open_file_encoder(const std::string& directory, const TextLimits& limits) {
  const std::string files = tokenizer_directory(directory);
  if (limits.patches) return std::make_shared<PictureEncoder>(files, *limits.patches);
  if (limits.sounds) return std::make_shared<SoundEncoder>(files, *limits.sounds);
  if (limits.films) return std::make_shared<FilmEncoder>(files, *limits.films);
  return nullptr;
}

std::shared_ptr<const RowEncoder> open_row_encoder(const std::string& directory, const TextLimits& limits,
                                                   std::shared_ptr<const TextEncoder> texts) {
  std::shared_ptr<const RowEncoder> files = open_file_encoder(directory, limits);
  if (!files) return texts;
  if (!texts) return files;
  return std::make_shared<QuestionEncoder>(std::move(texts), std::move(files), *limits.patches);
}

}  // namespace thaw
