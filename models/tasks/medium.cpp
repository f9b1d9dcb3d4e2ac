// SPDX-License-Identifier: Apache-2.0
// The table of media.
#include "models/tasks/medium.h"

#include <algorithm>
#include <array>

#include "models/audio/sound_rows.h"
#include "models/data/file_extension.h"
#include "models/image/picture_rows.h"
#include "models/tasks/film_encoder.h"
#include "models/tasks/picture_encoder.h"
#include "models/tasks/sound_encoder.h"
#include "models/video/film_rows.h"
#include "tensor/check.h"
#include "tensor/io/sha256.h"

namespace thaw {
namespace {

using Endings = std::string_view[];

constexpr Endings pictures{".png", ".jpg", ".jpeg", ".ppm", ".pgm"};
constexpr Endings other_pictures{".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif", ".heic"};
constexpr Endings sounds{".wav", ".flac", ".ogg", ".opus"};
constexpr Endings other_sounds{".mp3", ".m4a", ".aac", ".wma", ".aif", ".aiff"};
constexpr Endings films{".y4m"};
constexpr Endings other_films{".mp4", ".mkv", ".webm", ".avi", ".mov", ".mpg", ".mpeg", ".m4v", ".ogv", ".gif"};

constexpr Medium media[] = {
    {InputKind::pictures, "ForImageClassification", "image", pictures, other_pictures,
     [](const InputRow& row) { return hexadecimal(picture_digest(picture_of(row))); }},
    {InputKind::sounds, "ForAudioClassification", "audio", sounds, other_sounds,
     [](const InputRow& row) { return hexadecimal(sound_digest(sound_of(row))); }},
    {InputKind::films, "ForVideoClassification", "video", films, other_films,
     [](const InputRow& row) { return hexadecimal(film_digest(film_of(row))); }},
};

bool ends_in(const std::string& path, std::span<const std::string_view> endings) {
  return std::ranges::find(endings, content_extension(path)) != endings.end();
}

}  // namespace

bool Medium::has(const std::string& path) const { return ends_in(path, endings); }

bool Medium::has_others_like(const std::string& path) const { return ends_in(path, others); }

const Medium& medium_of(InputKind reads) {
  if (reads == InputKind::questions) reads = InputKind::pictures;
  const auto* const found = std::ranges::find(media, reads, &Medium::reads);
  check(found != std::end(media), "{} are not in files", name_of(reads));
  return *found;
}

std::span<const Medium> all_media() { return media; }

}  // namespace thaw
