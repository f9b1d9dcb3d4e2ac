// SPDX-License-Identifier: Apache-2.0
// Cuts texts into sentences, and sentences into pieces of texts.
#include "models/tasks/pretraining/documents.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/data/document_reader.h"
#include "models/tasks/checksum.h"
#include "models/tasks/pretraining/sentences.h"
#include "models/tasks/text_parts.h"
#include "models/tasks/text_survey.h"
#include "tensor/check.h"
#include "tensor/counted.h"

namespace thaw {
namespace {

// A line break is where a sentence ends, and a blank to the tokenizer.
std::string in_one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

// Where the tokens of each sentence end. sentence_ends: in code points of the text.
std::vector<size_t> ends_in_tokens(const Encoding& text, const std::vector<size_t>& sentence_ends) {
  std::vector<size_t> ends;
  auto next = sentence_ends.begin();
  for (size_t token = 0; token < text.size(); ++token) {
    if (text.special_tokens_mask[token]) continue;
    const bool begins = next != sentence_ends.end() && text.offsets[token].begin >= *next;
    while (next != sentence_ends.end() && text.offsets[token].begin >= *next) ++next;
    if (begins) ends.push_back(token);
  }
  ends.push_back(text.size());
  return ends;
}

}  // namespace

void Documents::add_sentence(std::span<const int32_t> ids, std::span<const int32_t> words, size_t most) {
  for (size_t begin = 0; begin < ids.size();) {
    const size_t end = end_of_part(words, begin, most);
    const auto own_ids = ids.subspan(begin, end - begin), own_words = words.subspan(begin, end - begin);
    if (std::ranges::any_of(own_words, [](int32_t word) { return word >= 0; })) {
      ids_.insert(ids_.end(), own_ids.begin(), own_ids.end());
      words_.insert(words_.end(), own_words.begin(), own_words.end());
      ends_.push_back(ids_.size());
    }
    begin = end;
  }
}

void Documents::cut_into_pieces(size_t first, uint64_t kin, int64_t line, size_t most) {
  for (size_t end = first; first < ends_.size(); first = end) {
    while (end < ends_.size() && tokens(first, end + 1).size() <= most) ++end;
    const bool leaves_one = end + 1 == ends_.size(), can_spare_one = end - first > 2;
    if (leaves_one && can_spare_one && tokens(end - 1, end + 1).size() <= most) --end;
    pieces_.push_back({first, end, kin, line});
  }
}

uint32_t Documents::checksum() const {
  uint32_t sum = thaw::checksum(ends_, thaw::checksum(words_, thaw::checksum(ids_)));
  for (const Piece& piece : pieces_) sum = thaw::checksum(std::vector<size_t>{piece.first, piece.end}, sum);
  return sum;
}

Documents read_documents(const TextEncoder& encoder, const std::string& file, const std::string& column,
                         const PieceLengths& lengths) {
  check(lengths.sentence >= 1 && lengths.sentence <= lengths.piece, "sentences of {} tokens in pieces of {}",
        lengths.sentence, lengths.piece);
  Documents documents;
  documents.file_ = file;
  DocumentReader reader(file, column);
  int64_t read = 0, used = 0;
  Occurrence useless;
  for (Document document; reader.next(document); ++read) {
    const std::string where = reader.where(document);
    const Encoding text = encoder.encode_whole_row(in_one_line(document.text), where);
    const std::vector<int32_t> words = words_of(text, encoder.tokenizer());
    const size_t first = documents.ends_.size();
    size_t begin = 0;
    for (const size_t end : ends_in_tokens(text, sentence_ends(document.text))) {
      std::vector<int32_t> ids, of_words;
      for (size_t i = begin; i < end; ++i) {
        if (text.special_tokens_mask[i]) continue;
        ids.push_back(text.ids[i]);
        of_words.push_back(words[i]);
      }
      documents.add_sentence(ids, of_words, lengths.sentence);
      begin = end;
    }
    if (documents.ends_.size() == first) {
      useless.add(where);
      continue;
    }
    ++used;
    documents.cut_into_pieces(first, checksum(text.ids), document.line, lengths.piece);
  }
  if (read == 0) fail("{}: has no texts", file);
  if (used == 0) fail("{}: none of its {} texts has a word", file, read);
  documents.notes_.push_back(fmt::format("{}: {} with {} make {}", file, counted(used, "text"),
                                         counted(documents.ends_.size(), "sentence"),
                                         counted(documents.pieces_.size(), "example")));
  if (useless.count > 0)
    documents.notes_.push_back(fmt::format("{}: {} without a word: passed over, the first {}", file,
                                           counted(useless.count, "text"), useless.first));
  return documents;
}

}  // namespace thaw
