// SPDX-License-Identifier: Apache-2.0
// Pictures as files: PNG, JPEG, PPM and PGM are read, PNG is written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "models/image/picture.h"

namespace thaw {

constexpr uint64_t max_picture_bytes = uint64_t{2} << 30;  // of a file

// Reads a picture; its first bytes say what it is, not its name.
//   PNG   any kind; 16 bits lose the lower 8; what is transparent is laid over white; gamma and colour profiles are
//         ignored, as Pillow does
//   JPEG  grey or colour, baseline or progressive, decoded as libjpeg-turbo does by default; CMYK is an error. EXIF's
//         orientation is ignored, as the reference library does: a picture that was taken with the camera on its side
//         stays so
//   PPM, PGM  plain or binary (P2, P3, P5, P6); values are scaled from 0..maxval to 0..255
// Throws std::runtime_error "PATH: what is wrong" in one line: no such file, another format, a picture that is damaged
// or cut off, one of more than max_picture_pixels or of more than its bytes can hold. What stands behind a whole
// picture is passed over.
Picture read_picture(const std::string& path);
// The same of bytes in memory; `name` stands for the path in messages.
Picture parse_picture(std::string_view bytes, const std::string& name);

// Writes a PNG file, which appears whole or not at all. std::runtime_error "PATH: why" if it cannot be written.
void write_png(const std::string& path, const Picture& picture);

// Its bytes; `name` stands for the path in messages.
std::string png_bytes(const Picture& picture, const std::string& name);

// Was thaw built with libpng, with libjpeg? Without, such files are an error that says so.
bool png_is_built();
bool jpeg_is_built();

}  // namespace thaw
