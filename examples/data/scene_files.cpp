// SPDX-License-Identifier: Apache-2.0
// PNG files, as far as scenes need them.
#include "examples/data/scene_files.h"

#include <algorithm>
#include <fstream>
#include <string>

#include "examples/data/scene.h"
#include "models/image/picture_file.h"
#include "tensor/check.h"

namespace thaw {

void write_picture(const std::filesystem::path& path, const std::vector<uint8_t>& rgb, int height, int width) {
  const std::string bytes = png_bytes({.height = height, .width = width, .pixels = rgb}, path.string());
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) fail("{}: cannot be written", path.string());
}

std::vector<uint8_t> read_scene_picture(const std::filesystem::path& path) {
  const Picture picture = as_rgb(read_picture(path.string()));
  if (picture.width != picture.height || std::ranges::find(scene_canvases, picture.width) == scene_canvases.end())
    fail("{}: has {} x {} pixels; scenes have 18 x 18, 36 x 36 or 60 x 60", path.string(), picture.height,
         picture.width);
  return picture.pixels;
}

}  // namespace thaw
