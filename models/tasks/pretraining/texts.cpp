// SPDX-License-Identifier: Apache-2.0
// Reads, pairs and masks texts.
#include "models/tasks/pretraining/texts.h"

#include <array>
#include <utility>

#include "models/tasks/epoch_draws.h"
#include "tensor/check.h"

namespace thaw {

PretrainingTexts::PretrainingTexts(std::shared_ptr<const Data> data, std::shared_ptr<const MaskRule> rule,
                                   uint64_t seed)
    : data_(std::move(data)), rule_(std::move(rule)), seed_(seed) {
  if (data_->in_pairs && data_->given.empty()) pairs_.emplace(data_->documents, data_->room);
}

int64_t PretrainingTexts::count() const {
  return data_->given.empty() ? std::ssize(data_->documents->pieces()) : std::ssize(data_->given);
}

void PretrainingTexts::draw_among(std::span<const int64_t> which) {
  if (pairs_) pairs_->draw_among(which);
}

SentencePair PretrainingTexts::tokens_of(int64_t example, RandomKey key) const {
  if (pairs_) return (*pairs_)(example, key);
  const Piece& piece = data_->documents->pieces()[static_cast<size_t>(example)];
  return {data_->documents->tokens(piece.first, piece.end), {}};
}

PretrainingText PretrainingTexts::drawn(int64_t example, int64_t epoch) const {
  if (!data_->given.empty()) return data_->given[static_cast<size_t>(example)];
  const RandomKey key = epoch_key(seed_, epoch, example);
  const SentencePair pair = tokens_of(example, key);
  const auto tokens = [&](const Documents::Range& range) -> TokensOfText {
    return {data_->documents->ids().subspan(range.begin, range.size()),
            data_->documents->words().subspan(range.begin, range.size())};
  };
  const std::array<TokensOfText, 2> texts{tokens(pair.first), tokens(pair.second)};
  LaidOutText laid_out = (*data_->layout)(texts);
  std::vector<MaskedToken> masks = draw_masks(laid_out.text.ids, laid_out.words, *rule_, key);
  return {std::move(laid_out.text), std::move(laid_out.words), std::move(masks), pair.relation};
}

std::vector<int64_t> PretrainingTexts::lengths(int64_t epoch) const {
  std::vector<int64_t> lengths;
  for (const PretrainingText& text : data_->given) lengths.push_back(static_cast<int64_t>(text.text.size()));
  if (!lengths.empty()) return lengths;
  for (int64_t example = 0; example < count(); ++example) {
    const SentencePair pair = tokens_of(example, epoch_key(seed_, epoch, example));
    lengths.push_back(static_cast<int64_t>(pair.first.size() + pair.second.size() + data_->layout->special_tokens()));
  }
  return lengths;
}

std::shared_ptr<const PretrainingTexts::Data> read_texts_to_pretrain(const TextEncoder& encoder,
                                                                     const std::string& file,
                                                                     const PretrainingOptions& options) {
  PretrainingTexts::Data data{.in_pairs = options.in_pairs(), .layout = PairLayout(encoder, options.in_pairs())};
  const auto most = static_cast<size_t>(encoder.max_length());
  const size_t special = data.layout->special_tokens(), texts = data.in_pairs ? 2 : 1;
  check(most >= special + texts, "{} tokens leave no room beside {} special ones", most, special);
  data.room = most - special;
  data.documents = std::make_shared<const Documents>(
      read_documents(encoder, file, options.masks.text_column, {data.room, data.room / texts}));
  return std::make_shared<const PretrainingTexts::Data>(std::move(data));
}

std::shared_ptr<const PretrainingTexts::Data> made_up_texts_to_pretrain(const TextEncoder& encoder, int64_t count,
                                                                        const MaskRule& rule, bool in_pairs) {
  const auto length = static_cast<size_t>(encoder.max_length());
  PretrainingText text;
  text.relation = in_pairs ? is_next : no_relation;
  text.text.ids.assign(length, 0);
  text.text.type_ids.assign(length, 0);
  for (size_t i = 0; i < length; ++i) text.words.push_back(static_cast<int32_t>(i));
  text.masks = draw_masks(text.text.ids, text.words, rule, {});
  PretrainingTexts::Data data{.in_pairs = in_pairs};
  data.given.assign(static_cast<size_t>(count), text);
  return std::make_shared<const PretrainingTexts::Data>(std::move(data));
}

}  // namespace thaw
