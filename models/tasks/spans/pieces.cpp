// SPDX-License-Identifier: Apache-2.0
// Cuts texts into pieces that can lose spans.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "models/tasks/spans/examples.h"
#include "models/tasks/text_parts.h"
#include "tensor/counted.h"

namespace thaw {
namespace {

std::vector<int32_t> without_special_tokens(const Encoding& text) {
  std::vector<int32_t> ids;
  for (size_t i = 0; i < text.size(); ++i)
    if (!text.special_tokens_mask[i]) ids.push_back(text.ids[i]);
  return ids;
}

bool has_sentinel(const std::vector<int32_t>& ids, const SpanRule& rule) {
  return std::ranges::any_of(ids,
                             [&](int32_t id) { return std::ranges::find(rule.sentinels, id) != rule.sentinels.end(); });
}

class Pieces {
 public:
  Pieces(const std::string& file, const SpanRule& rule) : rule_(rule) { data_->pieces = EncodedTexts(file); }

  void add(std::vector<int32_t> ids, int64_t line) {
    const auto length = std::ssize(ids);
    data_->lengths.push_back(source_length(length, rule_.shape) + target_length(length, rule_.shape));
    Encoding piece;
    piece.type_ids.assign(ids.size(), 0);
    piece.ids = std::move(ids);
    data_->pieces.add(std::move(piece), line);
  }
  SpansExamples::Data& data() { return *data_; }
  std::shared_ptr<const SpansExamples::Data> take() { return std::move(data_); }

 private:
  std::shared_ptr<SpansExamples::Data> data_ = std::make_shared<SpansExamples::Data>();
  const SpanRule& rule_;
};

// Pieces of one length, across the ends of texts; what is left behind the last is a shorter one.
class JoinedPieces {
 public:
  JoinedPieces(Pieces& pieces, int64_t length) : pieces_(pieces), length_(static_cast<size_t>(length)) {}

  void add(const std::vector<int32_t>& ids, int64_t line) {
    ++texts_;
    for (const int32_t id : ids) {
      if (joined_.empty()) line_ = line;
      joined_.push_back(id);
      if (joined_.size() == length_) pieces_.add(std::exchange(joined_, {}), line_);
    }
  }
  // What was made of how many texts.
  std::string finish(const std::string& file) {
    if (joined_.size() >= 2) pieces_.add(std::exchange(joined_, {}), line_);
    return fmt::format("{}: {} joined make {}{}", file, counted(texts_, "text"),
                       counted(pieces_.data().lengths.size(), "example"),
                       joined_.empty() ? "" : "; the last token is left over");
  }

 private:
  Pieces& pieces_;
  size_t length_, texts_ = 0;
  std::vector<int32_t> joined_;
  int64_t line_ = 0;
};

}  // namespace

std::shared_ptr<const SpansExamples::Data> read_pieces(const TextEncoder& encoder, const std::string& file,
                                                       const SpansOptions& options, const SpanRule& rule) {
  Pieces pieces(file, rule);
  const int64_t most = raw_length(encoder.max_length(), rule.shape);
  JoinedPieces joined(pieces, most);
  const auto is_of_use = [&](const Encoding& text, const auto&) {
    const std::vector<int32_t> ids = without_special_tokens(text);
    return ids.size() >= (options.join_texts ? size_t{1} : size_t{2}) && !has_sentinel(ids, rule);
  };
  const PartsReading reading{
      .column = options.text_column,
      .length = options.join_texts ? std::numeric_limits<int64_t>::max() : most + rule.shape.added_special_tokens,
      .is_of_use = is_of_use,
      .lack = options.join_texts ? "no token, or sentinels already" : "fewer than two tokens, or sentinels already",
      .need = options.join_texts ? "a token and no sentinel" : "two tokens and no sentinel"};
  std::vector<std::string> notes = read_text_parts(encoder, file, reading, [&](const TextPart& part) {
    std::vector<int32_t> ids = without_special_tokens(part.tokens);
    if (options.join_texts) return joined.add(ids, part.line);
    pieces.data().kin.push_back(part.kin);
    pieces.add(std::move(ids), part.line);
  });
  if (options.join_texts) notes.push_back(joined.finish(file));
  if (pieces.data().lengths.empty()) fail("{}: has a single token: none can go missing", file);
  pieces.data().notes = std::move(notes);
  return pieces.take();
}

std::shared_ptr<const SpansExamples::Data> made_up_pieces(const TextEncoder& encoder, int64_t count,
                                                          const SpanRule& rule) {
  Pieces pieces("", rule);
  const int64_t length = raw_length(encoder.max_length(), rule.shape);
  for (int64_t i = 0; i < count; ++i) pieces.add(std::vector<int32_t>(static_cast<size_t>(length), 0), 0);
  return pieces.take();
}

}  // namespace thaw
