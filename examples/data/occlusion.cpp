// SPDX-License-Identifier: Apache-2.0
// Covers patches, and reads what was said then.
#include "examples/data/occlusion.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "examples/data/scene_files.h"
#include "examples/data/tsv.h"
#include "models/data/table.h"
#include "models/image/picture_file.h"
#include "tensor/check.h"
#include "tensor/io/atomic_file.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

namespace fs = std::filesystem;

// The patch that begins there, and what is around it.
Picture covered(Picture picture, int64_t top, int64_t left, const CoverOptions& o) {
  const int64_t margin = (o.cover - o.patch) / 2;
  for (int64_t y = std::max<int64_t>(top - margin, 0); y < std::min(top + o.patch + margin, picture.height); ++y)
    for (int64_t x = std::max<int64_t>(left - margin, 0); x < std::min(left + o.patch + margin, picture.width); ++x)
      std::fill_n(picture.pixels.begin() + (y * picture.width + x) * picture.channels, picture.channels, covering_grey);
  return picture;
}

void write(const fs::path& path, const Picture& picture) {
  write_picture(path, picture.pixels, static_cast<int>(picture.height), static_cast<int>(picture.width));
}

// Whole and covered, as rows of the table; `where` is the row that the question comes from.
void add_question(const TableRow& row, const std::string& where, size_t number, const CoverOptions& o,
                  const fs::path& folder, Table& table) {
  const Picture whole = as_rgb(read_picture((o.table.parent_path() / row.cells[0]).string()));
  if (whole.height % o.patch != 0 || whole.width % o.patch != 0)
    fail("{}: patches of {} pixels do not divide a picture of {} x {}", where, o.patch, whole.height, whole.width);
  const auto add = [&](const std::string& name, const Picture& picture, const std::string& y, const std::string& x) {
    const std::string file = fmt::format("pictures/{}_{}{}", number, name, picture_extension);
    write(folder / file, picture);
    table.rows.push_back({file, row.cells[1], row.cells[2], row.cells[3], y, x});
  };
  add("whole", whole, "", "");
  for (int64_t y = 0; y < whole.height / o.patch; ++y)
    for (int64_t x = 0; x < whole.width / o.patch; ++x)
      add(fmt::format("{}_{}", y, x), covered(whole, y * o.patch, x * o.patch, o), std::to_string(y),
          std::to_string(x));
}

struct AskedRow {
  TableRow row;  // image, question, answer, kind
  std::string where;
};

// So many of each kind, the first ones about pictures that no other is about; where there are too few, about others.
std::vector<AskedRow> chosen(const CoverOptions& o) {
  std::vector<AskedRow> all;
  TableReader reader(o.table, {.columns = {"image", "question", "answer", "kind"}});
  for (TableRow row; reader.next(row);) all.push_back({row, reader.where(row)});
  std::map<std::string, size_t> taken;
  std::set<std::string> shown;
  std::set<size_t> places;
  for (const bool again : {false, true})
    for (size_t i = 0; i < all.size(); ++i) {
      const std::vector<std::string>& cells = all[i].row.cells;
      if (taken[cells[3]] == o.per_kind || (again ? places.contains(i) : shown.contains(cells[0]))) continue;
      ++taken[cells[3]];
      shown.insert(cells[0]);
      places.insert(i);
    }
  std::vector<AskedRow> rows;
  for (const size_t i : places) rows.push_back(all[i]);
  return rows;
}

int64_t number_in(const std::string& cell, const std::string& where) {
  int64_t number = 0;
  const auto [stop, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
  if (error != std::errc() || stop != cell.data() + cell.size() || number < 0 || number > 100'000)
    fail("{}: {} is no number of a patch", where, quote(cell));
  return number;
}

double probability_in(const std::string& cell, const std::string& where) {
  double number = 0;
  const auto [stop, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
  if (error != std::errc() || stop != cell.data() + cell.size() || !(number >= 0 && number <= 1))
    fail("{}: {} is no probability", where, quote(cell));
  return number;
}

}  // namespace

std::string write_covered_pictures(const CoverOptions& options) {
  check(options.patch > 0 && options.cover >= options.patch, "cover {}: is less than a patch of {} pixels",
        options.cover, options.patch);
  check((options.cover - options.patch) % 2 == 0, "cover {}: a patch of {} pixels has no place in its middle",
        options.cover, options.patch);
  ParentDirectories parents(options.output.string());
  AtomicDirectory folder(options.output.string());
  fs::create_directories(fs::path(folder.path()) / "pictures");
  Table table{{"image", "question", "answer", "kind", "row", "column"}, {}};
  size_t number = 0;
  for (const AskedRow& asked : chosen(options))
    add_question(asked.row, asked.where, number++, options, folder.path(), table);
  if (number == 0) fail("{}: has no rows", options.table.string());
  write_tsv(fs::path(folder.path()) / "table.tsv", table);
  folder.commit();
  parents.commit();
  return fmt::format("{}: {} questions, {} rows\n", (options.output / "table.tsv").string(), number, table.rows.size());
}

std::vector<Occlusion> occlusions_of(const fs::path& table, const fs::path& predictions) {
  TableReader pictures(table, {.columns = {"image", "question", "answer", "row", "column"}}), said(predictions);
  const Table head{said.columns(), {}};
  const size_t label = head.column("label", predictions);
  std::vector<Occlusion> all;
  size_t of_answer = 0;
  TableRow picture, told;
  while (pictures.next(picture)) {
    const std::string where = pictures.where(picture);
    if (!said.next(told)) fail("{}: ends before the prediction of {}", predictions.string(), where);
    const std::string &row = picture.cells[3], &column = picture.cells[4];
    if (row.empty()) of_answer = head.column(told.cells[label], predictions);
    if (!row.empty() && all.empty()) fail("{}: comes before a whole picture", where);
    const double probability = probability_in(told.cells[of_answer], said.where(told));
    if (row.empty()) {
      all.push_back({.image = picture.cells[0],
                     .question = picture.cells[1],
                     .answer = picture.cells[2],
                     .said = told.cells[label],
                     .probability = probability,
                     .drops = {}});
      continue;
    }
    Occlusion& last = all.back();
    last.rows = std::max(last.rows, number_in(row, where) + 1);
    last.columns = std::max(last.columns, number_in(column, where) + 1);
    last.drops.push_back(last.probability - probability);
  }
  if (said.next(told)) fail("{}: is of no row of {}", said.where(told), table.string());
  if (all.empty()) fail("{}: has no rows below its header", table.string());
  for (const Occlusion& one : all)
    if (one.rows == 0 || std::ssize(one.drops) != one.rows * one.columns)
      fail("{}: {} has {} covered pictures for {} x {} patches", table.string(), one.image, one.drops.size(), one.rows,
           one.columns);
  return all;
}

}  // namespace thaw
