// SPDX-License-Identifier: Apache-2.0
// Texts of a file as sentences of tokens, and pieces of texts that each make an example.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/tasks/text_encoder.h"

namespace thaw {

// How long pieces are. Tokens, special ones not counted.
struct PieceLengths {
  size_t piece = 0;     // of a piece, at most
  size_t sentence = 0;  // a longer sentence counts as several, cut between words
};

// Some sentences of a text that follow one another, as many as fit into an example.
struct Piece {
  size_t first = 0, end = 0;  // numbers of its sentences: [first, end)
  uint64_t kin = 0;           // a checksum of the whole text: the same for pieces of one
  int64_t line = 0;           // where that begins in its file
};

class Documents {
 public:
  struct Range {
    size_t begin, end;
    size_t size() const { return end - begin; }
  };

  std::span<const Piece> pieces() const { return pieces_; }
  const std::string& file() const { return file_; }
  // Of a sentence: where its tokens are among ids() and words().
  Range sentence(size_t number) const { return {number == 0 ? 0 : ends_[number - 1], ends_[number]}; }
  // Of sentences [first, end), one or more.
  Range tokens(size_t first, size_t end) const { return {sentence(first).begin, sentence(end - 1).end}; }
  std::span<const int32_t> ids() const { return ids_; }
  // Of each token the number of its word in its text, -1 of special and unknown ones: as words_of() gives them.
  std::span<const int32_t> words() const { return words_; }
  const std::vector<std::string>& notes() const { return notes_; }  // of what was read

  // A checksum of tokens, sentences and pieces.
  uint32_t checksum() const;

  friend Documents read_documents(const TextEncoder& encoder, const std::string& file, const std::string& column,
                                  const PieceLengths& lengths);

 private:
  void add_sentence(std::span<const int32_t> ids, std::span<const int32_t> words, size_t most);
  // Of all sentences from `first` on, which are those of one text.
  void cut_into_pieces(size_t first, uint64_t kin, int64_t line, size_t most);

  std::string file_;
  std::vector<int32_t> ids_, words_;
  std::vector<size_t> ends_;  // of each sentence, behind its last token
  std::vector<Piece> pieces_;
  std::vector<std::string> notes_;
};

// The texts of a file (models/data/document_reader.h). Sentences without a word (of unknown and special tokens alone)
// are left out. A text is cut into pieces as long as they may be; one sentence is left alone at its end only if the
// piece before has no more than two. Notes tell what was passed over. std::runtime_error naming file and line: a broken
// row; a file without a word.
Documents read_documents(const TextEncoder& encoder, const std::string& file, const std::string& column,
                         const PieceLengths& lengths);

}  // namespace thaw
