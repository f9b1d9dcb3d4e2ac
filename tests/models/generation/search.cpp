// SPDX-License-Identifier: Apache-2.0
// Greedy rows and beams against the reference library's generate(): cases.jsonl, made with transformers 5.24 over the
// same tables.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <numeric>

#include "models/data/json_rows.h"
#include "models/generation/generate.h"
#include "models/generation/generation_config.h"
#include "tests/error_of.h"
#include "tests/models/generation/table_decoder.h"
#include "tests/source_folder.h"

namespace thaw {
namespace {

std::vector<int32_t> ids_at(const Json& json, JsonStep step) {
  std::vector<int32_t> ids;
  for (const int64_t id : json.get_ints(step)) ids.push_back(static_cast<int32_t>(id));
  return ids;
}

// The tables, and behind them the cases.
struct Cases {
  JsonRows rows{LineReader(source_folder() / "tests/models/generation/cases.jsonl")};
  Json tables;
  Cases() { REQUIRE(rows.next(tables)); }
};

struct Case {
  std::vector<int32_t> prompt;
  GenerationOptions options;
  std::vector<std::vector<int32_t>> ids;
  std::vector<double> scores;  // of beams
};

bool next(Cases& cases, Case& one) {
  Json row;
  if (!cases.rows.next(row)) return false;
  one = {};
  one.prompt = ids_at(row, "prompt");
  one.options = read_generation_config(row.get_object("options")).options;
  one.options.end_ids = ids_at(row, "eos");
  for (size_t i = 0; i < row.get_array("ids").size(); ++i) one.ids.push_back(ids_at(row.get_array("ids"), i));
  if (const Json* scores = row.find("scores"))
    for (const Json& score : scores->items()) one.scores.push_back(score.as_number());
  return true;
}

std::vector<std::vector<int32_t>> ids_of(const std::vector<Hypothesis>& hypotheses) {
  std::vector<std::vector<int32_t>> ids;
  for (const Hypothesis& one : hypotheses) ids.push_back(one.ids);
  return ids;
}

}  // namespace

TEST_CASE("generation: greedy rows and beams under every rule are the reference's") {
  Cases cases;
  TableDecoder decoder(cases.tables);
  size_t count = 0;
  for (Case one; next(cases, one); ++count) {
    const std::string where = cases.rows.where();
    CAPTURE(where);
    const std::vector<Hypothesis> got = generate(decoder, {{one.prompt}}, one.options)[0];
    CHECK(ids_of(got) == one.ids);
    for (size_t i = 0; i < one.scores.size() && i < got.size(); ++i)
      CHECK(got[i].score.value() == doctest::Approx(one.scores[i]).epsilon(2e-6));
  }
  CHECK(count > 200);
}

TEST_CASE("generation: a prompt in a batch of others gives what it gives alone, and rows that ended are not computed") {
  Cases cases;
  TableDecoder decoder(cases.tables);
  std::vector<std::vector<int32_t>> prompts;
  for (int32_t i = 0; i < 40; ++i) {
    std::vector<int32_t>& prompt = prompts.emplace_back();
    for (int32_t j = 0; j <= i % 9; ++j) prompt.push_back(2 + (i * 7 + j * j * 5) % 14);
  }
  GenerationOptions greedy, beams, sampled;
  greedy.end_ids = beams.end_ids = sampled.end_ids = {1, 3};
  greedy.max_new_tokens = beams.max_new_tokens = sampled.max_new_tokens = 25;
  beams.num_beams = beams.num_return_sequences = 3;
  beams.no_repeat_ngram_size = 2;
  sampled.do_sample = true;
  sampled.num_return_sequences = 2;
  sampled.top_p = .9;
  for (const GenerationOptions& options : {greedy, beams, sampled}) {
    CAPTURE(options.num_beams);
    std::vector<uint64_t> numbers(prompts.size());
    std::iota(numbers.begin(), numbers.end(), 100);
    decoder.computed = 0;
    const auto together = generate(decoder, {prompts, numbers}, options);
    const int64_t computed = decoder.computed;
    decoder.computed = 0;
    for (size_t i = 0; i < prompts.size(); ++i)
      CHECK(ids_of(generate(decoder, {{prompts[i]}, {numbers[i]}}, options)[0]) == ids_of(together[i]));
    CHECK(decoder.computed == computed);
  }
}

TEST_CASE("generation: tokens are told as they come; scores are log probabilities") {
  Cases cases;
  TableDecoder decoder(cases.tables);
  GenerationOptions options;
  options.end_ids = {1};
  options.with_scores = true;
  std::vector<std::vector<int32_t>> told(2);
  GenerationRequest request{{{2}, {9, 4}}};
  request.on_token = [&](size_t prompt, int32_t id) { told[prompt].push_back(id); };
  const auto got = generate(decoder, request, options);
  for (size_t i = 0; i < 2; ++i) {
    CHECK(told[i] == got[i][0].ids);
    double sum = 0;
    std::vector<int32_t> row = request.prompts[i];
    for (const int32_t id : got[i][0].ids) {
      const std::vector<float> logits = decoder.start(std::span(&row, 1)).to_host<float>();
      sum += static_cast<double>(logits[static_cast<size_t>(id)]) - log_sum_exp(logits);
      row.push_back(id);
    }
    CHECK(got[i][0].score.value() == doctest::Approx(sum));
  }
  options.with_scores = false;
  CHECK(!generate(decoder, request, options)[0][0].score);
}

TEST_CASE("generation: of several drawn rows the likeliest stands first; a temperature near 0 draws the likeliest") {
  Cases cases;
  TableDecoder decoder(cases.tables);
  GenerationOptions options;
  options.end_ids = {1};
  options.do_sample = options.with_scores = true;
  options.num_return_sequences = 6;
  const auto drawn = generate(decoder, {{{2}}}, options)[0];
  CHECK(std::ranges::is_sorted(drawn, std::greater(), [](const Hypothesis& one) { return *one.score; }));
  CHECK(drawn.front().ids != drawn.back().ids);
  GenerationOptions greedy;
  greedy.end_ids = {1};
  options.temperature = 1e-40;
  options.num_return_sequences = 1;
  CHECK(generate(decoder, {{{2}}}, options)[0][0].ids == generate(decoder, {{{2}}}, greedy)[0][0].ids);
}

TEST_CASE("generation: a prompt whose logits are not numbers is told, and the others go on") {
  Cases cases;
  Json broken = cases.tables;
  std::vector<Json> rows = broken.get_array("before").items();  // token 4, as the token before the last one
  std::vector<Json> row = rows.at(4).items();
  row.at(3) = 1e300;
  rows.at(4) = row;
  TableDecoder decoder(broken.set("before", rows)), whole(cases.tables);
  GenerationOptions options;
  options.max_new_tokens = 2;
  GenerationRequest request{{{2}, {4, 9}, {3}}};
  CHECK(error_of<std::runtime_error>([&] { generate(decoder, request, options); }) ==
        "generate: the logits of the next token are not finite numbers");
  std::vector<size_t> told;
  request.on_overflow = [&](size_t prompt) { told.push_back(prompt); };
  for (const int64_t beams : {1, 2}) {
    told.clear();
    options.num_beams = beams;
    const auto got = generate(decoder, request, options);
    CHECK(told == std::vector<size_t>{1});
    CHECK(got[1].empty());
    for (const size_t i : {0, 2}) CHECK(ids_of(got[i]) == ids_of(generate(whole, {{request.prompts[i]}}, options)[0]));
  }
}

TEST_CASE("generation: what cannot be generated is refused") {
  Cases cases;
  TableDecoder decoder(cases.tables);
  decoder.most = 6;
  GenerationOptions options;
  const auto error = [&](std::vector<int32_t> prompt) {
    return error_of<std::invalid_argument>([&] { generate(decoder, {{{2}, std::move(prompt)}}, options); });
  };
  CHECK(error({}) == "generate: prompt 1 has no token");
  CHECK(error({1, 2, 3, 4, 5, 6, 7}) == "generate: prompt 1 has 7 tokens, 2 more than leave room for one of 6");
  CHECK(generate(decoder, {{{2, 5, 4, 4, 4}}}, options)[0][0].ids.size() == 1);
  decoder.most = INT64_MAX;
  options.suppress_tokens.resize(17);
  std::iota(options.suppress_tokens.begin(), options.suppress_tokens.end(), 0);
  CHECK(generate(decoder, {{{2}}}, options)[0][0].ids.empty());
  options.num_beams = 2;
  CHECK(generate(decoder, {{{2}}}, options)[0].empty());
}

}  // namespace thaw
