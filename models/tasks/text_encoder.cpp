// SPDX-License-Identifier: Apache-2.0
// Encodes texts within a model's limits.
#include "models/tasks/text_encoder.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

#include "models/tasks/checksum.h"
#include "models/tasks/cut_count.h"
#include "models/tasks/unknown_count.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

constexpr int64_t most_usual = 512;

class TextNotes : public RowNotes {
 public:
  explicit TextNotes(std::shared_ptr<const Tokenizer> tokenizer) : tokenizer_(std::move(tokenizer)) {}
  void add(const InputRow& row, const Encoding& encoding) override {
    cut_.add(static_cast<int64_t>(encoding.cut));
    unknown_.add(encoding, row.cells, *tokenizer_, row.where);
  }
  std::vector<std::string> lines() const override { return notes_of(cut_, unknown_); }

 private:
  std::shared_ptr<const Tokenizer> tokenizer_;
  CutCount cut_;
  UnknownCount unknown_;
};

}  // namespace

int64_t length_limit(const TextLimits& limits, const Tokenizer& tokenizer, int64_t wanted, int64_t usual) {
  const int64_t positions = limits.positions_left();
  check(positions > 0, "a text may have {} tokens: its prompt or prefix leaves none", limits.positions);
  check(wanted <= positions, "max_length {}: more tokens than the model has positions{}: {}", wanted,
        positions < limits.positions ? " behind its prompt or prefix" : "", positions);
  if (wanted > 0) return wanted;
  if (usual > 0) return std::min(positions, usual);
  const auto allowed = static_cast<int64_t>(tokenizer.max_length().value_or(most_usual));
  return std::min({positions, allowed, most_usual});
}

TextEncoder::TextEncoder(std::string directory, std::shared_ptr<const Tokenizer> tokenizer, const TextLimits& limits,
                         int64_t wanted_length, int64_t usual_length)
    : directory_(std::move(directory)),
      limits_(limits),
      tokenizer_(std::move(tokenizer)),
      wanted_length_(wanted_length),
      usual_length_(usual_length) {
  max_length();
}

Encoding TextEncoder::encode(const InputRow& row) const {
  std::optional<std::string_view> pair;
  if (row.cells.size() > 1) pair = row.cells[1];
  return encode_row(row.cells[0], pair, row.where);
}

Encoding TextEncoder::longest() const {
  Encoding text;
  text.ids.assign(static_cast<size_t>(max_length()), 0);
  text.type_ids = text.ids;
  return text;
}

void TextEncoder::show(const Encoding& example, ShownExample& shown) const { show_text(example, *tokenizer_, shown); }

std::unique_ptr<RowNotes> TextEncoder::notes() const { return std::make_unique<TextNotes>(tokenizer_); }

std::string TextEncoder::tokenizer_checksum() const {
  std::map<std::string, uint32_t> sums;
  for (const ProcessorFile& file : tokenizer_->files()) sums[file.name] = crc32c(file.content);
  return checksum_text(crc32c(fmt::format("{}", fmt::join(sums, " "))));
}

void TextEncoder::check_takes_pairs() const {
  if (!limits_.type_vocab_size) return;
  const Encoding pair = tokenizer_->encode_pair("a", "a", {});
  if (pair.type_ids.empty()) return;  // a tokenizer that keeps nothing of "a"
  const int32_t most = std::ranges::max(pair.type_ids);
  if (const int64_t types = *limits_.type_vocab_size; most >= types)
    fail("{}: the model has {} (type_vocab_size {}), pairs of texts need {}: it takes no pairs", directory_,
         types == 1 ? "one segment type only" : "too few segment types", types, most + 1);
}

void TextEncoder::check_vocabulary() const {
  if (static_cast<int64_t>(tokenizer_->plain_vocab_size()) > limits_.vocab_size)
    fail("{}: the tokenizer has {} tokens, the model only {}", directory_, tokenizer_->plain_vocab_size(),
         limits_.vocab_size);
}

EncodeOptions TextEncoder::cut_to_fit() const {
  EncodeOptions options;
  options.truncation = Truncation::longest_first;
  options.max_length = static_cast<size_t>(max_length());
  return options;
}

void TextEncoder::check_known(const Encoding& encoding) const {
  for (const int32_t id : encoding.ids)
    check(id < limits_.vocab_size, "the text has the added token {} (id {}), the model knows {} tokens only",
          quote(tokenizer_->token(id)), id, limits_.vocab_size);
}

Encoding TextEncoder::checked(Encoding encoding) const {
  check(encoding.size() > 0, "the text has no tokens (the tokenizer adds none of its own to it)");
  check_known(encoding);
  return encoding;
}

Encoding TextEncoder::encode(std::string_view text, std::optional<std::string_view> pair) const {
  return checked(pair ? tokenizer_->encode_pair(text, *pair, cut_to_fit()) : tokenizer_->encode(text, cut_to_fit()));
}

Encoding TextEncoder::encode_row(std::string_view text, std::optional<std::string_view> pair,
                                 const std::string& where) const try {
  return encode(text, pair);
} catch (const std::invalid_argument& error) {
  fail("{}: {}", where, error.what());
}

Encoding TextEncoder::encode_words_row(std::span<const std::string> words, const std::string& where) const try {
  return checked(tokenizer_->encode_words(words, cut_to_fit()));
} catch (const std::invalid_argument& error) {
  fail("{}: {}", where, error.what());
}

Encoding TextEncoder::encode_whole_row(std::string_view text, const std::string& where) const try {
  Encoding encoding = tokenizer_->encode(text);
  check_known(encoding);
  return encoding;
} catch (const std::invalid_argument& error) {
  fail("{}: {}", where, error.what());
}

std::vector<TextWindow> TextEncoder::encode_windows_row(std::string_view first, std::string_view second,
                                                        int64_t overlap, const std::string& where) const try {
  WindowOptions options;
  options.max_length = static_cast<size_t>(max_length());
  options.overlap = static_cast<size_t>(overlap);
  std::vector<TextWindow> windows = tokenizer_->encode_windows(first, second, options);
  for (TextWindow& window : windows) window.encoding = checked(std::move(window.encoding));
  return windows;
} catch (const std::invalid_argument& error) {
  fail("{}: {}", where, error.what());
}

Encoding TextEncoder::encode_whole(std::string_view text, std::optional<std::string_view> pair) const {
  return pair ? tokenizer_->encode_pair(text, *pair) : tokenizer_->encode(text);
}

}  // namespace thaw
