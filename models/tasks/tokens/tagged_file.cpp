// SPDX-License-Identifier: Apache-2.0
// Options to members and columns.
#include "models/tasks/tokens/tagged_file.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>
#include <system_error>

#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

// 0 stands for what is usual.
int64_t column_number(const std::string& value, const std::string& otherwise, const std::string& option,
                      const std::string& file) {
  if (value == otherwise) return 0;
  int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  check(error == std::errc() && end == value.data() + value.size() && number > 0,
        "{}: {} is no number of a column, from 1, as {} has them", option, quote(value), file);
  return number;
}

}  // namespace

TaggedReading tagged_reading(const std::string& file, TaggedFormat format, const TokensOptions& options,
                             const FieldNames& called) {
  TaggedReading reading;
  reading.words_member = options.words_column;
  reading.tags_member = options.tags_column;
  reading.called = FieldNames([called](std::string_view field) {
    if (field.starts_with("word")) return called("words_column");
    return field.starts_with("tag") ? called("tags_column") : called(field);
  });
  if (format == TaggedFormat::jsonl) return reading;
  const TokensOptions usual;
  reading.word_column = column_number(options.words_column, usual.words_column, called("words_column"), file);
  reading.tag_column = column_number(options.tags_column, usual.tags_column, called("tags_column"), file);
  return reading;
}

TaggedWords open_tagged_words(const std::string& file, const TokensOptions& options, const FieldNames& called) {
  const TaggedFormat format = tagged_format(file);
  return {file, format, tagged_reading(file, format, options, called)};
}

}  // namespace thaw
