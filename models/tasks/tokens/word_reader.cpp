// SPDX-License-Identifier: Apache-2.0
// Reads sentences without labels.
#include "models/tasks/tokens/word_reader.h"

#include <algorithm>
#include <string_view>

#include "models/data/file_extension.h"
#include "models/tasks/tokens/tagged_file.h"
#include "tensor/check.h"

namespace thaw {
namespace {

constexpr std::string_view blanks = " \t\r\n\v\f";

// Nothing: plain text.
std::optional<TaggedFormat> format_of(const PredictionRequest& request, const FieldNames& called) {
  if (request.stream && !request.format) return {};
  if (!request.format) {
    if (content_extension(request.file) == ".txt") return {};
    return tagged_format(request.file, called("format"));
  }
  check(request.format != TableFormat::csv,
        "{} csv: words are read from lines (plain text), jsonl (lists of words) or tsv (a word a line)",
        called("format"));
  if (request.format == TableFormat::lines) return {};
  return request.format == TableFormat::jsonl ? TaggedFormat::jsonl : TaggedFormat::conll;
}

}  // namespace

std::vector<std::pair<size_t, size_t>> words_of_line(const std::string& line) {
  std::vector<std::pair<size_t, size_t>> words;
  for (size_t end = 0; end < line.size();) {
    const size_t begin = line.find_first_not_of(blanks, end);
    if (begin == std::string::npos) break;
    end = std::min(line.find_first_of(blanks, begin), line.size());
    words.emplace_back(begin, end);
  }
  return words;
}

WordReader::WordReader(const PredictionRequest& request, const TokensOptions& options, const FieldNames& called) {
  const std::string& name = request.stream ? request.stream_name : request.file;
  if (const std::optional<TaggedFormat> format = format_of(request, called)) {
    TaggedReading reading = tagged_reading(name, *format, options, called);
    reading.with_tags = false;
    if (request.stream) {
      words_.emplace(*request.stream, name, *format, reading);
    } else {
      words_.emplace(request.file, *format, reading);
    }
  } else if (request.stream) {
    lines_.emplace(*request.stream, name);
  } else {
    lines_.emplace(request.file);
  }
}

bool WordReader::next(ReadSentence& sentence) {
  sentence = {};
  if (words_) {
    TaggedSentence read;
    if (!words_->next(read)) return false;
    sentence.words = std::move(read.words);
    sentence.where = words_->where(read);
    return true;
  }
  if (!lines_->next(sentence.text)) return false;
  sentence.where = lines_->where();
  sentence.at = words_of_line(sentence.text);
  for (const auto& [begin, end] : sentence.at) sentence.words.push_back(sentence.text.substr(begin, end - begin));
  return true;
}

}  // namespace thaw
