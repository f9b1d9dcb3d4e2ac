// SPDX-License-Identifier: Apache-2.0
// Goes through folders, and through files of many pictures.
#include "models/tasks/classification/picture_sources.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>
#include <vector>

#include "models/data/file_extension.h"
#include "tensor/check.h"

namespace thaw {
namespace {

namespace fs = std::filesystem;

// In the order of their names.
std::vector<fs::path> entries_of(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> entries;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (!entry->path().filename().string().starts_with(".")) entries.push_back(entry->path());
  if (error) fail("{}: cannot be read: {}", folder.string(), error.message());
  std::ranges::sort(entries);
  return entries;
}

class ClassFolders : public LabelledSource {
 public:
  explicit ClassFolders(const std::string& folder) {
    for (const fs::path& of_class : entries_of(folder)) {
      if (!fs::is_directory(of_class)) continue;
      const size_t before = pictures_.size();
      for (const fs::path& picture : entries_of(of_class))
        if (names_a_picture(picture.string())) pictures_.push_back({picture.string(), of_class.filename().string()});
      if (pictures_.size() == before) fail("{}: has no pictures (PNG, JPEG, PPM or PGM)", of_class.string());
    }
    if (pictures_.empty()) fail("{}: has no folders of pictures, one for each class", folder);
  }

  bool next(LabelledRow& row) override {
    if (next_ == pictures_.size()) return false;
    const auto& [path, label] = pictures_[next_++];
    row = {.input = {.cells = {path}, .where = path}, .label = label, .line = static_cast<int64_t>(next_)};
    return true;
  }

 private:
  struct Labelled {
    std::string path, label;
  };
  std::vector<Labelled> pictures_;
  size_t next_ = 0;
};

class FileOfPictures : public LabelledSource {
 public:
  FileOfPictures(const std::string& path, Answers labels) : path_(path), pictures_(read_pictures(path, labels)) {}

  bool next(LabelledRow& row) override {
    if (next_ == pictures_.count()) return false;
    const auto begin = pictures_.pixels.begin() + next_ * pictures_.numbers();
    auto picture = std::make_shared<Picture>(
        Picture{pictures_.height, pictures_.width, pictures_.channels, {begin, begin + pictures_.numbers()}});
    row.label = pictures_.labels.empty() ? "" : std::to_string(pictures_.labels[static_cast<size_t>(next_)]);
    row.line = ++next_;
    const std::string where = fmt::format("{}, picture {}", path_, next_);
    row.input = {.cells = {where}, .picture = std::move(picture), .where = where};
    return true;
  }

 private:
  std::string path_;
  LabelledPictures pictures_;
  int64_t next_ = 0;
};

}  // namespace

bool names_a_picture(const std::string& path) {
  constexpr std::array endings{".png", ".jpg", ".jpeg", ".ppm", ".pgm"};
  const std::string own = content_extension(path);
  return std::ranges::find(endings, own) != endings.end();
}

std::unique_ptr<LabelledSource> open_pictures(const std::string& path, Answers labels) {
  if (fs::is_directory(path)) return std::make_unique<ClassFolders>(path);
  if (names_pictures(path)) return std::make_unique<FileOfPictures>(path, labels);
  return nullptr;
}

}  // namespace thaw
