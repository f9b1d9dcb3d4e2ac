// SPDX-License-Identifier: Apache-2.0
// Targets that were tokenized to find how long they are, until the same rows are read to be learnt: once is enough.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "models/tasks/text_encoder.h"
#include "tensor/io/crc32c.h"

namespace thaw {

// The targets of a file, row by row.
class TargetTokens {
 public:
  void add(const std::string& text, Encoding encoding) {
    Row& row = rows_.emplace_back();
    row.checksum = crc32c(text);
    row.cut = encoding.cut;
    row.ids = std::move(encoding.ids);
    row.type_ids = std::move(encoding.type_ids);
  }

  // The encoding of the text in the next row: the one that was added, if it is that row's text and no longer than the
  // encoder allows; else the encoder makes it anew. Errors are those of encode_row().
  Encoding next(const std::string& text, const TextEncoder& encoder, const std::string& where) {
    if (next_ == rows_.size()) return encoder.encode_row(text, {}, where);
    Row row = std::move(rows_[next_++]);
    const bool fits = row.cut == 0 && static_cast<int64_t>(row.ids.size()) <= encoder.max_length();
    if (!fits || row.checksum != crc32c(text)) return encoder.encode_row(text, {}, where);
    Encoding encoding;
    encoding.ids = std::move(row.ids);
    encoding.type_ids = std::move(row.type_ids);
    return encoding;
  }

 private:
  struct Row {
    uint32_t checksum = 0;  // of the text: the file may have changed meanwhile
    size_t cut = 0;
    std::vector<int32_t> ids = {}, type_ids = {};
  };
  std::vector<Row> rows_;
  size_t next_ = 0;
};

// Those of several files, each handed out once. columns: of the targets.
class TokenizedTargets {
 public:
  TargetTokens& begin(const std::string& file, const std::string& columns, const TextEncoder& encoder) {
    return files_.emplace_back(File{file, columns, encoder.tokenizer_checksum(), {}}).targets;
  }
  // None of a file that was not begun, or of another tokenizer.
  TargetTokens take(const std::string& file, const std::string& columns, const TextEncoder& encoder) {
    for (auto of = files_.begin(); of != files_.end(); ++of) {
      if (of->file != file || of->columns != columns || of->tokenizer != encoder.tokenizer_checksum()) continue;
      TargetTokens targets = std::move(of->targets);
      files_.erase(of);
      return targets;
    }
    return {};
  }
  void clear() { files_.clear(); }

 private:
  struct File {
    std::string file, columns, tokenizer;
    TargetTokens targets;
  };
  std::vector<File> files_;
};

}  // namespace thaw
