// SPDX-License-Identifier: Apache-2.0
// Text to token ids and back: what every tokenizer offers, whatever its model.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/input/processor.h"
#include "models/text/added_tokens.h"
#include "models/text/encoding.h"
#include "models/text/sequence_template.h"
#include "models/text/vocabulary.h"

namespace thaw {

// Ids of the tokens that have a role; absent if the tokenizer has no such token.
struct SpecialTokens {
  std::optional<int32_t> unknown, cls, sep, pad, mask, bos, eos;
};

// All of a tokenizer but its model.
struct TokenizerParts {
  Vocabulary tokens;           // added tokens included
  size_t vocabulary_size = 0;  // one more than the greatest id that the model itself gives a piece of a word
  AddedTokens added;
  SequenceTemplate sequence_template;
  SpecialTokens special;
  std::optional<size_t> max_length;  // the longest input that the files allow, special tokens included
  bool truncates_left = false;       // a text that is too long loses its beginning
  std::vector<ProcessorFile> files;
};

class Tokenizer : public Processor {
 public:
  explicit Tokenizer(TokenizerParts parts);
  ~Tokenizer() override;
  Tokenizer(const Tokenizer&) = delete;
  Tokenizer& operator=(const Tokenizer&) = delete;

  // std::invalid_argument if the text is not valid UTF-8, or if max_length is less than the special tokens need.
  // Safe to call from several threads. A pair whose second text is empty stays a pair: [CLS] A [SEP] [SEP].
  Encoding encode(std::string_view text, const EncodeOptions& options = {}) const;
  Encoding encode_pair(std::string_view first, std::string_view second, const EncodeOptions& options = {}) const;

  // Of one text given as words, each tokenized for itself, as the reference does with is_split_into_words; offsets are
  // those within a word. A word may have no token.
  Encoding encode_words(std::span<const std::string> words, const EncodeOptions& options = {}) const;

  // A pair as often as the second text needs it, each time with another part of it: what the reference makes with
  // truncation only_second and return_overflowing_tokens, in the same order; one window if all fits. Where the
  // reference refuses, because the first text leaves parts no longer than the overlap, windows still advance: that text
  // is cut to what the second one leaves of the room, at least to half of it (Encoding::cut counts), and an overlap as
  // large as the part is half the part. std::invalid_argument if max_length leaves no room for a token of each.
  std::vector<TextWindow> encode_windows(std::string_view first, std::string_view second,
                                         const WindowOptions& options) const;

  // std::invalid_argument on an id beyond the vocabulary; one within it that has no token is left out. An added token
  // that is looked for in normalized text appears normalized.
  std::string decode(std::span<const int32_t> ids, bool skip_special_tokens = true) const;

  size_t vocab_size() const { return parts_.tokens.size(); }  // one more than the greatest id
  // The same without added tokens that the vocabulary does not have, and without blank lines of vocab.txt: what a model
  // must have embeddings for.
  size_t plain_vocab_size() const { return parts_.vocabulary_size; }
  std::optional<int32_t> find_id(std::string_view token) const { return parts_.tokens.find_id(token); }
  bool has_token(int32_t id) const { return parts_.tokens.find_token(id) != nullptr; }
  // std::invalid_argument if the id has no token.
  const std::string& token(int32_t id) const;
  const SpecialTokens& special() const { return parts_.special; }
  // std::runtime_error saying that the tokenizer has no mask token, if it has none.
  int32_t mask_id() const;
  bool is_special(int32_t id) const { return special_ids_.at(static_cast<size_t>(id)); }
  // Longest input that the tokenizer's files allow (model_max_length); absent if they set no limit.
  std::optional<size_t> max_length() const { return parts_.max_length; }
  // Special tokens that one text or a pair gets.
  size_t added_special_tokens(bool is_pair) const { return parts_.sequence_template.added(is_pair); }
  TokensAround tokens_around() const { return parts_.sequence_template.around(); }  // those of one text
  // What the pieces that go on inside a word begin with ("##"); empty if nothing marks them.
  virtual std::string_view inside_prefix() const { return {}; }
  const std::vector<AddedToken>& added_tokens() const { return parts_.added.tokens(); }

  const std::vector<ProcessorFile>& files() const override { return parts_.files; }

 protected:
  // Replaces `out` by the normalized piece, whose first code point is number `first` of its text.
  virtual void normalize(std::string_view piece, uint32_t first, NormalizedText& out) const = 0;
  // Appends ids, offsets and, if wanted, tokens of bytes [begin, end) of a normalized text.
  virtual void tokenize(const NormalizedText& text, size_t begin, size_t end, bool keep_tokens,
                        Encoding& out) const = 0;
  // tokenize() then notes each token's blanks, too.
  bool trims_offsets() const { return parts_.sequence_template.trims_offsets.has_value(); }
  virtual std::string join(const std::vector<std::string_view>& tokens) const = 0;

 private:
  Encoding encode_text(std::string_view text, bool keep_tokens) const;
  Encoding finish(Encoding first, Encoding* second, const EncodeOptions& options) const;

  TokenizerParts parts_;
  std::vector<bool> special_ids_;  // added tokens with the flag `special`
};

// Reads the tokenizer of a model's directory as the reference's AutoTokenizer does: tokenizer_class (in
// tokenizer_config.json, else config.json) says whether BERT's tokenizer is built from a vocabulary (of tokenizer.json,
// else vocab.txt) and the flags of tokenizer_config.json, or tokenizer.json is taken as it stands. What is damaged,
// missing or not supported is a std::runtime_error of one line that names the file and the place in it.
std::unique_ptr<Tokenizer> load_tokenizer(const std::string& directory);

}  // namespace thaw
