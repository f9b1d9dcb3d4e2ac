// SPDX-License-Identifier: Apache-2.0
// Tables of delimited fields: TSV, CSV (RFC 4180), and plain lines.
#include <algorithm>
#include <utility>

#include "models/data/file_kind.h"
#include "models/data/table_source.h"
#include "tensor/check.h"

namespace thaw {
namespace {

// Fields between tabs.
void split_tabs(const std::string& line, std::vector<std::string>& fields) {
  fields.clear();
  size_t begin = 0;
  for (size_t tab = line.find('\t'); tab != std::string::npos; tab = line.find('\t', begin)) {
    fields.emplace_back(line, begin, tab - begin);
    begin = tab + 1;
  }
  fields.emplace_back(line, begin);
}

class DelimitedSource : public TableSource {
 public:
  DelimitedSource(LineReader lines, TableFormat format) : lines_(std::move(lines)), format_(format) {}

  std::vector<std::string> header() override {
    if (format_ == TableFormat::lines) {
      width_ = 1;
      return {"text"};
    }
    std::string line;
    do {
      if (!lines_.next(line)) fail("{}: is empty, not even a header line", name());
    } while (is_blank(line));
    if (const std::string kind = foreign_header(line); !kind.empty()) fail("{}: {}", name(), kind);
    if (line.find('\r') != std::string::npos)
      fail("{}: has a CR inside: do the lines end in CR alone? Save the file with LF or CRLF", lines_.where());
    split(line);
    width_ = fields_.size();
    return fields_;
  }

  const std::string& name() const override { return lines_.name(); }

  bool next(TableRow& row, const std::vector<size_t>& chosen) override {
    do {
      if (!lines_.next(line_)) return false;
    } while (width_ > 1 && is_blank(line_));
    row.line = lines_.number();
    split(line_);
    if (fields_.size() != width_)
      fail("{}:{}: {} field{}, the header has {}{}", name(), row.line, fields_.size(), fields_.size() == 1 ? "" : "s",
           width_, line_.find('\r') == std::string::npos ? "" : " (the line has a CR inside)");
    row.cells.clear();
    for (const size_t column : chosen) row.cells.push_back(fields_[column]);
    return true;
  }

 private:
  // Nothing, or nothing but blanks that separate nothing: in a table of several columns no row.
  bool is_blank(const std::string& line) const {
    return line.find_first_not_of(format_ == TableFormat::csv ? " \t" : " ") == std::string::npos;
  }

  void split(std::string& line) {
    if (format_ == TableFormat::csv) {
      split_csv(line);
    } else if (format_ == TableFormat::tsv) {
      split_tabs(line, fields_);
    } else {
      fields_.assign(1, line);
    }
  }

  // Fields between commas. A quoted field may go on over several lines, which are then read here.
  void split_csv(std::string& line) {
    fields_.clear();
    size_t at = 0;
    for (bool more = true; more;) {
      std::string& field = fields_.emplace_back();
      if (at < line.size() && line[at] == '"') {
        at = quoted_field(line, at + 1, field);
      } else {
        const size_t end = std::min(line.find(',', at), line.size());
        field.assign(line, at, end - at);
        if (field.find('"') != std::string::npos)
          fail("{}: field {} has a quote but does not begin with one", lines_.where(), fields_.size());
        at = end;
      }
      more = at < line.size();  // at the comma
      ++at;
    }
  }

  // From behind the opening quote; returns where the comma or the end of the line is.
  size_t quoted_field(std::string& line, size_t at, std::string& field) {
    const std::string opened = lines_.where();
    while (true) {
      const size_t quote = line.find('"', at);
      field.append(line, at, std::min(quote, line.size()) - at);
      if (field.size() > LineReader::max_line_bytes)
        fail("{}: the quoted field {} is longer than {} MB", opened, fields_.size(), LineReader::max_line_bytes >> 20);
      if (quote == std::string::npos) {
        if (!lines_.next(line)) fail("{}: the quote that opens field {} is never closed", opened, fields_.size());
        field += '\n';
        at = 0;
      } else if (quote + 1 < line.size() && line[quote + 1] == '"') {
        field += '"';
        at = quote + 2;
      } else if (quote + 1 == line.size() || line[quote + 1] == ',') {
        return quote + 1;
      } else {
        fail("{}: field {} goes on after its closing quote", lines_.where(), fields_.size());
      }
    }
  }

  LineReader lines_;
  TableFormat format_;
  size_t width_ = 0;
  std::string line_;
  std::vector<std::string> fields_;
};

}  // namespace

std::unique_ptr<TableSource> make_delimited_source(LineReader lines, TableFormat format) {
  return std::make_unique<DelimitedSource>(std::move(lines), format);
}

}  // namespace thaw
