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

namespace {

using Encoder = std::shared_ptr<const RowEncoder>;

Encoder encoder_of(const std::string& files, const PatchLimits& limits) {
  return std::make_shared<PictureEncoder>(files, limits);
}
Encoder encoder_of(const std::string& files, const SoundLimits& limits) {
  return std::make_shared<SoundEncoder>(files, limits);
}
Encoder encoder_of(const std::string& files, const FilmLimits& limits) {
  return std::make_shared<FilmEncoder>(files, limits);
}

}  // namespace

std::shared_ptr<const RowEncoder> open_file_encoder(const std::string& directory, const TextLimits& limits) {
  if (!limits.reads_files()) return nullptr;
  return of_files(limits.files, [files = tokenizer_directory(directory)](const auto& one) -> Encoder {
    return encoder_of(files, one);
  });
}

std::shared_ptr<const RowEncoder> open_row_encoder(const std::string& directory, const TextLimits& limits,
                                                   std::shared_ptr<const TextEncoder> texts) {
  std::shared_ptr<const RowEncoder> files = open_file_encoder(directory, limits);
  if (!files) return texts;
  if (!texts) return files;
  return std::make_shared<QuestionEncoder>(std::move(texts), std::move(files), std::get<PatchLimits>(limits.files));
}

}  // namespace thaw
