// SPDX-License-Identifier: Apache-2.0
// What is told of tokens that were found: the same numbers whether they were hidden in a text or follow it.
#include "models/tasks/token_evaluation.h"

#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <vector>

#include "models/judged_rows.h"
#include "models/tasks/lm/evaluation.h"
#include "tests/models/text/byte_tokenizer.h"

using namespace thaw;

namespace {

const std::vector<int64_t> both{0, 1}, second{1};

}  // namespace

TEST_CASE("tokens: losses are means over all tokens of all texts, words are right where all their tokens are") {
  const auto tokenizer = byte_tokenizer();
  const TokenEvaluation evaluation(*tokenizer, {{{1, 2, 3}, {1, 2, 4}, 1.5, {0, 0, 1}}, {{5}, {5}, 4.5, {0}}});
  CHECK(evaluation.loss() == 1.5);
  const Metrics scores = evaluation.scores(both);
  CHECK(scores.at("perplexity") == doctest::Approx(std::exp(1.5)));
  CHECK(scores.at("accuracy") == 0.75);
  CHECK(scores.at("word_accuracy") == doctest::Approx(2.0 / 3));
  CHECK(evaluation.scores(second).at("perplexity") == doctest::Approx(std::exp(4.5)));
  CHECK(evaluation.judgement(0).wrongness == 0.5);
}

TEST_CASE("tokens: those of texts that are told have the same losses, and bits by the bytes that they stand for") {
  const auto tokenizer = byte_tokenizer();
  const LmEvaluation evaluation(*tokenizer, {{{{1.5, 3}, 2}, 10}, {{{4.5, 1}, 1}, 2}});
  CHECK(evaluation.loss() == 1.5);
  const Metrics scores = evaluation.scores(both);
  CHECK(scores.at("perplexity") == doctest::Approx(std::exp(1.5)));
  CHECK(scores.at("accuracy") == 0.75);
  CHECK(scores.at("bits_per_byte") == doctest::Approx(0.5 / std::log(2)));
  CHECK(evaluation.scores(second).at("bits_per_byte") == doctest::Approx(2.25 / std::log(2)));
}

TEST_CASE("tokens: of rows of logits the likeliest and the truth's loss are told") {
  const Device device = Device::from_environment();
  const std::vector<float> logits{0, 1, 0, 2, 0, 0};
  const JudgedRows judged =
      judge_rows(Tensor::from_host(logits, {2, 3}, device), Indices(std::vector<int32_t>{1, 2}, device));
  CHECK(judged.likeliest == std::vector<int32_t>{1, 0});
  CHECK(judged.losses[0] == doctest::Approx(std::log(std::exp(1.0) + 2) - 1));
  CHECK(judged.losses[1] == doctest::Approx(std::log(std::exp(2.0) + 2)));
}
