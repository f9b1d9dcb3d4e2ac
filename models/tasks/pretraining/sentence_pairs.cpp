// SPDX-License-Identifier: Apache-2.0
// A block of random words decides on a pair, one or some more on a partner.
#include "models/tasks/pretraining/sentence_pairs.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <numeric>
#include <utility>

#include "models/tasks/text_parts.h"
#include "tensor/check.h"
#include "tensor/counted.h"

namespace thaw {
namespace {

constexpr double short_share = 0.1;
constexpr uint64_t partners_tried = 4;  // until one has as many tokens as are wanted

bool is_below(uint32_t word, double share) { return static_cast<double>(word) * 0x1p-32 < share; }
// Of [least, most].
size_t drawn(uint32_t word, size_t least, size_t most) { return least + word % (most - least + 1); }

}  // namespace

SentencePairs::SentencePairs(std::shared_ptr<const Documents> documents, size_t room)
    : documents_(std::move(documents)), room_(room), circle_of_(documents_->pieces().size()) {
  std::vector<int64_t> all(circle_of_.size());
  std::iota(all.begin(), all.end(), int64_t{0});
  draw_among(all);
}

void SentencePairs::draw_among(std::span<const int64_t> which) {
  const auto kin = [&](int64_t example) { return documents_->pieces()[static_cast<size_t>(example)].kin; };
  if (std::ranges::all_of(which, [&](int64_t example) { return kin(example) == kin(which[0]); }))
    fail("{}: {} of one text alone: a second part that does not follow has to come from another text",
         documents_->file(), counted(which.size(), "example"));
  for (const int64_t example : which) circle_of_[static_cast<size_t>(example)] = circles_.size();
  std::vector<int64_t>& circle = circles_.emplace_back();
  std::ranges::copy_if(which, std::back_inserter(circle), [&](int64_t example) {
    const Piece& piece = documents_->pieces()[static_cast<size_t>(example)];
    return piece.end - piece.first > 1;
  });
  if (std::ranges::all_of(circle, [&](int64_t example) { return kin(example) == kin(circle[0]); }))
    circle.assign(which.begin(), which.end());
}

Documents::Range SentencePairs::from_another(int64_t example, size_t wanted, size_t most, RandomKey key) const {
  const std::span<const Piece> pieces = documents_->pieces();
  const std::vector<int64_t>& circle = circles_[circle_of_[static_cast<size_t>(example)]];
  const uint64_t own_kin = pieces[static_cast<size_t>(example)].kin;
  // Where tokens of a piece begin that may be taken.
  const auto first_of = [](const Piece& piece) { return piece.first + (piece.end - piece.first > 1 ? 1 : 0); };
  const auto size_from = [&](size_t first, const Piece& piece) { return documents_->tokens(first, piece.end).size(); };
  const Piece* other = nullptr;
  std::array<uint32_t, 4> random{};
  for (uint64_t trial = 1; trial <= partners_tried; ++trial) {
    const std::array<uint32_t, 4> drawn_now = random_words(key, trial);
    size_t place = drawn_now[0] % circle.size();
    const auto drawn_piece = [&] { return &pieces[static_cast<size_t>(circle[place])]; };
    while (drawn_piece()->kin == own_kin) place = (place + 1) % circle.size();
    const Piece* piece = drawn_piece();
    const size_t size = size_from(first_of(*piece), *piece);
    if (!other || size > size_from(first_of(*other), *other)) {
      other = piece;
      random = drawn_now;
    }
    if (size >= wanted) break;
  }
  size_t last = first_of(*other);
  while (last + 1 < other->end && size_from(last + 1, *other) >= wanted) ++last;
  const size_t first = drawn(random[1], first_of(*other), last);
  size_t end = first + 1;
  const auto tokens = [&] { return documents_->tokens(first, end); };
  // As long as one more sentence brings them nearer to the length that is wanted.
  while (end < other->end) {
    const size_t with_next = tokens().size() + documents_->sentence(end).size();
    if (with_next > most || tokens().size() + with_next > 2 * wanted) break;
    ++end;
  }
  Documents::Range range = tokens();
  if (range.size() > most)
    range.end = range.begin + end_of_part(documents_->words().subspan(range.begin, range.size()), 0, most);
  return range;
}

SentencePair SentencePairs::operator()(int64_t example, RandomKey epoch_key) const {
  const RandomKey key{epoch_key.seed, epoch_key.stream + 1};
  const Piece& piece = documents_->pieces()[static_cast<size_t>(example)];
  const std::array<uint32_t, 4> random = random_words(key, 0);
  const size_t target = is_below(random[0], short_share) ? drawn(random[1], 2, room_) : room_;
  size_t end = std::min(piece.first + 2, piece.end);
  while (end < piece.end && documents_->tokens(piece.first, end).size() < target) ++end;
  if (end - piece.first == 1) {
    const Documents::Range first = documents_->sentence(piece.first);
    const size_t left = room_ - first.size(), wanted = target > first.size() ? target - first.size() : 1;
    return {first, from_another(example, std::min(wanted, left), left, key), is_not_next};
  }
  const size_t cut = piece.first + drawn(random[2], 1, end - piece.first - 1);
  const Documents::Range first = documents_->tokens(piece.first, cut), rest = documents_->tokens(cut, end);
  if (is_below(random[3], 0.5)) return {first, rest, is_next};
  return {first, from_another(example, rest.size(), room_ - first.size(), key), is_not_next};
}

}  // namespace thaw
