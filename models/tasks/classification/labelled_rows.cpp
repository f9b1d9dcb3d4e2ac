// SPDX-License-Identifier: Apache-2.0
// Reading rows.
#include "models/tasks/classification/labelled_rows.h"

#include <utility>

#include "models/data/sequences/image_files.h"
#include "models/data/table.h"
#include "models/tasks/classification/file_sources.h"
#include "tensor/check.h"

namespace thaw {
namespace {

class TableSourceOfRows : public LabelledSource {
 public:
  TableSourceOfRows(const std::string& file, const ClassificationOptions& o, const FieldNames& called)
      : reader_(file, reading(o, called)) {
    if (o.reads != InputKind::texts) folder_ = folder_of(file);
  }

  bool next(LabelledRow& row) override {
    TableRow read;
    if (!reader_.next(read)) return false;
    row.label = std::move(read.cells.back());
    read.cells.pop_back();
    row.input = {.cells = std::move(read.cells), .folder = folder_, .where = reader_.where(read)};
    row.line = read.line;
    return true;
  }

 private:
  static TableReading reading(const ClassificationOptions& o, const FieldNames& called) {
    TableReading reading;
    reading.columns = reading.text_columns = o.input_columns();
    reading.columns.push_back(o.label_column);
    reading.list_separator = o.label_separator;
    reading.list_option = called("label_separator");
    reading.list_item = "a label";
    return reading;
  }

  TableReader reader_;
  std::string folder_;
};

}  // namespace

LabelledRows::LabelledRows(const std::string& file, const ClassificationOptions& o, const FieldNames& called) {
  source_ = open_file_source(file, o.reads);
  if (!source_) source_ = std::make_unique<TableSourceOfRows>(file, o, called);
}

void fail_without_rows(const std::string& file, const ClassificationOptions& options) {
  if (options.reads == InputKind::pictures && names_pictures(file)) fail("{}: has no pictures", file);
  fail("{}: has no rows below its header", file);
}

}  // namespace thaw
