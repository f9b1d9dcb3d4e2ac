// SPDX-License-Identifier: Apache-2.0
// Counted neighbours, cosines of pairs, and both on texts of the task.
#include "examples/data/pretraining_baselines.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "examples/data/neighbour_words.h"
#include "examples/data/pair_cosines.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

using namespace thaw;

TEST_CASE("neighbour words: the most frequent one, behind a word, between two; less where nothing was seen") {
  const std::vector<std::vector<uint32_t>> texts{{1, 2, 3}, {1, 2, 4}, {1, 5, 3}, {5, 2}, {0, 9, 0}};
  const NeighbourWords known(texts);
  CHECK(known.likeliest() == 1);  // as often as 2, and smaller
  CHECK(known.likeliest(NeighbourWords::edge) == 1);
  CHECK(known.likeliest(1) == 2);
  CHECK(known.likeliest(2) == 3);  // as often as 4, and smaller
  CHECK(known.likeliest(1, 3) == 2);
  CHECK(known.likeliest(1, 4) == 2);
  CHECK(known.likeliest(5, NeighbourWords::edge) == 2);
  CHECK(known.likeliest(2, 7) == 3);    // by the left one
  CHECK(known.likeliest(77, 78) == 1);  // by none
  CHECK(NeighbourWords({}).likeliest(1, 2) == NeighbourWords::edge);
}

TEST_CASE("pair cosines: the threshold that is right most often in the training pairs") {
  TextPairs train, test;
  const auto add = [](TextPairs& pairs, const char* first, const char* second, bool together) {
    pairs.first.emplace_back(first);
    pairs.second.emplace_back(second);
    pairs.together.push_back(together);
  };
  add(train, "a fast mail reader", "the mail reader shows threads", true);
  add(train, "a fast mail reader", "plays chess against you", false);
  add(train, "plays chess at home", "chess needs a board", true);
  add(train, "a font editor", "mail by threads", false);
  add(test, "the font editor", "this editor draws a font", true);
  add(test, "chess", "mail threads", false);
  add(test, "chess", "chess", false);
  CHECK(pair_cosine_accuracy(train, test) == doctest::Approx(2.0 / 3));
  CHECK(pair_cosine_accuracy(train, train) == 1);
  CHECK_THROWS_AS(pair_cosine_accuracy(train, {}), std::invalid_argument);
  // Where cosines tell nothing, all are what most are.
  TextPairs apart;
  add(apart, "mail", "chess", true);
  add(apart, "font", "game", true);
  add(apart, "game", "mail", false);
  CHECK(pair_cosine_accuracy(apart, apart) == doctest::Approx(2.0 / 3));
}

TEST_CASE("pretraining's baselines: of what the task judges by, between what nothing and all would find") {
  const ScratchFolder folder;
  write_small_vocabulary(folder.path().string());
  std::string texts;
  for (int i = 0; i < 40; ++i)
    texts += i % 2 ? "the cat sat on the mat.\nThe cats, the cats.\n\n" : "a very good film.\nNot a bad play.\n\n";
  const std::string file = folder.write("t.txt", texts).string();
  const TextEncoder encoder(folder.path().string(), load_tokenizer(folder.path().string()),
                            {.positions = 40, .vocab_size = small_vocabulary_size(), .type_vocab_size = 2}, 0);
  const PretrainingBaselines found = pretraining_baselines(encoder, file, file, 1);
  CHECK(found.pairs == 40);
  CHECK(found.words > 40);
  CHECK(found.following > 0.2);
  CHECK(found.following < 0.8);
  CHECK(found.frequent < found.behind_left);
  CHECK(found.behind_left < found.by_both);
  CHECK(found.by_both < 1);
  CHECK(found.by_cosine >= 0.5);
}
