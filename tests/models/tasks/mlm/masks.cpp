// SPDX-License-Identifier: Apache-2.0
// Which tokens are masked, how often, and by what they are drawn.
#include "models/tasks/mlm/masks.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <vector>

#include "models/tasks/epoch_draws.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

constexpr int32_t mask = 4, first_word = 5;

// 20 words of two tokens between special ones.
struct Text {
  std::vector<int32_t> ids, words;
  Text() {
    ids.push_back(2), words.push_back(-1);
    for (int32_t i = 0; i < 40; ++i) ids.push_back(first_word + i), words.push_back(i / 2);
    ids.push_back(3), words.push_back(-1);
  }
};

MaskRule rule(double probability, bool whole_words) {
  MaskRule made;
  made.probability = probability;
  made.whole_words = whole_words;
  made.mask_id = mask;
  for (int32_t id = first_word; id < 105; ++id) made.others.push_back(id);
  return made;
}

bool same(const std::vector<MaskedToken>& a, const std::vector<MaskedToken>& b) {
  return std::ranges::equal(a, b, [](const MaskedToken& x, const MaskedToken& y) {
    return x.place == y.place && x.truth == y.truth && x.shown == y.shown;
  });
}

}  // namespace

TEST_CASE("masks: whole words, never special tokens, the share that is asked for") {
  const Text text;
  for (int64_t number = 0; number < 50; ++number) {
    const auto masks = draw_masks(text.ids, text.words, rule(0.15, true), epoch_key(1, 0, number));
    REQUIRE(masks.size() == 6);
    for (size_t i = 0; i < masks.size(); i += 2) {
      CHECK(masks[i].place % 2 == 1);  // both tokens of the word
      CHECK(masks[i + 1].place == masks[i].place + 1);
      CHECK(masks[i].truth == text.ids[static_cast<size_t>(masks[i].place)]);
    }
  }
  std::set<int32_t> places;
  for (int64_t number = 0; number < 50; ++number)
    for (const MaskedToken& one : draw_masks(text.ids, text.words, rule(0.15, false), epoch_key(1, 0, number)))
      places.insert(one.place % 2);
  CHECK(places.size() == 2);
}

TEST_CASE("masks: one at least of a text with a word, a word that is too long if there is no other, else none") {
  const std::vector<int32_t> ids{2, 7, 8, 9, 3}, word{-1, 0, 0, 0, -1}, no_word{-1, -1, -1, -1, -1};
  CHECK(draw_masks(ids, word, rule(0.15, true), epoch_key(1, 0, 0)).size() == 3);
  CHECK(draw_masks(ids, word, rule(0.15, false), epoch_key(1, 0, 0)).size() == 1);
  CHECK(draw_masks(ids, no_word, rule(0.15, true), epoch_key(1, 0, 0)).empty());
}

TEST_CASE("masks: of four fifths nothing is seen, of a tenth another token, of a tenth themselves") {
  const Text text;
  std::map<char, int> counts;
  int all = 0;
  for (int64_t number = 0; number < 2000; ++number)
    for (const MaskedToken& one : draw_masks(text.ids, text.words, rule(0.15, true), epoch_key(3, 0, number))) {
      ++counts[one.shown == mask ? 'm' : one.shown == one.truth ? 's' : 'o'];
      ++all;
    }
  CHECK(counts['m'] == doctest::Approx(0.8 * all).epsilon(0.02));
  CHECK(counts['o'] == doctest::Approx(0.1 * all).epsilon(0.1));
  CHECK(counts['s'] == doctest::Approx(0.1 * all).epsilon(0.1));
}

TEST_CASE("masks: drawn by seed, epoch and text, and by nothing else") {
  const Text text;
  const auto draw = [&](uint64_t seed, int64_t epoch, int64_t number) {
    return draw_masks(text.ids, text.words, rule(0.15, true), epoch_key(seed, epoch, number));
  };
  CHECK(same(draw(1, 0, 0), draw(1, 0, 0)));
  CHECK_FALSE(same(draw(1, 0, 0), draw(2, 0, 0)));
  CHECK_FALSE(same(draw(1, 0, 0), draw(1, 1, 0)));
  CHECK_FALSE(same(draw(1, 0, 0), draw(1, judging_epoch, 0)));
  CHECK_FALSE(same(draw(1, 0, 0), draw(1, 0, 1)));
}

TEST_CASE("mask rule: other tokens are words of the vocabulary") {
  const ScratchFolder folder;
  write_small_vocabulary(folder.path().string());
  const MaskRule made(0.15, true, *load_tokenizer(folder.path().string()));
  CHECK(made.mask_id == mask);
  CHECK(made.others.size() == static_cast<size_t>(small_vocabulary_size()) - 5);
  CHECK(made.others.front() == first_word);
}
