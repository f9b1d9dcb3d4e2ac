// SPDX-License-Identifier: Apache-2.0
// Pictures of scenes as files: PPM (netpbm.sourceforge.net/doc/ppm.html), with 3 bytes a pixel.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace thaw {

inline constexpr std::string_view picture_extension = ".ppm";

// `rgb` is [height, width, 3]. std::runtime_error naming the file if it cannot be written.
void write_picture(const std::filesystem::path& path, std::span<const uint8_t> rgb, int height, int width);

// The pixels of a picture of a scene's size. std::runtime_error naming the file if it is none.
std::vector<uint8_t> read_scene_picture(const std::filesystem::path& path);

}  // namespace thaw
