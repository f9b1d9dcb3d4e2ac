// SPDX-License-Identifier: Apache-2.0
// The options of each decoding are those that the goldens' README gives for its name.
#include "tests/models/generation/golden_rows.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "models/generation/generate.h"

namespace thaw {
namespace {

GenerationOptions options_of(const std::string& name) {
  GenerationOptions o;
  o.max_new_tokens = 14;
  if (name == "greedy_repetition1_4_min6") {
    o.repetition_penalty = 1.4;
    o.min_new_tokens = 6;
  } else if (name == "beam4") {
    o.num_beams = 4;
  } else if (name == "beam4_returned3") {
    o.num_beams = 4;
    o.length_penalty = .6;
    o.early_stopping = EarlyStopping::yes;
    o.no_repeat_ngram_size = 2;
    o.num_return_sequences = 3;
  } else if (name == "beam3_long") {
    o.num_beams = 3;
    o.length_penalty = 2;
    o.min_new_tokens = 5;
  } else {
    REQUIRE(name == "greedy");
  }
  return o;
}

// The new tokens of a row: up to its first end token, what follows is filling.
std::vector<int32_t> new_tokens(std::vector<int32_t> row, size_t prompt, int32_t end) {
  row.erase(row.begin(), row.begin() + static_cast<ptrdiff_t>(prompt));
  const auto found = std::ranges::find(row, end);
  if (found != row.end()) row.erase(found + 1, row.end());
  return row;
}

}  // namespace

void check_golden_rows(const GoldenCase& golden, const std::vector<std::vector<int32_t>>& prompts,
                       const std::function<std::unique_ptr<Decoder>(const std::vector<size_t>&)>& open) {
  const int32_t end = golden.integers("gen.eos").at(0);
  for (const std::string& name : golden.names("gen.")) {
    if (name == "eos") continue;
    const std::string where = fmt::format("{}: gen.{}", golden.name(), name);
    CAPTURE(where);
    GenerationOptions options = options_of(name);
    options.end_ids = {end};
    const std::vector<int32_t> cells = golden.integers("gen." + name);
    const auto width = static_cast<size_t>(golden.shape("gen." + name).at(1));
    const auto check_one = [&](size_t prompt, const std::vector<Hypothesis>& got) {
      const auto returned = static_cast<size_t>(options.num_return_sequences);
      REQUIRE(got.size() == returned);
      for (size_t i = 0; i < returned; ++i) {
        const auto begin = cells.begin() + static_cast<ptrdiff_t>((prompt * returned + i) * width);
        CHECK(got[i].ids == new_tokens({begin, begin + static_cast<ptrdiff_t>(width)}, prompts[prompt].size(), end));
      }
    };
    std::vector<size_t> all(prompts.size());
    std::iota(all.begin(), all.end(), size_t{0});
    const auto together = generate(*open(all), {prompts}, options);
    for (const size_t prompt : all) {
      check_one(prompt, together[prompt]);
      check_one(prompt, generate(*open({prompt}), {{prompts[prompt]}}, options)[0]);
    }
  }
}

}  // namespace thaw
