// SPDX-License-Identifier: Apache-2.0
// Words and labels in columns, a word a line: CoNLL and CoNLL-U.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/data/file_kind.h"
#include "models/data/tagged_source.h"
#include "models/metrics/entities.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr std::string_view blanks = " \t";

bool is_blank(std::string_view text) { return text.find_first_not_of(blanks) == std::string_view::npos; }

void split_tabs(std::string_view line, std::vector<std::string_view>& columns) {
  for (size_t tab = line.find('\t'); tab != std::string_view::npos; tab = line.find('\t')) {
    columns.push_back(line.substr(0, tab));
    line.remove_prefix(tab + 1);
  }
  columns.push_back(line);
}

void split_blanks(std::string_view line, std::vector<std::string_view>& columns) {
  for (size_t begin = line.find_first_not_of(blanks); begin != std::string_view::npos;
       begin = line.find_first_not_of(blanks)) {
    line.remove_prefix(begin);
    const size_t end = line.find_first_of(blanks);
    columns.push_back(line.substr(0, end));
    line.remove_prefix(columns.back().size());
  }
}

class TaggedColumns : public TaggedSource {
 public:
  TaggedColumns(LineReader lines, const TaggedReading& reading, bool conllu)
      : lines_(std::move(lines)),
        reading_(reading),
        conllu_(conllu),
        word_(reading.word_column > 0 ? reading.word_column
              : conllu                ? 2
                                      : 1),
        tag_(reading.tag_column > 0 ? reading.tag_column
             : conllu               ? 4
                                    : 0) {}

  const std::string& name() const override { return lines_.name(); }

  bool next(TaggedSentence& sentence) override {
    size_t bytes = 0;
    while (lines_.next(line_)) {
      if (lines_.number() == 1)
        if (const std::string kind = foreign_header(line_); !kind.empty()) fail("{}: {}", name(), kind);
      if (is_blank(line_) || is_document_start()) {
        if (!sentence.words.empty()) return true;
        continue;
      }
      if (is_comment(sentence.words.empty())) continue;
      split();
      if (conllu_ && columns_[0].find_first_of("-.") != std::string_view::npos) continue;
      take_word(sentence);
      if ((bytes += line_.size()) > LineReader::max_line_bytes)
        fail("{}:{}: the sentence is longer than {} MB: an empty line ends one", name(), sentence.line,
             LineReader::max_line_bytes >> 20);
    }
    return !sentence.words.empty();
  }

  std::string where(const TaggedSentence& sentence, size_t word) const override {
    return fmt::format("{}:{}", name(), sentence.lines.at(word));
  }

 private:
  bool is_document_start() const {
    constexpr std::string_view mark = "-DOCSTART-";
    return line_.starts_with(mark) && (line_.size() == mark.size() || blanks.find(line_[mark.size()]) != blanks.npos);
  }

  // Words may be "#", too: where a sentence goes on, where the line has as many columns as the others, and before there
  // are others, where it ends with a label of entities right behind the word, or behind "#" as its part of speech.
  bool is_comment(bool sentence_begins) {
    if (!sentence_begins || !line_.starts_with(conllu_ ? "#" : "# ")) return false;
    columns_.clear();
    cut();
    if (width_ == 0) return conllu_ || !is_entity_label(columns_.back()) || (columns_.size() > 2 && columns_[1] != "#");
    return columns_.size() != width_;
  }

  void cut() {
    if (tabs_) {
      split_tabs(line_, columns_);
    } else {
      split_blanks(line_, columns_);
    }
  }

  void split() {
    columns_.clear();
    if (width_ == 0) tabs_ = line_.find('\t') != std::string::npos;
    cut();
    if (width_ == 0) begin_file();
    if (columns_.size() != width_)
      fail("{}: {} column{}, the first word has {}{}", lines_.where(), columns_.size(), columns_.size() == 1 ? "" : "s",
           width_, reading_.with_tags && columns_.size() < width_ ? ": is its label missing?" : "");
  }

  // By the first word: how many columns there are, and that those that are wanted are there.
  void begin_file() {
    width_ = columns_.size();
    const auto count = static_cast<int64_t>(width_);
    if (conllu_ && !tabs_) fail("{}: has no tab: CoNLL-U has ten columns between tabs", lines_.where());
    if (reading_.with_tags && tag_ == 0 && count == 1)
      fail("{}: has one column, a word: its label is missing", lines_.where());
    if (tag_ == 0) tag_ = count;
    check_column(word_, "word_column");
    if (reading_.with_tags) check_column(tag_, "tag_column");
  }

  void check_column(int64_t column, const char* field) const {
    if (column > static_cast<int64_t>(width_))
      fail("{}: has {} column{}, but {} is {}", lines_.where(), width_, width_ == 1 ? "" : "s", reading_.called(field),
           column);
  }

  void take_word(TaggedSentence& sentence) {
    const std::string_view word = columns_[static_cast<size_t>(word_ - 1)];
    if (is_blank(word)) fail("{}: its word, column {}, is empty", lines_.where(), word_);
    if (sentence.words.empty()) sentence.line = lines_.number();
    sentence.words.emplace_back(word);
    sentence.lines.push_back(lines_.number());
    if (!reading_.with_tags) return;
    const std::string_view tag = columns_[static_cast<size_t>(tag_ - 1)];
    if (is_blank(tag)) fail("{}: the label of {}, column {}, is empty", lines_.where(), quote(word), tag_);
    sentence.tags.emplace_back(tag);
  }

  LineReader lines_;
  TaggedReading reading_;
  bool conllu_;
  int64_t word_, tag_;  // columns from 1; 0: the last
  std::string line_;
  std::vector<std::string_view> columns_;  // of the line
  size_t width_ = 0;                       // columns of the first word; 0: there was none yet
  bool tabs_ = false;
};

}  // namespace

std::unique_ptr<TaggedSource> make_tagged_columns(LineReader lines, const TaggedReading& reading, bool conllu) {
  return std::make_unique<TaggedColumns>(std::move(lines), reading, conllu);
}

}  // namespace thaw
