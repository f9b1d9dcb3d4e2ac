// SPDX-License-Identifier: Apache-2.0
// What a model reads of files, by what is in them. A medium is one of the variant; another one needs, as the compiler
// then says, what is overloaded for each: usual_processor and seen_sizes (in its folder), notes_of_unseen
// (unseen_parts.h) and a RowEncoder (tasks/file_encoder.cpp).
#pragma once

#include <stdexcept>
#include <type_traits>
#include <variant>
#include <vector>

#include "models/audio/sound_rows.h"
#include "models/image/patch_limits.h"
#include "models/input/preprocessor_file.h"
#include "models/input/seen_rows.h"
#include "models/video/film_rows.h"

namespace thaw {

using FileLimits = std::variant<std::monostate, PatchLimits, SoundLimits, FilmLimits>;  // the first: it reads none

// f(limits), of the one that they are. std::invalid_argument if the model reads no files.
template <typename F>
auto of_files(const FileLimits& limits, const F& f) {
  using Result = std::invoke_result_t<F, const PatchLimits&>;
  return std::visit(
      [&](const auto& one) -> Result {
        if constexpr (std::is_same_v<decltype(one), const std::monostate&>)
          throw std::invalid_argument("the model reads no files");
        else
          return f(one);
      },
      limits);
}

// How files are prepared where nobody says: what a new model has beside its weights.
inline PreprocessorFile usual_preprocessor(const FileLimits& limits) {
  return of_files(limits, [](const auto& one) { return PreprocessorFile(usual_processor(one).to_json()); });
}

// Of a file of the size that the model's positions are made for, and of another; the same where it reads no other.
inline std::vector<SeenRows> sizes_of(const FileLimits& limits) {
  return of_files(limits, [](const auto& one) { return seen_sizes(one); });
}

}  // namespace thaw
