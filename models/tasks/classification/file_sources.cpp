// SPDX-License-Identifier: Apache-2.0
// Goes through folders, and through files of many pictures.
#include "models/tasks/classification/file_sources.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include "models/data/sequences/image_files.h"
#include "models/tasks/medium.h"
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
  // Where labels are ignored, what lies in the folder itself, too.
  ClassFolders(const std::string& folder, const Medium& medium, Answers labels) {
    const std::string_view things = name_of(medium.reads);
    if (labels == Answers::ignored)
      for (const fs::path& file : entries_of(folder))
        if (!fs::is_directory(file) && medium.has(file.string())) files_.push_back({file.string(), ""});
    for (const fs::path& of_class : entries_of(folder)) {
      if (!fs::is_directory(of_class)) continue;
      const size_t before = files_.size();
      for (const fs::path& file : entries_of(of_class)) {
        if (fs::is_directory(file)) fail("{}: is a folder within that of a class", file.string());
        if (medium.has_others_like(file.string()))
          fail("{}: is not among what is read ({}): convert it, or take it away", file.string(),
               fmt::join(medium.endings, " "));
        if (medium.has(file.string())) files_.push_back({file.string(), of_class.filename().string()});
      }
      if (files_.size() == before && labels == Answers::needed)
        fail("{}: has no {} ({})", of_class.string(), things, fmt::join(medium.endings, " "));
    }
    if (files_.empty() && labels == Answers::ignored) fail("{}: has no {}", folder, things);
    if (files_.empty()) fail("{}: has no folders of {}, one for each class", folder, things);
  }

  bool next(LabelledRow& row) override {
    if (next_ == files_.size()) return false;
    const auto& [path, label] = files_[next_++];
    row = {.input = {.cells = {path}, .where = path}, .label = label, .line = static_cast<int64_t>(next_)};
    return true;
  }

 private:
  struct Labelled {
    std::string path, label;
  };
  std::vector<Labelled> files_;
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

std::unique_ptr<LabelledSource> open_file_source(const std::string& path, InputKind reads, Answers labels) {
  if (reads == InputKind::texts) return nullptr;
  if (fs::is_directory(path)) return std::make_unique<ClassFolders>(path, medium_of(reads), labels);
  if (reads == InputKind::pictures && names_pictures(path)) return std::make_unique<FileOfPictures>(path, labels);
  return nullptr;
}

}  // namespace thaw
