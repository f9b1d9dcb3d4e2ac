// SPDX-License-Identifier: Apache-2.0
// Finds pictures, damages them, writes tables of them.
#include "examples/data/damaged_pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "examples/data/file_set.h"
#include "examples/data/hash_split.h"
#include "examples/data/picture_damage.h"
#include "examples/data/tsv.h"
#include "models/image/picture_file.h"
#include "models/image/resize.h"
#include "tensor/check.h"
#include "tensor/io/atomic_file.h"
#include "tensor/io/crc32c.h"

namespace thaw {
namespace {

namespace fs = std::filesystem;

// Relative to the folder, in the order of their names.
std::vector<fs::path> pictures_below(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> found;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (entry->path().extension() == ".png") found.push_back(entry->path().lexically_relative(folder));
  if (error) fail("{}: cannot be read: {}", folder.string(), error.message());
  if (found.empty()) fail("{}: has no PNG files", folder.string());
  std::ranges::sort(found);
  return found;
}

// What related pictures have in common.
std::string family_of(const fs::path& path) {
  const std::string name = path.stem().string();
  return name.substr(0, name.find('_'));
}

class DamagedSet {
 public:
  explicit DamagedSet(fs::path folder) : folder_(std::move(folder)) {
    fs::create_directories(folder_ / "pictures");
    for (const Split split : all_splits) tables_[split].columns = {"image", "kind", "level", "score", "group", "name"};
  }

  void add(const Picture& whole, const fs::path& name) {
    const std::string number = fmt::format("{:04}", pictures_++);
    Table& table = tables_[split_of(family_of(name))];
    const std::string untouched = write(whole, number + "_0");
    for (size_t kind = 0; kind < damage_names.size(); ++kind) {
      const std::string word(damage_names[kind]), group = fmt::format("{} {}", number, word);
      std::vector<std::vector<std::string>> rows;
      Picture before;
      for (int level = 0; level <= most_damage; ++level) {
        const uint64_t seed = crc32c(fmt::format("{} {} {}", name.generic_string(), word, level));
        Picture now = damaged(whole, static_cast<Damage>(kind), level, seed);
        if (now == before) continue;
        const std::string path = level == 0 ? untouched : write(now, fmt::format("{}_{}_{}", number, word, level));
        rows.push_back({path, word, std::to_string(level), std::to_string(-level), group, name.generic_string()});
        before = std::move(now);
      }
      if (rows.size() > 1) table.rows.insert(table.rows.end(), rows.begin(), rows.end());
    }
  }

  // Adds the tables, and tells of them, as files of `shown`.
  std::string finish(FileSet& files, const fs::path& shown) const {
    std::string told;
    for (const auto& [split, table] : tables_) {
      const std::string name = split_name(split) + ".tsv";
      if (table.rows.empty()) fail("{}: there are too few pictures: none is for {}", shown.string(), name);
      add_tsv(files, folder_ / name, table);
      told += fmt::format("{}: {} rows\n", (shown / name).string(), table.rows.size());
    }
    return told;
  }

 private:
  std::string write(const Picture& picture, const std::string& name) const {
    const std::string path = "pictures/" + name + ".png";
    write_png((folder_ / path).string(), picture);
    return path;
  }

  fs::path folder_;
  std::map<Split, Table> tables_;
  size_t pictures_ = 0;
};

}  // namespace

Picture on_square(const Picture& picture, int64_t side) {
  check(side > 0 && side <= 4096, "a square of {} x {} pixels cannot be", side, side);
  const int64_t longest = std::max(picture.height, picture.width);
  const auto fitting = [&](int64_t length) { return std::max<int64_t>(1, length * side / longest); };
  const Picture inside =
      as_rgb(resized(picture, fitting(picture.height), fitting(picture.width), PictureFilter::bilinear));
  Picture square{.height = side, .width = side};
  square.pixels.assign(static_cast<size_t>(3 * side * side), 255);
  const int64_t top = (side - inside.height) / 2, left = (side - inside.width) / 2;
  for (int64_t y = 0; y < inside.height; ++y)
    std::copy_n(inside.pixels.begin() + 3 * y * inside.width, 3 * inside.width,
                square.pixels.begin() + 3 * ((top + y) * side + left));
  return square;
}

std::string write_damaged_pictures(const DamagedPicturesOptions& options) {
  std::vector<fs::path> names = pictures_below(options.pictures);
  if (options.most > 0 && names.size() > options.most) names.resize(options.most);
  ParentDirectories parents(options.output.string());
  AtomicDirectory folder(options.output.string());
  DamagedSet set(folder.path());
  for (const fs::path& name : names)
    set.add(on_square(read_picture((options.pictures / name).string()), options.side), name);
  FileSet files;
  const std::string told = set.finish(files, options.output);
  files.commit();
  folder.commit();
  parents.commit();
  return told;
}

}  // namespace thaw
