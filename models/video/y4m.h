// SPDX-License-Identifier: Apache-2.0
// YUV4MPEG2 files (.y4m; mjpegtools, yuv4mpeg(5)): films without compression, which ffmpeg makes of any others:
//   ffmpeg -i film.mp4 -vf fps=8,scale=32:32 -pix_fmt yuv420p film.y4m
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "models/video/film.h"

namespace thaw {

constexpr int64_t most_film_side = 16'384;             // pixels of height and of width
constexpr int64_t most_film_bytes = int64_t{1} << 30;  // of a Film's pixels

// Of 8 bits, with colours in full (C444), of 2 x 2 (C420, C420jpeg, C420mpeg2, C420paldv), 2 x 1 (C422) or 4 x 1 pixels
// (C411), or none (Cmono). Colours are those of ITU-R BT.601 in its limited range (Y from 16 to 235), or in the full
// one if the file says XCOLORRANGE=FULL; each pixel has the colour that its block has, whatever the siting.
// std::runtime_error "PATH: ..." on anything else: other kinds, more bits, interlaced films, sizes beyond those above,
// no frames, and "PATH: frame N: ..." on one that begins with another word or is cut off.
Film read_y4m(const std::string& path);
// The same of a file's bytes; `path` names them in messages.
Film parse_y4m(std::string_view bytes, const std::string& path);

enum class FilmChroma {
  full,    // C444: a pixel is written as it is, but for the rounding to 8 bits of Y, Cb and Cr: at most 2 of 255 each
  blocks,  // C420jpeg: the mean colour of 2 x 2 pixels, or of as many as there are at the edges
};
// The file of a film, in the limited range. std::invalid_argument if the pixels are not as many as the sizes say.
std::string y4m_bytes(const Film& film, FilmChroma chroma = FilmChroma::blocks);
// Writes it; the file appears whole or not at all (tensor/io/atomic_file.h). std::runtime_error if it cannot be
// written.
void write_y4m(const std::string& path, const Film& film, FilmChroma chroma = FilmChroma::blocks);

}  // namespace thaw
