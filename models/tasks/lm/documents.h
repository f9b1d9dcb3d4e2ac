// SPDX-License-Identifier: Apache-2.0
// Texts whose tokens a model has to tell one by one, each from those before it: what is counted of a text, how many
// bytes of it a token stands for, windows over a text that is too long.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/data/document_reader.h"
#include "models/data/table.h"
#include "models/tasks/lm/options.h"
#include "models/tasks/text_encoder.h"

namespace thaw {

// A row of a file: a text, or an answer behind its prompt.
struct LmRow {
  std::string prompt, text;
  int64_t line = 0;
  std::string where;  // "FILE:LINE"
};

// Reads rows; lines of plain text, if options say so, up to a blank one as one text.
class LmRows {
 public:
  // The columns, for a TableReader.
  static TableReading reading(const LmOptions& options);
  // `is_plain`: lines, which may be joined.
  LmRows(TableReader reader, const LmOptions& options, bool is_plain);
  // Of a file, by its name.
  LmRows(const std::string& file, const LmOptions& options);

  bool next(LmRow& row);

 private:
  DocumentReader reader_;
};

// A text as tokens.
struct LmDocument {
  Encoding tokens;             // ids and types, all of it
  std::vector<int64_t> bytes;  // UTF-8 bytes of the text that each stands for
  size_t first = 1;            // the first token that is counted: what is before the first is nowhere to be told from
  size_t text = 0;             // the first one behind begin and prompt
};

// A part of it that a model reads at once.
struct LmWindow {
  Encoding tokens;
  int32_t first = 1;  // the first token that is counted; it is told from those before it
  int64_t bytes = 0;  // that the counted tokens stand for

  int64_t counted() const { return static_cast<int64_t>(tokens.size()) - first; }
};

class LmEncoder {
 public:
  LmEncoder(const TextEncoder& encoder, const LmOptions& options);

  // Between the tokenizer's tokens for begin and end, as far as it has them and options ask for them; those that it
  // adds to any text stand once. Of a text without a token of its own, and without a prompt, nothing. Errors as
  // TextEncoder::encode_whole_row.
  LmDocument document(const LmRow& row) const;
  // The same without an end: what a model is to go on with. Empty where the text is and nothing begins texts.
  Encoding prompt(std::string_view text, const std::string& where) const;

  // All windows of max_length tokens over it, so that each counted token is counted in one of them: they have stride
  // tokens in common, at least one, which is counted in the former. What follows a prompt is cut instead (Encoding::cut
  // of its window). A document without a counted token has none, nor one whose prompt leaves no room for its text.
  std::vector<LmWindow> windows(const LmDocument& document) const;
  // Says of a document behind a prompt why it has no windows: std::runtime_error, naming file and line.
  [[noreturn]] void fail_without_windows(const LmRow& row, const LmDocument& document) const;

  const TextEncoder& encoder() const { return encoder_; }

 private:
  const TextEncoder& encoder_;
  std::optional<int32_t> begin_, end_;
  std::string separator_;
  bool has_prompts_, masks_prompts_;
  int64_t overlap_;
};

}  // namespace thaw
