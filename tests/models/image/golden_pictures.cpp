// SPDX-License-Identifier: Apache-2.0
// Pictures as Pillow and the reference library's processors make them: bytes of files, of other sizes, pixel values.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "models/image/picture_file.h"
#include "models/image/processor.h"
#include "models/image/resize.h"
#include "tensor/io/json.h"
#include "tensor/io/safetensors.h"
#include "tests/goldens.h"

using namespace thaw;

namespace {

std::string folder() { return (golden_dir() / "images").string(); }

const SafetensorsFile& expected() {
  static const SafetensorsFile file(folder() + "/expected.safetensors");
  return file;
}

// Of a tensor [height, width, 3] of bytes, or of one of several.
Picture picture_of(const SafetensorsEntry& entry, int64_t number = 0) {
  const size_t rank = entry.shape.size();
  Picture picture{entry.shape[rank - 3], entry.shape[rank - 2], entry.shape[rank - 1], {}};
  const auto count = static_cast<size_t>(picture.height * picture.width * picture.channels);
  picture.pixels.resize(count);
  std::memcpy(picture.pixels.data(), entry.bytes.data() + count * static_cast<size_t>(number), count);
  return picture;
}

std::vector<std::string> parts_of(const std::string& name) {
  std::vector<std::string> parts{""};
  for (const char c : name) {
    if (c == '.') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

// Do f(entry, parts of its name) for those whose name begins so and has so many parts.
template <typename F>
int for_entries(const std::string& first, size_t count, const F& f) {
  int found = 0;
  for (const SafetensorsEntry& entry : expected().entries()) {
    const std::vector<std::string> parts = parts_of(entry.name);
    if (parts[0] != first || parts.size() != count) continue;
    INFO(entry.name);
    f(entry, parts);
    ++found;
  }
  return found;
}

void check_values(const PixelValues& got, const SafetensorsEntry& entry, int64_t number) {
  const size_t rank = entry.shape.size();
  REQUIRE(std::vector<int64_t>(entry.shape.end() - 3, entry.shape.end()) ==
          std::vector<int64_t>{got.channels, got.height, got.width});
  REQUIRE(rank >= 3);
  std::vector<float> want(got.values.size());
  std::memcpy(want.data(), entry.bytes.data() + static_cast<size_t>(number) * want.size() * sizeof(float),
              want.size() * sizeof(float));
  float largest = 0;
  for (size_t i = 0; i < want.size(); ++i) largest = std::max(largest, std::fabs(got.values[i] - want[i]));
  CHECK(largest <= 1e-6F);
}

// The folders of processors beside the pictures.
std::vector<std::string> processors() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder()))
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  return names;
}

}  // namespace

TEST_CASE("golden pictures: PNG and JPEG files are read to the byte") {
  if (!has_golden("images")) return;
  if (png_is_built()) {
    CHECK(for_entries("rgb", 2, [](const SafetensorsEntry& entry, const std::vector<std::string>& parts) {
            CHECK(as_rgb(read_picture(folder() + "/" + parts[1] + ".png")) == picture_of(entry));
          }) > 0);
  }
  if (jpeg_is_built()) {
    CHECK(for_entries("jpeg", 2, [](const SafetensorsEntry& entry, const std::vector<std::string>& parts) {
            CHECK(as_rgb(read_picture(folder() + "/" + parts[1] + ".jpg")) == picture_of(entry));
          }) > 0);
  }
}

TEST_CASE("golden pictures: other sizes are equal to the byte") {
  if (!has_golden("images")) return;
  const int count = for_entries("resize", 4, [](const SafetensorsEntry& entry, const std::vector<std::string>& parts) {
    REQUIRE((parts[2] == "bilinear" || parts[2] == "bicubic"));
    const auto filter = parts[2] == "bilinear" ? PictureFilter::bilinear : PictureFilter::bicubic;
    const Picture from = picture_of(expected().at("rgb." + parts[1]));
    CHECK(resized(from, entry.shape[0], entry.shape[1], filter) == picture_of(entry));
  });
  CHECK(count > 0);
}

TEST_CASE("golden pictures: pixel values of processors, whose files are written as they were") {
  if (!has_golden("images")) return;
  int checked = 0;
  for (const std::string& name : processors()) {
    INFO(name);
    const Json file = Json::read(folder() + "/" + name + "/preprocessor_config.json");
    const ImageProcessor processor = find_image_processor(folder() + "/" + name, ProcessorKind::vit).value();
    CHECK(processor.to_json() == file);
    checked += for_entries(name, 3, [&](const SafetensorsEntry& entry, const std::vector<std::string>& parts) {
      check_values(processor(picture_of(expected().at("rgb." + parts[1])), "a picture"), entry, 0);
    });
    checked += for_entries(name, 2, [&](const SafetensorsEntry& entry, const std::vector<std::string>& parts) {
      if (parts[1] != "pixel_values") return;
      const SafetensorsEntry* frames = expected().find(name + ".frames");
      REQUIRE(frames);
      for (int64_t i = 0; i < entry.shape[0]; ++i) check_values(processor(picture_of(*frames, i), "a film"), entry, i);
    });
  }
  CHECK(checked > 0);
}
