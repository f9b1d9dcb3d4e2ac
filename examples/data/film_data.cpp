// SPDX-License-Identifier: Apache-2.0
// Folders of films.
#include "examples/data/film_data.h"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <set>
#include <vector>

#include "examples/data/hash_split.h"
#include "examples/data/moving_shape.h"
#include "examples/data/tsv.h"
#include "models/video/y4m.h"
#include "tensor/check.h"
#include "tensor/io/atomic_file.h"

namespace thaw {
namespace {

namespace fs = std::filesystem;

void write_film(const fs::path& path, const Film& film) {
  const std::string bytes = y4m_bytes(film);
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) fail("{}: cannot be written", path.string());
}

// So many different beginnings that fall to the split.
std::vector<MovingShape> draw_beginnings(Split split, size_t count, Draw& draw) {
  std::vector<MovingShape> beginnings;
  for (std::set<MovingShape> seen; beginnings.size() < count;) {
    const MovingShape shape = draw_moving_shape(draw);
    if (split_of(key_of(shape)) == split && seen.insert(shape).second) beginnings.push_back(shape);
  }
  return beginnings;
}

// Writes the films of a split, and gives its table.
Table write_films(const fs::path& folder, const std::string& name, const std::vector<MovingShape>& beginnings,
                  Draw& draw) {
  fs::create_directories(folder / "films" / name);
  Table table{{"video", "label", "speed"}, {}};
  for (const MovingShape& beginning : beginnings)
    for (size_t i = 0; i < motions.size(); ++i) {
      const auto motion = static_cast<Motion>(i);
      const size_t pace = draw.below(paces.size());
      const std::string video = fmt::format("films/{}/{:05}.y4m", name, table.rows.size());
      write_film(folder / video, film_of(beginning, motion, static_cast<Pace>(pace)));
      table.rows.push_back(
          {video, std::string(motions[i]), std::string(motion == Motion::still ? "none" : paces[pace])});
    }
  return table;
}

Table moving(Table table) {
  std::erase_if(table.rows, [](const std::vector<std::string>& row) { return row.back() == "none"; });
  return table;
}

}  // namespace

std::string write_film_data(const FilmDataOptions& options) {
  ParentDirectories parents(options.output.string());
  AtomicDirectory folder(options.output.string());
  FileSet files;
  std::string told;
  const auto add = [&](const std::string& name, const Table& table) {
    add_tsv(files, fs::path(folder.path()) / name, table);
    told += fmt::format("{}: {} rows\n", (options.output / name).string(), table.rows.size());
  };
  const std::array counts{options.train, options.validation, options.test};
  for (size_t i = 0; i < all_splits.size(); ++i) {
    const std::string name = split_name(all_splits[i]);
    Draw draw(options.seed + (uint64_t{i} << 32)), pace_draw(~(options.seed + (uint64_t{i} << 32)));
    const Table table = write_films(folder.path(), name, draw_beginnings(all_splits[i], counts[i], draw), pace_draw);
    add(name + ".tsv", table);
    if (all_splits[i] != Split::validation) add("moving_" + name + ".tsv", moving(table));
  }
  files.commit();
  folder.commit();
  parents.commit();
  return told;
}

}  // namespace thaw
