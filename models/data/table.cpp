// SPDX-License-Identifier: Apache-2.0
// Formats by name, the choice of columns, and whole tables.
#include "models/data/table.h"

#include <algorithm>
#include <set>

#include "models/data/file_extension.h"
#include "models/data/file_kind.h"
#include "models/data/table_source.h"
#include "models/data/unpacked_bytes.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

// What a header that was not cut may hold instead of its separator.
std::string separator_hint(const std::vector<std::string>& columns) {
  if (columns.size() != 1) return "";
  for (const auto& [separator, name] : {std::pair{';', "semicolons"}, {'\t', "tabs"}, {',', "commas"}})
    if (columns[0].find(separator) != std::string::npos)
      return fmt::format(": the header has {}: fields are separated by commas in .csv, by tabs in .tsv", name);
  return "";
}

// Empty if it is no file that can be read twice, too.
std::string kind_of(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return "is a directory, not a file";
  if (!std::filesystem::is_regular_file(path, error)) return "";
  UnpackedBytes file(path);
  std::string beginning(size_t{64} << 10, '\0');
  size_t size = 0;
  while (const size_t got = size < beginning.size() ? file.read(&beginning[size], beginning.size() - size) : 0)
    size += got;
  return foreign_kind(std::string_view(beginning).substr(0, size));
}

size_t column_index(const std::vector<std::string>& columns, std::string_view name, const std::string& file) {
  const auto found = std::ranges::find(columns, name);
  if (found == columns.end())
    fail("{}: has no column {} (it has: {}){}", file, quote(name), listed(columns), separator_hint(columns));
  return static_cast<size_t>(found - columns.begin());
}

// Throws if the file is no text in UTF-8, before its columns are looked for.
const std::filesystem::path& checked(const std::filesystem::path& path) {
  if (const std::string kind = kind_of(path); !kind.empty()) fail("{}: {}", path.string(), kind);
  return path;
}

std::unique_ptr<TableSource> make_source(LineReader lines, TableFormat format, const TableReading& reading) {
  if (format == TableFormat::jsonl) return make_jsonl_source(std::move(lines), reading);
  return make_delimited_source(std::move(lines), format);
}

}  // namespace

TableFormat table_format(const std::filesystem::path& path, std::string_view option) {
  const std::string extension = content_extension(path);
  if (extension == ".tsv" || extension == ".tab") return TableFormat::tsv;
  if (extension == ".csv") return TableFormat::csv;
  if (extension == ".jsonl" || extension == ".ndjson" || extension == ".json") return TableFormat::jsonl;
  if (extension == ".txt") return TableFormat::lines;
  fail("{}: what kind of table it is must show in its name: .tsv, .csv or .jsonl (.txt: one text a line){}",
       checked(path).string(), option.empty() ? "" : fmt::format(", or be said by {}", option));
}

TableFormat table_format_named(std::string_view name) {
  if (name == "tsv") return TableFormat::tsv;
  if (name == "csv") return TableFormat::csv;
  if (name == "jsonl") return TableFormat::jsonl;
  check(name == "lines", "unknown table format \"{}\": expected tsv, csv, jsonl or lines", name);
  return TableFormat::lines;
}

TableReader::TableReader(const std::filesystem::path& path, TableReading reading)
    : TableReader(path, table_format(path, reading.format_option), reading) {}

TableReader::TableReader(const std::filesystem::path& path, TableFormat format, TableReading reading)
    : source_(make_source(LineReader(checked(path)), format, reading)) {
  choose_columns(reading);
}

TableReader::TableReader(std::istream& stream, const std::string& name, TableFormat format, TableReading reading)
    : source_(make_source(LineReader(stream, name), format, reading)) {
  choose_columns(reading);
}

TableReader::~TableReader() = default;
TableReader::TableReader(TableReader&&) noexcept = default;

void TableReader::choose_columns(const TableReading& reading) {
  const std::vector<std::string> all = source_->header();
  std::set<std::string_view> seen;
  for (const std::string& column : all)
    if (!column.empty() && !seen.insert(column).second)
      fail("{}: the column {} is there twice", source_->name(), quote(column));
  columns_ = reading.columns.empty() ? all : reading.columns;
  for (const std::string& column : columns_) chosen_.push_back(column_index(all, column, source_->name()));
}

bool TableReader::next(TableRow& row) { return source_->next(row, chosen_); }

std::string TableReader::where(const TableRow& row) const { return fmt::format("{}:{}", source_->name(), row.line); }

size_t Table::column(std::string_view name, const std::filesystem::path& file) const {
  return column_index(columns, name, file.string());
}

Table read_table(const std::filesystem::path& path) {
  TableReader reader(path);
  Table table{reader.columns(), {}};
  TableRow row;
  while (reader.next(row)) table.rows.push_back(std::move(row.cells));
  if (table.rows.empty()) fail("{}: has no rows below its header", path.string());
  return table;
}

}  // namespace thaw
