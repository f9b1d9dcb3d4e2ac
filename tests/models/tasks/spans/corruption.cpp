// SPDX-License-Identifier: Apache-2.0
// Which tokens go missing, how many, and that source and target together are the text.
#include "models/tasks/spans/corruption.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <stdexcept>
#include <vector>

#include "models/tasks/epoch_draws.h"
#include "tests/error_of.h"
#include "tests/scratch_folder.h"

namespace thaw {
namespace {

constexpr int32_t first_sentinel = 1000, end_id = 1;

SpanRule rule(double density = 0.15, double mean = 3) {
  SpanRule rule;
  rule.shape = {density, mean, 1};
  for (int32_t i = 0; i < 700; ++i) rule.sentinels.push_back(first_sentinel - i);
  rule.after = {end_id};
  return rule;
}

bool is_sentinel(int32_t id) { return id <= first_sentinel && id > first_sentinel - 700; }

std::vector<int32_t> tokens_of(int64_t length) {
  std::vector<int32_t> ids(static_cast<size_t>(length));
  std::iota(ids.begin(), ids.end(), 2000);
  return ids;
}

// What stands behind each sentinel, up to the next or the end.
std::map<int32_t, std::vector<int32_t>> behind_sentinels(const std::vector<int32_t>& ids) {
  std::map<int32_t, std::vector<int32_t>> spans;
  std::optional<int32_t> open;
  for (const int32_t id : ids) {
    if (is_sentinel(id)) {
      open = id;
      spans[id] = {};
    } else if (open && id != end_id) {
      spans[*open].push_back(id);
    }
  }
  return spans;
}

// The text again: sentinels of the source replaced by what the target says of them.
std::vector<int32_t> restored(const CorruptedText& text) {
  const auto spans = behind_sentinels(text.target);
  std::vector<int32_t> ids;
  for (const int32_t id : text.source) {
    if (id == end_id) continue;
    if (is_sentinel(id)) {
      ids.insert(ids.end(), spans.at(id).begin(), spans.at(id).end());
    } else {
      ids.push_back(id);
    }
  }
  return ids;
}

std::vector<int32_t> sentinels_in(const std::vector<int32_t>& ids) {
  std::vector<int32_t> found;
  std::ranges::copy_if(ids, std::back_inserter(found), is_sentinel);
  return found;
}

}  // namespace

// Source: numpy's round of the same products.
TEST_CASE("spans: counts of tokens and spans are numpy's, for every length") {
  struct Case {
    SpanShape shape;
    std::array<SpanCounts, 8> of;  // lengths 2, 3, 10, 30, 50, 100, 568, 600
    int64_t noise, spans;          // summed over lengths 2 to 600
  };
  const std::vector<Case> cases{
      {{0.15, 3}, {{{1, 1}, {1, 1}, {2, 1}, {4, 1}, {8, 3}, {15, 5}, {85, 28}, {90, 30}}}, 27047, 9023},
      {{0.5, 3}, {{{1, 1}, {2, 1}, {5, 2}, {15, 5}, {25, 8}, {50, 17}, {284, 95}, {300, 100}}}, 90150, 30051},
      {{0.15, 1}, {{{1, 1}, {1, 1}, {2, 2}, {4, 4}, {8, 8}, {15, 15}, {85, 85}, {90, 90}}}, 27047, 27047},
      {{0.9, 2}, {{{1, 1}, {2, 1}, {9, 1}, {27, 3}, {45, 5}, {90, 10}, {511, 57}, {540, 60}}}, 162266, 18033},
  };
  const std::array<int64_t, 8> lengths{2, 3, 10, 30, 50, 100, 568, 600};
  for (const Case& c : cases) {
    for (size_t i = 0; i < lengths.size(); ++i) {
      CHECK(span_counts(lengths[i], c.shape).noise == c.of[i].noise);
      CHECK(span_counts(lengths[i], c.shape).spans == c.of[i].spans);
    }
    int64_t noise = 0, spans = 0;
    for (int64_t length = 2; length <= 600; ++length) {
      const SpanCounts counts = span_counts(length, c.shape);
      noise += counts.noise;
      spans += counts.spans;
    }
    CHECK(noise == c.noise);
    CHECK(spans == c.spans);
  }
  CHECK_THROWS_AS(span_counts(1, {}), std::invalid_argument);
}

TEST_CASE("spans: texts are as long as their sources fit") {
  CHECK(raw_length(512, {}) == 568);  // as T5 was trained
  CHECK(target_length(568, {}) == 115);
  CHECK(raw_length(64, {}) == 70);
  CHECK(raw_length(1024, {}) == 1137);
  CHECK(raw_length(256, {0.5, 3}) == 383);
  for (const SpanShape& shape : {SpanShape{}, SpanShape{0.5, 3}, SpanShape{0.9, 2}, SpanShape{0.15, 1, 2}})
    for (int64_t most = 4; most <= 600; ++most) {
      const int64_t length = raw_length(most, shape);
      CHECK(source_length(length, shape) <= most);
      CHECK(source_length(length + 1, shape) > most);
    }
  CHECK(error_of([] { raw_length(2, {}); }) == "2 tokens leave no room for a token, a sentinel and 1 special ones");
}

TEST_CASE("spans: of every length the source and the target together are the text, sentinel by sentinel") {
  for (const SpanRule& r : {rule(), rule(0.5, 1), rule(0.5, 3), rule(0.9, 2), rule(0.05, 10)})
    for (int64_t length = 2; length <= 600; ++length) {
      const std::vector<int32_t> tokens = tokens_of(length);
      const SpanCounts counts = span_counts(length, r.shape);
      const auto spans = draw_spans(length, r.shape, epoch_key(5, length % 7, length));
      REQUIRE(std::ssize(spans) == counts.spans);
      int64_t missing = 0, before = 0;
      bool apart = true;
      for (const NoiseSpan& span : spans) {
        apart = apart && span.begin > before && span.end > span.begin;
        before = span.end;
        missing += span.end - span.begin;
      }
      CHECK(apart);
      CHECK(missing == counts.noise);
      CHECK(before == length);  // the last part is missing

      const CorruptedText text = corrupted(tokens, spans, r);
      CHECK(std::ssize(text.source) == source_length(length, r.shape));
      CHECK(std::ssize(text.target) == target_length(length, r.shape));
      CHECK(restored(text) == tokens);
      const auto at = r.sentinels.begin();
      CHECK(sentinels_in(text.source) == std::vector<int32_t>(at, at + counts.spans));
      CHECK(sentinels_in(text.target) == std::vector<int32_t>(at, at + counts.spans + 1));
      CHECK(is_sentinel(text.target[0]));
      CHECK(is_sentinel(text.target[text.target.size() - 2]));
      CHECK(text.target.back() == end_id);
    }
}

TEST_CASE("spans: a text of ten tokens, written out") {
  const SpanRule r = rule(0.3, 2);
  const std::vector<int32_t> ids = tokens_of(10);
  const std::vector<NoiseSpan> spans{{2, 3}, {8, 10}};
  const CorruptedText text = corrupted(ids, spans, r);
  CHECK(text.source == std::vector<int32_t>{2000, 2001, 1000, 2003, 2004, 2005, 2006, 2007, 999, 1});
  CHECK(text.target == std::vector<int32_t>{1000, 2002, 999, 2008, 2009, 998, 1});
}

TEST_CASE("spans: drawn by seed, epoch and example; judged by the same, whatever the seed") {
  const auto draw = [](uint64_t seed, int64_t epoch, int64_t example) {
    std::vector<int64_t> places;
    for (const NoiseSpan& span : draw_spans(300, {}, epoch_key(seed, epoch, example))) {
      places.push_back(span.begin);
      places.push_back(span.end);
    }
    return places;
  };
  CHECK(draw(1, 0, 0) == draw(1, 0, 0));
  std::set<std::vector<int64_t>> different;
  for (const uint64_t seed : {1, 2})
    for (const int64_t epoch : {0, 1, 2})
      for (const int64_t example : {0, 1, 2}) different.insert(draw(seed, epoch, example));
  different.insert(draw(1, judging_epoch, 0));
  CHECK(different.size() == 19);
  CHECK(draw(1, judging_epoch, 4) == draw(2, judging_epoch, 4));
}

// A part of n items in k parts has length j in C(n - j - 1, k - 2) of the C(n - 1, k - 1) ways.
TEST_CASE("spans: every way of cutting is as likely, so lengths are spread as combinatorics says") {
  const SpanShape shape{0.5, 3, 1};  // 8 of 16 tokens in 3 spans
  REQUIRE(span_counts(16, shape).noise == 8);
  REQUIRE(span_counts(16, shape).spans == 3);
  const int64_t draws = 20'000;
  std::map<int64_t, int64_t> missing, there;  // lengths of the first of each
  std::map<std::array<int64_t, 2>, int64_t> ways;
  for (int64_t i = 0; i < draws; ++i) {
    const auto spans = draw_spans(16, shape, epoch_key(9, 0, i));
    ++there[spans[0].begin];
    ++missing[spans[0].end - spans[0].begin];
    ++ways[{spans[0].end - spans[0].begin, spans[1].end - spans[1].begin}];
  }
  CHECK(ways.size() == 21);                                                         // C(7, 2)
  for (const auto& [way, count] : ways) CHECK(std::abs(count - draws / 21) < 160);  // five standard deviations: 151
  for (int64_t length = 1; length <= 6; ++length) {
    const double share = static_cast<double>(7 - length) / 21;  // C(7 - j, 1) / C(7, 2)
    CHECK(static_cast<double>(missing[length]) / static_cast<double>(draws) == doctest::Approx(share).epsilon(0.08));
    CHECK(static_cast<double>(there[length]) / static_cast<double>(draws) == doctest::Approx(share).epsilon(0.08));
  }
}

TEST_CASE("spans: sentinels and ends are the tokenizer's") {
  const ScratchFolder folder;
  folder.write("config.json", R"({"model_type": "t5", "vocab_size": 384})");
  folder.write("tokenizer_config.json", R"({"tokenizer_class": "ByT5Tokenizer"})");
  const auto tokenizer = load_tokenizer(folder.path().string());
  const SpanRule own(0.15, 3, *tokenizer, 384);
  CHECK(own.sentinels.size() == 125);
  CHECK(own.sentinels[0] == *tokenizer->find_id("<extra_id_0>"));
  CHECK(own.sentinels[7] == *tokenizer->find_id("<extra_id_7>"));
  CHECK(own.before.empty());
  CHECK(own.after == std::vector<int32_t>{1});
  own.check_sentinels(568);
  CHECK(error_of([&] { own.check_sentinels(2600); }) ==
        "texts of 2600 tokens need 131 sentinels, the tokenizer has 125");
  CHECK(SpanRule(0.15, 3, *tokenizer, 262).sentinels.size() == 3);  // of a model that knows no more
  CHECK(error_of<std::runtime_error>([&] { SpanRule(0.15, 3, *tokenizer, 259); }) ==
        "the tokenizer has no sentinels (<extra_id_0>, ...): nothing can stand for a span");
}

}  // namespace thaw
