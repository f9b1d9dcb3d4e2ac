// SPDX-License-Identifier: Apache-2.0
// Rows of a JSONL file as they are: an object a line, with any values in it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "models/data/line_reader.h"
#include "tensor/io/json.h"

namespace thaw {

class JsonRows {
 public:
  explicit JsonRows(LineReader lines) : lines_(std::move(lines)) {}

  // The next row; false at the end. Lines without anything are passed over. Throws std::runtime_error "FILE:LINE: ..."
  // on what is no object. NaN and infinities are read, for columns that nobody asks for: Json::get_number refuses them.
  // Every getter of the row names file, line and key: "train.jsonl:7: tokens[3]: expected a string, found 12".
  bool next(Json& row);

  const std::string& text() const { return line_; }  // of the last row
  const std::string& name() const { return lines_.name(); }
  int64_t number() const { return lines_.number(); }    // of the last row's line, from 1
  std::string where() const { return lines_.where(); }  // "FILE:LINE" of the last row

 private:
  void check_ends(const std::string& line) const;

  LineReader lines_;
  std::string line_;
  bool any_row_ = false;
};

// A text of a row, or of an object in it: a string without NUL. Throws std::runtime_error "FILE:LINE: KEY: ...".
const std::string& text_member(const Json& object, JsonStep step);
// A list of such texts.
std::vector<std::string> texts_member(const Json& object, JsonStep step);

}  // namespace thaw
