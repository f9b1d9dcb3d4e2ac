// SPDX-License-Identifier: Apache-2.0
// Parts of a file as examples of their own.
#include "models/tasks/selected_examples.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/bert/classification.h"
#include "models/tasks/classification/model.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

struct Opened {
  ScratchFolder folder;
  ClassificationModel model = open();

  ClassificationModel open() {
    BertConfig config = small_bert_config();
    config.labels = {"a", "b", "c"};
    write_small_model<BertForSequenceClassification>(folder / "model", config);
    return {folder / "model", TextClassifierOptions{{.device = Device::open("reference")}}, {}, {}, {}};
  }
  // 20 rows of a, 10 of b, 1 of c
  std::shared_ptr<Examples> read() {
    std::string rows = "text\tlabel\n";
    for (int i = 0; i < 31; ++i) rows += text(i) + "\t" + std::string(i == 30 ? "c" : i % 3 == 0 ? "b" : "a") + "\n";
    return model.read(folder.write("t.tsv", rows).string());
  }
  // Three texts, each of them four times: two of a, two of b.
  std::shared_ptr<Examples> read_twins() {
    std::string rows = "text\tlabel\n";
    for (int i = 0; i < 12; ++i) rows += text(i % 3) + "\t" + std::string(i < 6 ? "a" : "b") + "\n";
    return model.read(folder.write("twins.tsv", rows).string());
  }
  static std::string text(int number) {
    std::string text = number % 2 ? "the cat is good" : "bad film";
    for (int bit = 1; bit < 32; bit *= 2) text += number & bit ? " very" : " not";
    return text;
  }
};

// Three examples are one group.
class InThrees : public SelectedExamples {
 public:
  using SelectedExamples::SelectedExamples;
  int64_t group(int64_t example) const override { return example / 3; }
};

}  // namespace

TEST_CASE("selected examples: losses, metrics, lengths and places are those of the whole file's examples") {
  Opened opened;
  const auto all = opened.read();
  SelectedExamples some(all, {30, 1, 4});
  CHECK(some.size() == 3);
  CHECK(some.lengths()[1] == all->lengths()[1]);
  const std::vector<int64_t> theirs{30, 4}, mine{0, 2};
  CHECK(some.loss(mine, 2).value().item() == all->loss(theirs, 2).value().item());
  CHECK(some.evaluate(mine)->metrics() == all->evaluate(theirs)->metrics());
  CHECK(some.show(0).where == opened.folder / "t.tsv" + ":32");
  CHECK(some.show(0).truth == "c");
  CHECK(some.identity() != all->identity());
  CHECK(some.identity() != SelectedExamples(all, {30, 1, 5}).identity());
  CHECK(some.read_by(opened.model)->identity() == some.identity());
  CHECK_THROWS_AS(SelectedExamples(all, {31}), std::invalid_argument);
}

TEST_CASE("split examples: a share of each label, none of a label with one example, the same by the same seed") {
  Opened opened;
  const auto all = opened.read();
  const ExampleSplit split = split_examples(*all, 0.3, 7);
  std::map<int64_t, int> validation;
  for (const int64_t example : split.validation) ++validation[all->stratum(example)];
  CHECK(validation == std::map<int64_t, int>{{0, 6}, {1, 3}});
  CHECK(split.train.size() == 22);
  std::vector<int64_t> both = split.train;
  both.insert(both.end(), split.validation.begin(), split.validation.end());
  std::ranges::sort(both);
  for (int64_t i = 0; i < 31; ++i) CHECK(both[static_cast<size_t>(i)] == i);
  CHECK(split_examples(*all, 0.3, 7).validation == split.validation);
  CHECK(split_examples(*all, 0.3, 8).validation != split.validation);
  CHECK_THROWS_WITH_AS(split_examples(*all, 0.01, 7), doctest::Contains("leaves none for validation"),
                       std::invalid_argument);
}

TEST_CASE("split examples: texts of the same tokens stay together, whatever their labels are") {
  Opened opened;
  const auto all = opened.read_twins();
  for (uint64_t seed = 0; seed < 8; ++seed) {
    const ExampleSplit split = split_examples(*all, 0.5, seed);
    CHECK(split.validation.size() == 4);
    for (const int64_t held_back : split.validation)
      for (const int64_t trained : split.train) CHECK(all->kin(held_back) != all->kin(trained));
  }
  // A share that no whole family fits.
  CHECK_THROWS_WITH_AS(split_examples(*all, 0.2, 7),
                       "a share of 0.2 of 12 examples leaves none for validation: those of the same text stay "
                       "together, and there are 3 different ones",
                       std::invalid_argument);
  CHECK(SelectedExamples(all, {4, 7}).kin(0) == all->kin(1));
}

TEST_CASE("sample examples: as many as are wanted, in the order of the file") {
  Opened opened;
  const auto all = opened.read();
  const std::vector<int64_t> five = sample_examples(*all, 5, 1);
  CHECK(five.size() == 5);
  CHECK(std::ranges::is_sorted(five));
  CHECK(std::ranges::adjacent_find(five) == five.end());
  CHECK(sample_examples(*all, 5, 2) != five);
  CHECK(sample_examples(*all, 500, 1).size() == 31);
}

TEST_CASE("sample examples: groups are whole, and counted as one") {
  Opened opened;
  std::vector<int64_t> which(31);
  std::iota(which.begin(), which.end(), int64_t{0});
  const auto threes = std::make_shared<InThrees>(opened.read(), which);
  CHECK(threes->first_of_groups() == std::vector<int64_t>{0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30});
  const std::vector<int64_t> four = sample_examples(*threes, 4, 2);
  const SelectedExamples some(threes, four);
  CHECK(some.first_of_groups().size() == 4);
  CHECK(four.size() == (four.back() == 30 ? 10 : 12));
}
