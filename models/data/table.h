// SPDX-License-Identifier: Apache-2.0
// Tables with column names from TSV, CSV and JSONL files, read row by row; every message names file and line.
//
// TSV: fields between tabs, as they are (a quote is a character like any other). CSV: RFC 4180, quotes and line breaks
// within them. JSONL: an object a line; the columns are the keys of the first; NaN is allowed where it is not asked
// for. Lines may end in CRLF, and a byte order mark may begin the file. Lines without anything are passed over, except
// where they are a cell: in TSV and CSV with one column, and in plain text. Gzip'd files are read as they are.
#pragma once

#include <cstdint>
#include <filesystem>
#include <istream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace thaw {

enum class TableFormat {
  tsv,
  csv,
  jsonl,
  lines,  // plain text, one column named "text"
};

// By extension: .tsv .tab, .csv, .jsonl .ndjson .json, .txt, in small or capital letters, also with .gz
// behind it. Anything else is a std::runtime_error that lists these (and `option`, if one may name the format), or says
// what the file is if that shows (models/data/file_kind.h).
TableFormat table_format(const std::filesystem::path& path, std::string_view option = "");
// "tsv", "csv", "jsonl", "lines"; else std::invalid_argument.
TableFormat table_format_named(std::string_view name);

struct TableRow {
  int64_t line = 0;  // where it begins in its file, from 1
  std::vector<std::string> cells;
};

struct TableReading {
  std::vector<std::string> columns;         // those wanted, in this order; empty: all
  std::string list_separator;               // JSON lists become one cell, joined by this; empty: a list is an error
  std::vector<std::string> text_columns;    // where a list is an error in any case
  std::vector<std::string> number_columns;  // the same, and messages expect a number
  // A JSON object with a key that the first has not is an error; one that it has not, or null, is an empty cell.
  bool same_keys = false;
  std::string format_option;  // the option that may name the format, for messages; empty: there is none
  std::string list_option = "list_separator";  // what messages call that field
  std::string list_item = "one of several";    // what messages call what lists are of
};

// What cuts a file of one format into rows.
class TableSource;

class TableReader {
 public:
  // Reads the header. Throws std::runtime_error "FILE: is empty", or that a wanted column is not there and which are.
  explicit TableReader(const std::filesystem::path& path, TableReading reading = {});
  // The same, whatever the extension.
  TableReader(const std::filesystem::path& path, TableFormat format, TableReading reading = {});
  // Of an open stream, which must outlive the reader; `name` stands for the path in messages.
  TableReader(std::istream& stream, const std::string& name, TableFormat format, TableReading reading = {});
  ~TableReader();
  TableReader(TableReader&&) noexcept;

  const std::vector<std::string>& columns() const { return columns_; }  // of the rows' cells
  // False at the end. Throws std::runtime_error "train.tsv:118: 3 fields, the header has 2".
  bool next(TableRow& row);
  // "FILE:LINE" of a row.
  std::string where(const TableRow& row) const;

 private:
  void choose_columns(const TableReading& reading);

  std::unique_ptr<TableSource> source_;
  std::vector<std::string> columns_;
  std::vector<size_t> chosen_;  // of the file's columns
};

// A whole table in memory.
struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  // each as long as `columns`

  // The index of a column. Throws std::runtime_error naming `file` and the columns that are there.
  size_t column(std::string_view name, const std::filesystem::path& file) const;
};

// All of a file. No rows below the header are an error too.
Table read_table(const std::filesystem::path& path);

}  // namespace thaw
