// SPDX-License-Identifier: Apache-2.0
// T5 behind a soft prompt: a source is read as it is alone, and written from by kept keys as by none.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "models/t5/decoder.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/soft_prompt.h"
#include "tests/models/small_t5.h"
#include "tests/models/t5/uncached_decoder.h"

using namespace thaw;

namespace {

double largest_difference(const Tensor& a, const Tensor& b) {
  const std::vector<double> x = a.to_host<double>(), y = b.to_host<double>();
  REQUIRE(x.size() == y.size());
  double largest = 0;
  for (size_t i = 0; i < x.size(); ++i) largest = std::max(largest, std::abs(x[i] - y[i]));
  return largest;
}

std::vector<Encoding> encodings(const std::vector<std::vector<int32_t>>& texts) {
  std::vector<Encoding> all;
  for (const auto& text : texts) all.emplace_back().ids = text;
  return all;
}

}  // namespace

TEST_CASE("rows behind prompts: where each comes from, and where the texts' are") {
  const PromptedRows rows(Segments({2, 0, 1}, Device::open("reference")), 2);
  CHECK(rows.segments.count() == 3);
  CHECK(rows.segments.length(1) == 2);
  const auto order = rows.order.host(), texts = rows.texts.host();
  CHECK(std::vector<int32_t>(order.begin(), order.end()) == std::vector<int32_t>{0, 1, 2, 3, 0, 1, 0, 1, 4});
  CHECK(std::vector<int32_t>(texts.begin(), texts.end()) == std::vector<int32_t>{2, 3, 8});
}

TEST_CASE("T5 behind a prompt: the memory has its rows, the encoder's output those of the texts, as of each alone") {
  SmallT5<T5Model> small;
  const auto texts = small_texts({7, 2, 12});
  const Tensor without = small.model.encoder(packed(texts, small.device)).value();
  FreezeMask().prompt(3).apply(small.store);
  CHECK(small.store.find("encoder.prompt_embeddings").value().shape() == Shape{3, small.config.d_model});
  const PackedText text = packed(texts, small.device);
  const EncoderMemory memory = small.model.encode(text);
  const Tensor states = small.model.encoder(text).value();
  CHECK(memory.states.size(0) == 7 + 2 + 12 + 3 * 3);
  CHECK(memory.segments.length(1) == 5);
  CHECK(states.size(0) == 7 + 2 + 12);
  CHECK(largest_difference(states, without) > 1e-3);
  for (int64_t b = 0; b < 3; ++b) {
    const PackedText one = packed({texts[static_cast<size_t>(b)]}, small.device);
    CHECK(largest_difference(small.model.encoder(one).value(),
                             states.slice(0, text.segments.begin(b), text.segments.end(b))) < 1e-4);
    CHECK(largest_difference(small.model.encode(one).states.value(),
                             memory.states.value().slice(0, memory.segments.begin(b), memory.segments.end(b))) < 1e-4);
  }
}

TEST_CASE("T5 behind a prompt: decoding by kept keys says what decoding by none says") {
  SmallT5<T5ForConditionalGeneration> small;
  FreezeMask().prompt(3).apply(small.store);
  const auto sources = small_texts({6, 3});
  T5Decoder kept(small.model, packed(sources, small.device));
  UncachedDecoder anew(small.model, encodings(sources), small.device);
  const std::vector<std::vector<int32_t>> beginnings = {{0}, {0}};
  CHECK(largest_difference(kept.start(beginnings), anew.start(beginnings)) < 1e-4);
  for (const std::vector<int32_t>& said : {std::vector<int32_t>{7, 9}, {8, 8}, {12, 5}}) {
    const std::vector<int32_t> parents = {0, 1};
    CHECK(largest_difference(kept.step(parents, said), anew.step(parents, said)) < 1e-4);
  }
}
