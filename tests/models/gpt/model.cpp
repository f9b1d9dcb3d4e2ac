// SPDX-License-Identifier: Apache-2.0
// GPT's forward pass: which row is read for classes, padding, positions, what is computed and begun.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "autograd/tape.h"
#include "models/gpt/classification.h"
#include "models/gpt/language_model.h"
#include "models/hub/pretrained.h"
#include "nn/freeze/freeze_mask.h"
#include "tensor/counters.h"
#include "tests/goldens.h"
#include "tests/models/golden_case.h"
#include "tests/models/small_gpt.h"
#include "tests/models/small_t5.h"

namespace thaw {
namespace {

double largest_difference(const Tensor& a, const Tensor& b) {
  const std::vector<double> x = a.to_host<double>(), y = b.to_host<double>();
  REQUIRE(x.size() == y.size());
  double largest = 0;
  for (size_t i = 0; i < x.size(); ++i) largest = std::max(largest, std::abs(x[i] - y[i]));
  return largest;
}

double deviation(const Parameter& parameter) {
  double squares = 0;
  const std::vector<double> values = parameter.value().to_host<double>();
  for (const double value : values) squares += value * value;
  return std::sqrt(squares / static_cast<double>(values.size()));
}

}  // namespace

TEST_CASE("GPT, golden: a text that holds the padding is classified by its last token that is not") {
  if (!has_golden("gpt2_cls")) {
    MESSAGE("skipped: " << golden_dir().string() << " has no gpt2_cls");
    return;
  }
  const GoldenCase golden(golden_dir() / "gpt2_cls");
  const Pretrained<GptForSequenceClassification> gpt(golden.directory(), Device::from_environment());
  const std::vector<int64_t> shape = golden.shape("pad_inside.input_ids");
  const PaddedText padded{
      shape[0], shape[1], golden.integers("pad_inside.input_ids"), {}, golden.integers("pad_inside.attention_mask")};
  const std::vector<double> found = gpt.model()(GptInput::from_padded(padded, gpt.device())).value().to_host<double>();
  const std::vector<double> expected = golden.numbers("pad_inside.logits");
  REQUIRE(found.size() == expected.size());
  for (size_t i = 0; i < found.size(); ++i) CHECK(found[i] == doctest::Approx(expected[i]).epsilon(1e-4));
}

TEST_CASE("GPT: rows by which texts are classified") {
  const auto rows = [](const std::vector<std::vector<int32_t>>& texts, std::optional<int64_t> padding) {
    return gpt_texts(texts, Device::open("reference")).read_rows(padding);
  };
  CHECK(rows({{5, 6}, {7}, {0, 8, 0}}, {}) == std::vector<int32_t>{1, 2, 5});
  CHECK(rows({{5, 6}, {7}, {0, 8, 0}}, 0) == std::vector<int32_t>{1, 2, 4});
  CHECK(rows({{0, 0, 0}, {5, 0, 0}}, 0) == std::vector<int32_t>{0, 3});
  CHECK(rows({{5, 6}, {7}}, -1) == std::vector<int32_t>{1, 2});
  const GptInput prompted = gpt_texts({{5, 0}, {0, 6, 0, 0}}, Device::open("reference")).behind_prompt(2);
  CHECK(prompted.read_rows(0) == std::vector<int32_t>{2, 7});
  CHECK(std::ranges::equal(prompted.positions.host(), std::vector<int32_t>{0, 1, 2, 3, 0, 1, 2, 3, 4, 5}));
}

TEST_CASE("GPT: classes come of the rows that whole texts have, behind prompts and prefixes too, whatever is beside") {
  for (const char* type : {"gpt2", "openai-gpt"})
    for (const char* rules : {"train *", "prompt n=3", "prefix n=2", "prefix *.h.1.* n=4\nprompt n=1"}) {
      CAPTURE(type);
      CAPTURE(rules);
      GptConfig config = small_gpt_config(type);
      config.pad_token_id = 0;
      SmallGpt<GptForSequenceClassification> small(config);
      FreezeMask::parse(rules, "rules").apply(small.store);
      auto texts = small_texts({7, 1, 12, 5});
      texts[0].push_back(0);
      texts[2][3] = texts[2][11] = texts[2][10] = 0;
      const GptInput batch = gpt_texts(texts, small.device);
      const Tensor logits = small.model(batch).value();
      const Gpt::States states = small.model.transformer.states(batch);
      CHECK(largest_difference(logits, small.model.score(states.last_tokens).value()) < 1e-5);
      CHECK(states.tokens.size(0) == batch.total());
      CHECK(largest_difference(states.tokens.value(), small.model.transformer(batch).value()) < 1e-5);
      for (int64_t b = 0; b < 4; ++b) {
        const Tensor alone = small.model(gpt_texts({texts[static_cast<size_t>(b)]}, small.device)).value();
        CHECK(largest_difference(alone, logits.slice(0, b, b + 1)) < 1e-4);
      }
    }
}

TEST_CASE("GPT: a padded batch gives what its texts give side by side") {
  const SmallGpt<GptLMHeadModel> small;
  const auto texts = small_texts({4, 6, 1});
  PaddedText padded{3, 6, {}, {}, {}};
  for (const auto& text : texts)
    for (size_t s = 0; s < 6; ++s) {
      padded.ids.push_back(s < text.size() ? text[s] : 0);
      padded.mask.push_back(s < text.size() ? 1 : 0);
    }
  const GptInput from_padded = GptInput::from_padded(padded, small.device);
  CHECK(from_padded.total() == 11);
  CHECK(small.model(from_padded).value().to_bytes() == small.model(gpt_texts(texts, small.device)).value().to_bytes());
  std::vector<int32_t> labels = from_padded.pick(padded.ids);
  CHECK(next_labels(from_padded.segments, labels) == std::vector<int32_t>{texts[0][1], texts[0][2], texts[0][3], -100,
                                                                          texts[1][1], texts[1][2], texts[1][3],
                                                                          texts[1][4], texts[1][5], -100, -100});
  CHECK(small.model.loss(gpt_texts({{5}, {6}}, small.device), {5, 6}).item() == 0);
  labels.pop_back();
  CHECK_THROWS_AS(small.model.loss(from_padded, labels), std::invalid_argument);
}

TEST_CASE("GPT: a text longer than the positions is an error that names both lengths") {
  SmallGpt<GptLMHeadModel> small;
  CHECK(small.model(gpt_texts(small_texts({32}), small.device)).size(0) == 32);
  CHECK_THROWS_WITH_AS(small.model(gpt_texts(small_texts({3, 33}), small.device)),
                       "transformer.wpe.weight: a text of 33 tokens: there are positions for 32",
                       std::invalid_argument);
  FreezeMask().prompt(3).apply(small.store);
  CHECK_THROWS_WITH_AS(small.model(gpt_texts(small_texts({30}), small.device)),
                       "transformer.wpe.weight: a text of 33 tokens: there are positions for 32",
                       std::invalid_argument);
}

TEST_CASE("GPT: checkpointed blocks give the gradients of kept ones, bit for bit, also of the rows read alone") {
  for (const char* type : {"gpt2", "openai-gpt"}) {
    GptConfig config = small_gpt_config(type);
    config.pad_token_id = 0;
    config.resid_pdrop = config.embd_pdrop = config.attn_pdrop = 0.2;
    std::vector<std::vector<std::byte>> gradients[2];
    for (const bool on : {false, true}) {
      SmallGpt<GptForSequenceClassification> small(config);
      small.model.transformer.checkpointing = on;
      small.store.mode().training = true;
      auto texts = small_texts({7, 3});
      texts[1].push_back(0);
      const Variable logits = small.model(gpt_texts(texts, small.device));
      backward(small.model.loss(logits, {.classes = {1, 0}}));
      for (const Parameter& p : small.store.trained()) gradients[on].push_back(p.variable().grad().to_bytes());
    }
    CHECK(gradients[0] == gradients[1]);
  }
}

TEST_CASE("GPT: the last block computes the rows that are read alone") {
  const NoGrad no_grad;
  GptConfig config = small_gpt_config();
  config.n_layer = 1;
  const SmallGpt<GptForSequenceClassification> small(config);
  const auto texts = small_texts({30, 30});
  counters() = {};
  small.model(gpt_texts(texts, small.device));
  const double read = counters().flops;
  counters() = {};
  small.model.transformer(gpt_texts(texts, small.device));
  // Of 60 rows there are 16 x 48 numbers of queries, keys and values; 16 x 16 + 2 x 16 x 24 behind them of 2.
  CHECK(read < 0.6 * counters().flops);
}

TEST_CASE("GPT: numbers begin as the papers have them") {
  GptConfig config = small_gpt_config();
  config.n_layer = 8;
  config.initializer_range = 0.5;
  ParameterStore store(Device::open("reference"), DType::f32, 3);
  const GptLMHeadModel model(Scope(store), config);
  CHECK(deviation(store.find("transformer.h.3.attn.c_attn.weight")) == doctest::Approx(0.5).epsilon(0.1));
  CHECK(deviation(store.find("transformer.h.3.mlp.c_proj.weight")) == doctest::Approx(0.125).epsilon(0.15));
  CHECK(deviation(store.find("transformer.h.3.attn.c_proj.weight")) == doctest::Approx(0.125).epsilon(0.15));
  CHECK(deviation(store.find("transformer.wpe.weight")) == doctest::Approx(0.5).epsilon(0.1));
  CHECK(deviation(store.find("transformer.h.3.mlp.c_fc.bias")) == 0);
  config.model_type = "openai-gpt";
  ParameterStore other(Device::open("reference"), DType::f32, 3);
  const GptLMHeadModel first(Scope(other), config);
  CHECK(deviation(other.find("transformer.h.3.mlp.c_proj.weight")) == doctest::Approx(0.5).epsilon(0.15));
  CHECK(!other.find("transformer.ln_f.weight").defined());
}

}  // namespace thaw
