// SPDX-License-Identifier: Apache-2.0
// Reads pairs.
#include "models/tasks/pairs/filed_pairs.h"

#include <utility>

namespace thaw {
namespace {

TableReading reading(const PairOptions& o) {
  TableReading reading;
  reading.columns = reading.text_columns = {o.file_column, o.text_column};
  return reading;
}

}  // namespace

FiledPairs::FiledPairs(const std::string& file, const PairOptions& o)
    : folder_(folder_of(file)), reader_(file, reading(o)) {}

bool FiledPairs::next(FiledPair& row) {
  TableRow read;
  if (!reader_.next(read)) return false;
  const std::string where = reader_.where(read);
  row.file = {.cells = {std::move(read.cells[0])}, .folder = folder_, .where = where};
  row.text = {.cells = {std::move(read.cells[1])}, .where = where};
  row.line = read.line;
  return true;
}

}  // namespace thaw
