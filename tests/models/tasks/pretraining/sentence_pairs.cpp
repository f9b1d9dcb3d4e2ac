// SPDX-License-Identifier: Apache-2.0
// Which pairs are drawn, how long they are, and of what.
#include "models/tasks/pretraining/sentence_pairs.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/tasks/epoch_draws.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

constexpr size_t room = 40;

// 60 texts of 1 to 9 sentences of 2 to 7 tokens, no two the same.
struct Drawn {
  ScratchFolder folder;
  std::shared_ptr<const Documents> documents;

  Drawn() {
    write_small_vocabulary(folder.path().string());
    const std::vector<std::string> words{"a", "b", "c", "d", "e", "the", "cat", "dog", "sat", "on", "mat", "good"};
    std::string text;
    uint64_t block = 0;
    const auto draw = [&](uint32_t below) { return random_words({17, 1}, block++)[0] % below; };
    for (int i = 0; i < 60; ++i) {
      for (uint32_t s = 0, count = 1 + draw(9); s < count; ++s) {
        for (uint32_t w = 0, n = 1 + draw(6); w < n; ++w) text += words[draw(12)] + " ";
        text += ".\n";
      }
      text += "\n";
    }
    const TextEncoder encoder(folder.path().string(), load_tokenizer(folder.path().string()),
                              {.vocab_size = small_vocabulary_size()}, 0);
    documents = std::make_shared<Documents>(
        read_documents(encoder, folder.write("t.txt", text).string(), "text", {room, room / 2}));
  }
  const Piece& piece(int64_t example) const { return documents->pieces()[static_cast<size_t>(example)]; }
  int64_t count() const { return std::ssize(documents->pieces()); }
  // The piece that tokens are of.
  int64_t piece_of(const Documents::Range& range) const {
    for (int64_t i = 0; i < count(); ++i) {
      const Documents::Range all = documents->tokens(piece(i).first, piece(i).end);
      if (range.begin >= all.begin && range.end <= all.end) return i;
    }
    return -1;
  }
  // Is there a sentence's end right before token `at`?
  bool begins_sentence(size_t at) const {
    for (const Piece& p : documents->pieces())
      for (size_t s = p.first; s < p.end; ++s)
        if (documents->sentence(s).begin == at) return true;
    return false;
  }
};

RandomKey key(int64_t epoch, int64_t example) { return epoch_key(1, epoch, example); }

}  // namespace

TEST_CASE("sentence pairs: what follows is of the same text, what does not is of another") {
  const Drawn drawn;
  const SentencePairs pairs(drawn.documents, room);
  int next = 0, not_next = 0, alone = 0;
  double length_next = 0, length_not_next = 0;
  for (int64_t epoch = 0; epoch < 60; ++epoch)
    for (int64_t example = 0; example < drawn.count(); ++example) {
      const SentencePair pair = pairs(example, key(epoch, example));
      const Piece& piece = drawn.piece(example);
      REQUIRE(pair.first.size() >= 1);
      REQUIRE(pair.second.size() >= 1);
      CHECK(pair.first.size() + pair.second.size() <= room);
      CHECK(pair.first.begin == drawn.documents->sentence(piece.first).begin);
      CHECK(drawn.begins_sentence(pair.second.begin));
      const int64_t other = drawn.piece_of(pair.second);
      REQUIRE(other >= 0);
      const bool single = piece.end - piece.first == 1;
      if (pair.relation == is_next) {
        CHECK(pair.second.begin == pair.first.end);
        CHECK(other == example);
        CHECK_FALSE(single);
      } else {
        REQUIRE(pair.relation == is_not_next);
        CHECK(drawn.piece(other).kin != piece.kin);
        CHECK(pair.second.begin !=
              drawn.documents->sentence(drawn.piece(other).first).begin);  // as of those that follow
      }
      if (single) {
        ++alone;
        continue;
      }
      (pair.relation == is_next ? next : not_next) += 1;
      (pair.relation == is_next ? length_next : length_not_next) += static_cast<double>(pair.second.size());
    }
  CHECK(alone > 0);
  CHECK(next == doctest::Approx(not_next).epsilon(0.06));
  // Lengths do not tell which is which.
  CHECK(length_not_next / not_next == doctest::Approx(length_next / next).epsilon(0.12));
}

TEST_CASE("sentence pairs: nine of ten are as long as their piece, the others shorter") {
  const Drawn drawn;
  const SentencePairs pairs(drawn.documents, room);
  int whole = 0, all = 0;
  for (int64_t epoch = 0; epoch < 200; ++epoch)
    for (int64_t example = 0; example < drawn.count(); ++example) {
      const SentencePair pair = pairs(example, key(epoch, example));
      if (pair.relation != is_next) continue;
      const Piece& piece = drawn.piece(example);
      // A target of 2 to 40 tokens is below what a piece of more than 30 has in three of four draws and more.
      if (drawn.documents->tokens(piece.first, piece.end).size() < 30 || piece.end - piece.first < 4) continue;
      ++all;
      whole += pair.second.end == drawn.documents->tokens(piece.first, piece.end).end;
    }
  REQUIRE(all > 500);
  CHECK(whole > 0.88 * all);
  CHECK(whole < 0.97 * all);
}

TEST_CASE("sentence pairs: drawn by key and example alone, each epoch anew, cuts and partners of all kinds") {
  const Drawn drawn;
  const SentencePairs pairs(drawn.documents, room), again(drawn.documents, room);
  std::set<size_t> cuts;
  std::set<int64_t> partners;
  const int64_t example = [&] {
    int64_t i = 0;
    while (drawn.piece(i).end - drawn.piece(i).first < 4) ++i;
    return i;
  }();
  for (int64_t epoch = 0; epoch < 300; ++epoch) {
    const SentencePair one = pairs(example, key(epoch, example)), two = again(example, key(epoch, example));
    CHECK(one.first.end == two.first.end);
    CHECK(one.second.begin == two.second.begin);
    CHECK(one.second.end == two.second.end);
    CHECK(one.relation == two.relation);
    cuts.insert(one.first.end);
    if (one.relation == is_not_next) partners.insert(drawn.piece_of(one.second));
  }
  CHECK(cuts.size() + 1 == drawn.piece(example).end - drawn.piece(example).first);
  CHECK(partners.size() > 40);
}

TEST_CASE("sentence pairs: examples that are kept apart take nothing of the others") {
  const Drawn drawn;
  SentencePairs pairs(drawn.documents, room);
  std::vector<int64_t> train, validation;
  for (int64_t i = 0; i < drawn.count(); ++i) (drawn.piece(i).kin % 4 == 0 ? validation : train).push_back(i);
  pairs.draw_among(train);
  pairs.draw_among(validation);
  int of_validation = 0;
  for (int64_t epoch = 0; epoch < 30; ++epoch)
    for (int64_t example = 0; example < drawn.count(); ++example) {
      const SentencePair pair = pairs(example, key(epoch, example));
      const bool validates = drawn.piece(example).kin % 4 == 0;
      CHECK((drawn.piece(drawn.piece_of(pair.second)).kin % 4 == 0) == validates);
      of_validation += validates;
    }
  CHECK(of_validation > 100);
  const std::vector<int64_t> one{0};
  CHECK_THROWS_WITH_AS(pairs.draw_among(one), doctest::Contains("t.txt: 1 example of one text alone"),
                       std::runtime_error);
}
