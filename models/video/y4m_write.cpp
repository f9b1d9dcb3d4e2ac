// SPDX-License-Identifier: Apache-2.0
// Writes films in the colours of BT.601, limited range.
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "models/video/bt601.h"
#include "models/video/y4m.h"
#include "tensor/check.h"
#include "tensor/io/atomic_file.h"

namespace thaw {
namespace {

// One frame's colours, pixel by pixel.
std::vector<YCbCr> colours_of(const Film& film, int64_t frame) {
  std::vector<YCbCr> colours(static_cast<size_t>(film.height * film.width));
  const uint8_t* pixel = film.pixels.data() + frame * film.frame_bytes();
  for (YCbCr& colour : colours) {
    colour = ycbcr_of({pixel[0], pixel[1], pixel[2]}, limited_range);
    pixel += 3;
  }
  return colours;
}

// The mean of a part of each colour over blocks of `side` x `side` pixels.
std::string plane(const std::vector<YCbCr>& colours, const Film& film, double YCbCr::*part, int64_t side) {
  std::string bytes;
  for (int64_t top = 0; top < film.height; top += side)
    for (int64_t left = 0; left < film.width; left += side) {
      const int64_t bottom = std::min(top + side, film.height), right = std::min(left + side, film.width);
      double sum = 0;
      for (int64_t y = top; y < bottom; ++y)
        for (int64_t x = left; x < right; ++x) sum += colours[static_cast<size_t>(y * film.width + x)].*part;
      bytes += static_cast<char>(to_byte(sum / static_cast<double>((bottom - top) * (right - left))));
    }
  return bytes;
}

}  // namespace

std::string y4m_bytes(const Film& film, FilmChroma chroma) {
  check(film.frames >= 1 && std::min(film.height, film.width) >= 1 &&
            std::max(film.height, film.width) <= most_film_side && film.rate >= 0 && film.rate_base >= 1 &&
            film.frames <= most_film_bytes / film.frame_bytes() &&
            std::ssize(film.pixels) == film.frames * film.frame_bytes(),
        "a film of {} frames of {} x {} pixels, {} / {} a second, with {} bytes", film.frames, film.width, film.height,
        film.rate, film.rate_base, film.pixels.size());
  std::string bytes = fmt::format("YUV4MPEG2 W{} H{} F{}:{} Ip A1:1 {}\n", film.width, film.height, film.rate,
                                  film.rate > 0 ? film.rate_base : 0, chroma == FilmChroma::full ? "C444" : "C420jpeg");
  for (int64_t frame = 0; frame < film.frames; ++frame) {
    const std::vector<YCbCr> colours = colours_of(film, frame);
    const int64_t side = chroma == FilmChroma::full ? 1 : 2;
    bytes += "FRAME\n" + plane(colours, film, &YCbCr::y, 1) + plane(colours, film, &YCbCr::cb, side) +
             plane(colours, film, &YCbCr::cr, side);
  }
  return bytes;
}

void write_y4m(const std::string& path, const Film& film, FilmChroma chroma) try {
  write_file_atomically(path, y4m_bytes(film, chroma));
} catch (const std::invalid_argument& error) {
  throw std::invalid_argument(fmt::format("{}: {}", path, error.what()));
}

}  // namespace thaw
