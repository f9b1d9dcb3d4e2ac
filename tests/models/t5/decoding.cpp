// SPDX-License-Identifier: Apache-2.0
// T5's decoder some tokens at a time, with kept keys and values: the same states as of whole texts.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "autograd/variable.h"
#include "tensor/counters.h"
#include "tests/models/small_t5.h"

using namespace thaw;

namespace {

using Texts = std::vector<std::vector<int32_t>>;

// The simplest of caches: a tensor a text and layer, copied at each step.
struct Cache {
  Device device;
  std::vector<std::vector<KeysAndValues>> texts;  // [layer][text]

  SeenKeysOfLayer seen(const Segments& segments) {
    return [this, segments](size_t layer, const KeysAndValues& fresh) {
      if (texts.size() <= layer) texts.resize(layer + 1);
      std::vector<KeysAndValues>& kept = texts[layer];
      kept.resize(static_cast<size_t>(segments.count()));
      std::vector<Variable> keys, values;
      std::vector<int32_t> lengths;
      for (int64_t b = 0; b < segments.count(); ++b) {
        KeysAndValues& text = kept[static_cast<size_t>(b)];
        const auto grown = [&](const Variable& before, const Variable& all) {
          const Variable mine = slice(all, 0, segments.begin(b), segments.end(b));
          return before.defined() ? concat({before, mine}, 0) : mine;
        };
        text.keys = grown(text.keys, fresh.keys);
        text.values = grown(text.values, fresh.values);
        keys.push_back(text.keys);
        values.push_back(text.values);
        lengths.push_back(static_cast<int32_t>(text.keys.size(0)));
      }
      return KeysAndValues{concat(keys, 0), concat(values, 0), Segments(lengths, device), true};
    };
  }
};

double largest_difference(const Tensor& a, const Tensor& b) {
  const std::vector<double> x = a.to_host<double>(), y = b.to_host<double>();
  REQUIRE(x.size() == y.size());
  double largest = 0;
  for (size_t i = 0; i < x.size(); ++i) largest = std::max(largest, std::abs(x[i] - y[i]));
  return largest;
}

// Decodes texts in steps of so many tokens each, each text by itself in `cuts`; compares every row with that of the
// whole texts. sharers: how many texts in a row read one source.
void check_steps(const T5Config& config, const Texts& sources, const Texts& said,
                 const std::vector<std::vector<int32_t>>& cuts, int32_t sharers = 1) {
  const NoGrad no_grad;
  const SmallT5<T5Model> small(config);
  Texts repeated;
  for (const auto& source : sources)
    for (int32_t i = 0; i < sharers; ++i) repeated.push_back(source);
  const PackedText read = packed(said, small.device);
  const Tensor whole = small.model(packed(repeated, small.device), read).value();

  const std::vector<KeysAndValues> memory =
      small.model.decoder.memory_keys(small.model.encode(packed(sources, small.device)));
  Cache cache{small.device, {}};
  std::vector<int32_t> at(said.size(), 0);
  for (const std::vector<int32_t>& lengths : cuts) {
    std::vector<int32_t> ids, positions, expected_rows, shared(sources.size(), 0);
    for (size_t b = 0; b < said.size(); ++b) {
      for (int32_t i = 0; i < lengths[b]; ++i) {
        ids.push_back(said[b][static_cast<size_t>(at[b])]);
        positions.push_back(at[b]);
        expected_rows.push_back(read.segments.begin(static_cast<int64_t>(b)) + at[b]++);
      }
      shared[b / static_cast<size_t>(sharers)] += lengths[b];
    }
    const Segments segments(lengths, small.device);
    const DecoderStep step{Indices(ids, small.device), Indices(positions, small.device), segments,
                           Segments(shared, small.device)};
    const Tensor made = small.model.decoder.step(step, cache.seen(segments), memory).value();
    CHECK(largest_difference(made, take_rows(whole, Indices(expected_rows, small.device)).value()) < 1e-5);
  }
}

}  // namespace

TEST_CASE("T5 decoding: token by token as of whole texts, by every kind of bias") {
  for (const char* type : {"t5", "umt5"}) {
    T5Config config = small_t5_config();
    config.model_type = type;
    check_steps(config, small_texts({7, 2, 19}), small_texts({25, 25, 25}, 2),
                std::vector<std::vector<int32_t>>(25, {1, 1, 1}));
  }
}

TEST_CASE("T5 decoding: behind beginnings of unequal length, several tokens at once") {
  check_steps(small_t5_config(), small_texts({7, 2, 5}), small_texts({9, 4, 9}, 2),
              {{6, 1, 6}, {1, 1, 1}, {1, 2, 1}, {1, 0, 1}});
}

TEST_CASE("T5 decoding: texts that share a source read one memory together") {
  check_steps(small_t5_config(), small_texts({7, 12}), small_texts({4, 4, 4, 4, 4, 4}, 2),
              std::vector<std::vector<int32_t>>(4, {1, 1, 1, 1, 1, 1}), 3);
}

TEST_CASE("T5 decoding: a step costs what its new tokens cost, whatever was before") {
  const NoGrad no_grad;
  const SmallT5<T5Model> small;
  const std::vector<KeysAndValues> memory =
      small.model.decoder.memory_keys(small.model.encode(packed(small_texts({6}), small.device)));
  CHECK(memory.size() == 3);
  Cache cache{small.device, {}};
  const Segments one({1}, small.device);
  uint64_t products = 0;
  for (int32_t i = 0; i < 5; ++i) {
    counters() = {};
    small.model.decoder.step({Indices({6 + i}, small.device), Indices({i}, small.device), one, one}, cache.seen(one),
                             memory);
    if (i > 0) CHECK(counters().by_name.at("matmul") == products);
    products = counters().by_name.at("matmul");
  }
  CHECK(products == 3 * (4 + 2 + 3));
  CHECK_THROWS_AS(
      small.model.decoder.step({Indices({6}, small.device), Indices({5}, small.device), one, one}, cache.seen(one), {}),
      std::invalid_argument);
}
