// SPDX-License-Identifier: Apache-2.0
// Pictures of scenes as PNG files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace thaw {

inline constexpr std::string_view picture_extension = ".png";

// `rgb` is [height, width, 3]. std::runtime_error naming the file if it cannot be written.
void write_picture(const std::filesystem::path& path, const std::vector<uint8_t>& rgb, int height, int width);

// The pixels of a picture of a scene's size. std::runtime_error naming the file if it is none.
std::vector<uint8_t> read_scene_picture(const std::filesystem::path& path);

}  // namespace thaw
