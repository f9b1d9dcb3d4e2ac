// SPDX-License-Identifier: Apache-2.0
// Texts and pairs of texts to tokens that a model takes: a directory's tokenizer, held to the model's limits.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/tasks/row_encoder.h"
#include "models/text/tokenizer.h"
#include "models/text_model.h"

namespace thaw {

// The most tokens that a text may have: `wanted`; or (0) `usual`, or (0) what the tokenizer allows, at most 512, either
// cut to the positions that the model has left. The tokenizer's limit is but a default; std::invalid_argument if more
// is wanted than the model has positions.
int64_t length_limit(const TextLimits& limits, const Tokenizer& tokenizer, int64_t wanted, int64_t usual = 0);

class TextEncoder : public RowEncoder {
 public:
  // The tokenizer of a directory, which messages name. std::invalid_argument as length_limit() says.
  TextEncoder(std::string directory, std::shared_ptr<const Tokenizer> tokenizer, const TextLimits& limits,
              int64_t wanted_length, int64_t usual_length = 0);

  const Tokenizer& tokenizer() const { return *tokenizer_; }
  const Processor& processor() const override { return *tokenizer_; }
  // Of a text, or of two: a pair.
  Encoding encode(const InputRow& row) const override;
  Encoding longest() const override;
  void show(const Encoding& example, ShownExample& shown) const override;
  // Texts that were cut, and tokens that the vocabulary does not know.
  std::unique_ptr<RowNotes> notes() const override;
  Fingerprint identity() const override { return {{"files of the tokenizer", tokenizer_checksum()}}; }
  // With a prompt or prefix that was put on meanwhile.
  int64_t max_length() const { return length_limit(limits_, *tokenizer_, wanted_length_, usual_length_); }
  // A checksum of the tokenizer's files, by which a run knows it again.
  std::string tokenizer_checksum() const;

  // std::runtime_error if pairs of texts, as the tokenizer makes them, have more segment types than the model.
  void check_takes_pairs() const;
  // std::runtime_error if the tokenizer has more tokens than the model.
  void check_vocabulary() const;

  // Tokens of a text, or of a pair; cut to max_length (longest first). An empty second text is a text too: a model that
  // was trained on pairs sees [CLS] A [SEP] [SEP]. std::invalid_argument if a text has an added token that the model
  // does not know, or no token at all.
  Encoding encode(std::string_view text, std::optional<std::string_view> pair = {}) const;
  // The same of a row of data: std::runtime_error, which begins with where the row is.
  Encoding encode_row(std::string_view text, std::optional<std::string_view> pair, const std::string& where) const;
  // Tokens of a text given as words (Tokenizer::encode_words), cut to max_length; errors as in encode_row.
  Encoding encode_words_row(std::span<const std::string> words, const std::string& where) const;
  // All tokens of a row's text, however many, or none; an added token that the model does not know is an error as in
  // encode_row.
  Encoding encode_whole_row(std::string_view text, const std::string& where) const;
  // A pair in windows over the second text (Tokenizer::encode_windows) of max_length tokens; errors as in encode_row.
  std::vector<TextWindow> encode_windows_row(std::string_view first, std::string_view second, int64_t overlap,
                                             const std::string& where) const;
  // The row's tokens, however many: to count them.
  Encoding encode_whole(std::string_view text, std::optional<std::string_view> pair) const;

 private:
  EncodeOptions cut_to_fit() const;
  // Throws as encode() does; else gives the encoding back.
  Encoding checked(Encoding encoding) const;
  void check_known(const Encoding& encoding) const;

  std::string directory_;
  TextLimits limits_;
  std::shared_ptr<const Tokenizer> tokenizer_;
  int64_t wanted_length_, usual_length_;
};

}  // namespace thaw
