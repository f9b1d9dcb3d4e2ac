// SPDX-License-Identifier: Apache-2.0
// Remainders of sides.
#include "models/unseen_parts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstddef>
#include <cstdint>

namespace thaw {
namespace {

// Both have [height, width], of films [frames, height, width].
std::vector<std::string> notes_of(const Shape& patch, const Shape& whole, const char* things) {
  std::vector<std::string> left;
  int64_t all = 0;
  for (int64_t side = 0; side < whole.rank(); ++side) {
    const int64_t rest = whole[side] % patch[side];
    left.push_back(fmt::format("{} of {}", rest, whole[side]));
    all += rest;
  }
  if (all == 0) return {};
  const size_t rows = left.size() - 2;
  return {fmt::format("patches of {} do not divide {} of {}: {}{} rows and {} columns of pixels are never seen",
                      fmt::join(patch, " x "), things, fmt::join(whole, " x "), rows > 0 ? left[0] + " frames, " : "",
                      left[rows], left[rows + 1])};
}

std::vector<std::string> notes_on(const PatchLimits& pictures) {
  return notes_of(pictures.patch, pictures.picture, "pictures");
}
std::vector<std::string> notes_on(const SoundLimits&) { return {}; }
std::vector<std::string> notes_on(const FilmLimits& films) { return notes_of(films.block, films.film, "films"); }

}  // namespace

std::vector<std::string> notes_of_unseen(const FileLimits& files) {
  return of_files(files, [](const auto& one) { return notes_on(one); });
}

}  // namespace thaw
