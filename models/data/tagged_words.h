// SPDX-License-Identifier: Apache-2.0
// Sentences of words with a label each, from JSONL files of lists or from columns as CoNLL's tasks have them.
//
// JSONL: an object a line, {"tokens": ["Ada", "came"], "ner_tags": ["B-PER", "O"]}; labels are strings, or integers,
// whose digits are the labels. CoNLL: a word a line with its columns between tabs, if the first
// such line has one, else between blanks; every line has as many; a line with nothing in it ends a sentence, lines
// that begin with -DOCSTART- do, too, and are no word. A line that begins with "# " where a sentence might begin is a
// comment, unless it has as many columns as the words before it (before the first word: is "# LABEL" or "# # ...
// LABEL", a label of entities). CoNLL-U: its ten columns; labels are the fourth (UPOS) if not chosen; lines that begin
// with # are comments, ranges (3-4) and empty nodes (3.1) are no words. Files may be gzip'd.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <istream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/data/field_names.h"

namespace thaw {

enum class TaggedFormat { jsonl, conll, conllu };

// By extension: .jsonl .ndjson .json, .conll .bio .iob .iob2 .txt, .conllu, in small or capital letters, also with .gz
// behind it. Anything else is a std::runtime_error that lists these (and `option`, if one may name the format).
TaggedFormat tagged_format(const std::filesystem::path& path, std::string_view option = "");

struct TaggedReading {
  bool with_tags = true;  // false: words alone are read, whatever else is there
  // JSONL:
  std::string words_member = "tokens", tags_member = "ner_tags";
  // CoNLL, from 1; 0: the first (in CoNLL-U the second) is the word, the last (the fourth) is the label.
  int64_t word_column = 0, tag_column = 0;
  FieldNames called;  // how messages call these fields
};

struct TaggedSentence {
  std::vector<std::string> words;  // none is empty or blank
  std::vector<std::string> tags;   // as many, none is empty; nothing where they are not read
  std::vector<int64_t> lines;      // of the words in their file, from 1
  int64_t line = 0;                // where the sentence begins
};

class TaggedSource;

class TaggedWords {
 public:
  // Throws std::runtime_error if there is no such file, or its name does not say what it is.
  TaggedWords(const std::filesystem::path& path, const TaggedReading& reading);
  TaggedWords(const std::filesystem::path& path, TaggedFormat format, const TaggedReading& reading);
  // Of an open stream, which must outlive this; `name` stands for the path in messages.
  TaggedWords(std::istream& stream, const std::string& name, TaggedFormat format, const TaggedReading& reading);
  ~TaggedWords();
  TaggedWords(TaggedWords&&) noexcept;

  // False at the end. A sentence has words; only in JSONL read without labels it may have none. Throws
  // std::runtime_error "FILE:LINE: ..." on lists of different lengths, labels that are missing, empty words,
  // and the like.
  bool next(TaggedSentence& sentence);
  const std::string& name() const;
  // "FILE:LINE" of a sentence.
  std::string where(const TaggedSentence& sentence) const;
  // The same of a word in it, with what finds it on the line: "train.jsonl:7: ner_tags[3]", "train.conll:9".
  std::string where(const TaggedSentence& sentence, size_t word) const;

 private:
  std::unique_ptr<TaggedSource> source_;
};

}  // namespace thaw
