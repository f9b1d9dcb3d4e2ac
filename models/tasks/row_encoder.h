// SPDX-License-Identifier: Apache-2.0
// Rows of data to what a model reads of them, whatever that is: texts, pictures.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "models/image/picture.h"
#include "models/input/input_kind.h"
#include "models/input/processor.h"
#include "models/tasks/task_model.h"
#include "models/text/encoding.h"
#include "models/text/tokenizer.h"
#include "nn/train/fingerprint.h"

namespace thaw {

struct InputRow {
  std::vector<std::string> cells;               // of the columns that a model reads: texts, paths of files
  std::string folder = {};                      // that paths are of, where they do not begin with a "/"
  std::shared_ptr<const Picture> picture = {};  // in the place of a path: of files that hold many pictures
  std::string where = {};                       // "FILE:LINE"
};

// What a person should know of rows that were predicted from.
class RowNotes {
 public:
  virtual ~RowNotes() = default;
  virtual void add(const InputRow& row, const Encoding& encoding) = 0;
  virtual std::vector<std::string> lines() const = 0;
};

// Where there is nothing to tell of what was read.
class NoRowNotes : public RowNotes {
 public:
  void add(const InputRow&, const Encoding&) override {}
  std::vector<std::string> lines() const override { return {}; }
};

// That paths in a file of rows are of.
inline std::string folder_of(const std::string& file) { return std::filesystem::path(file).parent_path().string(); }

// Of a row whose first cell is one.
inline std::string path_of(const InputRow& row) {
  return row.folder.empty() ? row.cells.at(0) : (std::filesystem::path(row.folder) / row.cells.at(0)).string();
}

class RowEncoder {
 public:
  virtual ~RowEncoder() = default;
  // Whose files lie beside the model's weights.
  virtual const Processor& processor() const = 0;
  // std::runtime_error that begins with where the row is.
  virtual Encoding encode(const InputRow& row) const = 0;
  // Made up, as long as the model takes it: to plan without data.
  virtual Encoding longest() const = 0;
  // Adds what there is to see of an example to where it is.
  virtual void show(const Encoding& example, ShownExample& shown) const = 0;
  virtual std::unique_ptr<RowNotes> notes() const = 0;
  // What of it decides a run's numbers.
  virtual Fingerprint identity() const = 0;
  virtual ExampleWords words() const { return {}; }
  // The same as encode() of a row that names the file of another one, of which that is: it is not read.
  virtual Encoding encode_again(const InputRow& row, const Encoding& /*other*/) const { return encode(row); }
};

// Of examples that are read: of texts nothing, since others tell what of them does not fit.
inline std::unique_ptr<RowNotes> notes_of_files(const RowEncoder& encoder, InputKind reads) {
  if (reads == InputKind::texts) return std::make_unique<NoRowNotes>();
  return encoder.notes();
}

// Of a text: its tokens by name.
inline void show_text(const Encoding& text, const Tokenizer& tokenizer, ShownExample& shown) {
  for (const int32_t id : text.ids) shown.tokens.push_back({tokenizer.token(id)});
  shown.text = tokenizer.decode(text.ids);
  shown.cut = static_cast<int64_t>(text.cut);
}

}  // namespace thaw
