// SPDX-License-Identifier: Apache-2.0
// The problems that are generated, by what their rules promise.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "models/data/sequences/bit_problems.h"
#include "models/data/sequences/distinct_draws.h"
#include "models/data/sequences/list_ops.h"
#include "tests/error_of.h"

using namespace thaw;

namespace {

// The value of a tree by its text, with a stack of lists.
int value_of(const std::string& text) {
  struct List {
    std::string op;
    std::vector<int> values;
  };
  std::vector<List> open{{"", {}}};
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (word[0] == '[') {
      open.push_back({word, {}});
    } else if (word == "]") {
      List list = open.back();
      open.pop_back();
      std::multiset<int> sorted(list.values.begin(), list.values.end());
      int value = 0;
      if (list.op == "[MIN") value = *sorted.begin();
      if (list.op == "[MAX") value = *sorted.rbegin();
      if (list.op == "[SM")
        for (const int one : list.values) value = (value + one) % 10;
      if (list.op == "[MED") {
        const std::vector<int> all(sorted.begin(), sorted.end());
        const size_t n = all.size();
        value = static_cast<int>((all[(n - 1) / 2] + all[n / 2]) * 0.5);
      }
      open.back().values.push_back(value);
    } else {
      open.back().values.push_back(std::stoi(word));
    }
  }
  REQUIRE(open.size() == 1);
  REQUIRE(open[0].values.size() == 1);
  return open[0].values[0];
}

SequenceSplits draw_lists(const ListOps& lists, const SplitSizes& sizes, uint64_t seed) {
  return distinct_draws(sizes, seed, [&](RandomDraws& draws) { return lists.draw(draws); });
}

int most_frequent(const std::map<int, int>& counts) {
  return std::ranges::max_element(counts, {}, [](const auto& count) { return count.second; })->first;
}

}  // namespace

TEST_CASE("ListOps: values are those of another evaluator, lengths are within bounds, no tree is there twice") {
  const ListOps lists;
  const SequenceSplits drawn = draw_lists(lists, {300, 50, 50}, 3);
  std::set<std::vector<int32_t>> different;
  for (const auto* split : {&drawn.train, &drawn.validation, &drawn.test})
    for (const LabelledSequence& tree : *split) {
      INFO(list_ops_text(tree.ids));
      CHECK(value_of(list_ops_text(tree.ids)) == tree.answers.at(0));
      CHECK(std::ssize(tree.ids) > lists.shortest);
      CHECK(std::ssize(tree.ids) < lists.longest);
      CHECK(different.insert(tree.ids).second);
    }
  CHECK(different.size() == 400);
  CHECK(draw_lists(lists, {300, 50, 50}, 3).test[49].ids == drawn.test[49].ids);
  CHECK(draw_lists(lists, {300, 50, 50}, 4).test[49].ids != drawn.test[49].ids);
}

TEST_CASE("ListOps: the most frequent answer and the root's operator go as far as they should") {
  const SequenceSplits drawn = draw_lists({}, {8000, 0, 2000}, 1);
  std::map<int, int> all;
  std::map<int, std::map<int, int>> by_root;
  for (const LabelledSequence& tree : drawn.train) {
    ++all[tree.answers[0]];
    ++by_root[tree.ids[0]][tree.answers[0]];
  }
  CHECK(by_root.size() == 4);
  int majority = 0, root = 0, tokens = 0;
  for (const LabelledSequence& tree : drawn.test) {
    majority += tree.answers[0] == most_frequent(all);
    root += tree.answers[0] == most_frequent(by_root[tree.ids[0]]);
    tokens += static_cast<int>(tree.ids.size());
  }
  CHECK(majority / 2000.0 == doctest::Approx(0.112).epsilon(0.2));
  CHECK(root / 2000.0 == doctest::Approx(0.243).epsilon(0.15));
  CHECK(tokens / 2000.0 == doctest::Approx(41.8).epsilon(0.05));
}

TEST_CASE("bit memory: one of the strings comes again, half of it hidden, and all of it is the answer") {
  const BitMemory memory{.strings = 3, .bits = 40, .patch = 10};
  const SequenceFormat format = memory.format();
  CHECK(format == SequenceFormat{.inputs = 10, .longest = 16, .read = 4, .answers = 10, .classes = 2});
  RandomDraws draws({5, 0});
  std::map<int64_t, int> asked;
  int hidden = 0;
  for (int draw = 0; draw < 600; ++draw) {
    const LabelledSequence s = memory.draw(draws);
    REQUIRE(s.numbers.size() == 160);
    REQUIRE(s.answers.size() == 40);
    int64_t matching = -1;
    for (int64_t string = 0; string < 3; ++string) {
      const std::span bits(s.numbers.data() + string * 40, 40);
      const bool is_it = std::equal(bits.begin(), bits.end(), s.answers.begin(),
                                    [](float bit, int32_t answer) { return bit == (answer == 1 ? 1.0f : -1.0f); });
      if (is_it) matching = string;
    }
    REQUIRE(matching >= 0);
    ++asked[matching];
    for (int i = 0; i < 40; ++i) {
      const float shown = s.numbers[static_cast<size_t>(120 + i)];
      hidden += shown == 0;
      CHECK((shown == 0 || shown == s.numbers[static_cast<size_t>(matching * 40 + i)]));
    }
  }
  for (const auto& [string, times] : asked) CHECK(times == doctest::Approx(200).epsilon(0.2));
  CHECK(hidden / 24000.0 == doctest::Approx(0.5).epsilon(0.03));
  CHECK(error_of([] { return BitMemory{.bits = 30, .patch = 20}.format(); }) ==
        "strings of 30 bits cannot be cut into rows of 20");
}

TEST_CASE("bit XOR: all different sequences can be drawn, and no more") {
  const BitXor problem{.bits = 3};
  const auto draw = [&](RandomDraws& draws) { return problem.draw(draws); };
  const SequenceSplits drawn = distinct_draws({48, 8, 8}, 1, draw);
  CHECK(drawn.train.size() + drawn.validation.size() + drawn.test.size() == 64);
  for (const LabelledSequence& s : drawn.train)
    for (size_t i = 0; i < 3; ++i)
      CHECK(s.answers[i] == (static_cast<int>(s.numbers[i]) ^ static_cast<int>(s.numbers[3 + i])));
  CHECK(error_of([&] { distinct_draws({48, 8, 9}, 1, draw); }) == "there are hardly 65 different ones: 64 were found");
}
