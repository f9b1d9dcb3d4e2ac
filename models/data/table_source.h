// SPDX-License-Identifier: Apache-2.0
// One file format: cuts a file into header and rows. The formats differ, what is checked of a row does not.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "models/data/line_reader.h"
#include "models/data/table.h"

namespace thaw {

class TableSource {
 public:
  virtual ~TableSource() = default;

  // The names of the file's columns. Called once, before next().
  virtual std::vector<std::string> header() = 0;
  // The next row, one cell for each of the file's columns `chosen`; false at the end.
  virtual bool next(TableRow& row, const std::vector<size_t>& chosen) = 0;

  virtual const std::string& name() const = 0;  // of the file
};

std::unique_ptr<TableSource> make_delimited_source(LineReader lines, TableFormat format);  // tsv, csv, lines
std::unique_ptr<TableSource> make_jsonl_source(LineReader lines, const TableReading& reading);

}  // namespace thaw
