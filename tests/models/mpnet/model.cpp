// SPDX-License-Identifier: Apache-2.0
// What MPNet does otherwise than BERT: positions, the padding's rows, a table of biases that may be longer, first
// tokens.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/mpnet/heads.h"
#include "models/tasks/largest_difference.h"
#include "nn/freeze/freeze_mask.h"
#include "tests/models/small_mpnet.h"

using namespace thaw;

namespace {

std::vector<Encoding> encoded(const std::vector<std::vector<int32_t>>& texts) {
  std::vector<Encoding> encodings;
  for (const std::vector<int32_t>& ids : texts)
    encodings.push_back({.ids = ids, .type_ids = std::vector<int32_t>(ids.size())});
  return encodings;
}

std::vector<int32_t> positions_of(const std::vector<std::vector<int32_t>>& texts, int64_t prompt = 0) {
  BertInput input = MPNetInput::from_encodings(encoded(texts), Device::open("reference"));
  if (prompt > 0) input = input.behind_prompt(prompt);
  return {input.positions.host().begin(), input.positions.host().end()};
}

std::vector<float> numbers(const Variable& rows) { return rows.value().to_host<float>(); }

}  // namespace

TEST_CASE("MPNet: positions begin at 2, and padding within a text has none of its own") {
  CHECK(positions_of({{0, 5, 6, 2}, {0, 2}}) == std::vector<int32_t>{2, 3, 4, 5, 2, 3});
  CHECK(positions_of({{0, 1, 6, 1, 2}}) == std::vector<int32_t>{2, 1, 3, 1, 4});
  CHECK(positions_of({{0, 5}, {0}}, 3) == std::vector<int32_t>{2, 3, 4, 5, 6, 2, 3, 4, 5});
}

TEST_CASE("MPNet: the padding's word and position are looked up, but get no gradient from there") {
  const Device device = Device::from_environment();
  ParameterStore store(device, DType::f32, 3);
  const MPNetEncoder model(Scope(store), small_mpnet_config());
  randomise(store);
  const MPNetInput text = MPNetInput::from_encodings(encoded({{0, 1, 6, 2}}), device);
  backward(sum_all(mul(model(text), model(text))));
  for (const char* name : {"embeddings.word_embeddings.weight", "embeddings.position_embeddings.weight"}) {
    CAPTURE(name);
    const std::vector<float> gradient = store.find(name).variable().grad().to_host<float>();
    const auto width = static_cast<ptrdiff_t>(small_mpnet_config().hidden_size);
    const auto is_zero = [&](ptrdiff_t row) {
      return std::all_of(gradient.begin() + row * width, gradient.begin() + (row + 1) * width,
                         [](float x) { return x == 0; });
    };
    CHECK(is_zero(1));
    CHECK_FALSE(is_zero(2));
  }
}

TEST_CASE("MPNet: rows of the table of biases beyond the buckets are kept, and never read") {
  MPNetConfig config = small_mpnet_config();
  config.relative_attention_num_buckets = 40;
  const Device device = Device::from_environment();
  ParameterStore store(device, DType::f32, 3);
  const MPNetEncoder model(Scope(store), config);
  randomise(store);
  const Parameter table = store.find("encoder.relative_attention_bias.weight");
  CHECK(table.value().shape() == Shape{40, 2});
  const MPNetInput text = MPNetInput::from_encodings(encoded({std::vector<int32_t>(30, 4)}), device);
  backward(sum_all(mul(model(text), model(text))));
  const std::vector<float> gradient = table.variable().grad().to_host<float>();
  CHECK(std::all_of(gradient.begin() + 64, gradient.end(), [](float x) { return x == 0; }));
  CHECK(std::any_of(gradient.begin(), gradient.begin() + 64, [](float x) { return x != 0; }));
}

TEST_CASE("MPNet: the first tokens' states are those of all tokens, behind a prompt or a prefix too") {
  for (const char* rules : {"train *", "prompt n=3", "prefix n=4", "prefix *.layer.1.* n=2\nprompt n=3"}) {
    CAPTURE(rules);
    const Device device = Device::from_environment();
    ParameterStore store(device, DType::f32, 3);
    const MPNetForSequenceClassification model(Scope(store), small_mpnet_config());
    randomise(store);
    FreezeMask::parse(rules, "m").apply(store);
    const MPNetInput text = MPNetInput::from_encodings(encoded({{0, 7, 6, 2}, {0, 5, 2}}), device);
    const Bert::States states = model.mpnet.states(text);
    CHECK(largest_difference(numbers(states.first_tokens), numbers(model.mpnet.first_tokens(text))) < 1e-5);
    if (prompt_rows(store) == 0)
      CHECK(numbers(take_rows(states.tokens, Indices({0, 4}, device))) == numbers(states.first_tokens));
  }
}
