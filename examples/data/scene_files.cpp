// SPDX-License-Identifier: Apache-2.0
// PPM files, as far as scenes need them.
#include "examples/data/scene_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "examples/data/scene.h"
#include "tensor/check.h"

namespace thaw {

void write_picture(const std::filesystem::path& path, std::span<const uint8_t> rgb, int height, int width) {
  std::ofstream file(path, std::ios::binary);
  file << fmt::format("P6\n{} {}\n255\n", width, height);
  file.write(reinterpret_cast<const char*>(rgb.data()), static_cast<std::streamsize>(rgb.size()));
  file.close();
  if (!file) fail("{}: cannot be written", path.string());
}

std::vector<uint8_t> read_scene_picture(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) fail("{}: cannot be read", path.string());
  std::string kind;
  int width = 0, height = 0, brightest = 0;
  if (!(file >> kind >> width >> height >> brightest) || kind != "P6" || brightest != 255)
    fail("{}: is no PPM file with 3 bytes a pixel", path.string());
  if (width != height || std::find(scene_canvases.begin(), scene_canvases.end(), width) == scene_canvases.end())
    fail("{}: has {} x {} pixels; scenes have 18 x 18, 36 x 36 or 60 x 60", path.string(), height, width);
  file.get();  // the line break
  std::vector<uint8_t> rgb(static_cast<size_t>(height * width * 3));
  if (!file.read(reinterpret_cast<char*>(rgb.data()), static_cast<std::streamsize>(rgb.size())))
    fail("{}: is cut off", path.string());
  return rgb;
}

}  // namespace thaw
