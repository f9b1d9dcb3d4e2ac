// SPDX-License-Identifier: Apache-2.0
// Formats of words with labels by name.
#include "models/data/tagged_words.h"

#include <algorithm>
#include <utility>

#include "models/data/file_extension.h"
#include "models/data/tagged_source.h"
#include "tensor/check.h"

namespace thaw {
namespace {

std::unique_ptr<TaggedSource> make_source(LineReader lines, TaggedFormat format, const TaggedReading& reading) {
  check(reading.word_column >= 0 && reading.tag_column >= 0, "{} {}, {} {}: columns are numbered from 1",
        reading.called("word_column"), reading.word_column, reading.called("tag_column"), reading.tag_column);
  if (format == TaggedFormat::jsonl) return make_tagged_lists(std::move(lines), reading);
  return make_tagged_columns(std::move(lines), reading, format == TaggedFormat::conllu);
}

}  // namespace

TaggedFormat tagged_format(const std::filesystem::path& path, std::string_view option) {
  const std::string extension = content_extension(path);
  const auto is_one_of = [&](std::initializer_list<std::string_view> names) {
    return std::ranges::find(names, extension) != names.end();
  };
  if (is_one_of({".jsonl", ".ndjson", ".json"})) return TaggedFormat::jsonl;
  if (is_one_of({".conll", ".bio", ".iob", ".iob2", ".txt"})) return TaggedFormat::conll;
  if (extension == ".conllu") return TaggedFormat::conllu;
  fail("{}: how words and labels stand in it must show in its name: .jsonl, .conllu, or .conll, .bio, .iob, .txt{}",
       path.string(), option.empty() ? "" : fmt::format(", or be said by {}", option));
}

TaggedWords::TaggedWords(const std::filesystem::path& path, const TaggedReading& reading)
    : TaggedWords(path, tagged_format(path, reading.called("format")), reading) {}

TaggedWords::TaggedWords(const std::filesystem::path& path, TaggedFormat format, const TaggedReading& reading)
    : source_(make_source(LineReader(path), format, reading)) {}

TaggedWords::TaggedWords(std::istream& stream, const std::string& name, TaggedFormat format,
                         const TaggedReading& reading)
    : source_(make_source(LineReader(stream, name), format, reading)) {}

TaggedWords::~TaggedWords() = default;
TaggedWords::TaggedWords(TaggedWords&&) noexcept = default;

bool TaggedWords::next(TaggedSentence& sentence) {
  sentence = {};
  return source_->next(sentence);
}

const std::string& TaggedWords::name() const { return source_->name(); }

std::string TaggedWords::where(const TaggedSentence& sentence) const {
  return fmt::format("{}:{}", name(), sentence.line);
}

std::string TaggedWords::where(const TaggedSentence& sentence, size_t word) const {
  return source_->where(sentence, word);
}

}  // namespace thaw
