// SPDX-License-Identifier: Apache-2.0
// T5 behind a prefix: loss and norms of gradients of peft 0.21 (a decoder of two layers, which both get the first
// one's; f64 but for the model's norms); each text as it is alone, and written from by kept keys as by none.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "models/hub/peft/prefix_slots.h"
#include "models/t5/decoder.h"
#include "nn/change/applied_change.h"
#include "nn/freeze/freeze_mask.h"
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

T5Config reference_config() {
  T5Config config = small_t5_config();
  config.vocab_size = 10;
  config.d_model = 8;
  config.d_ff = 12;
  config.num_layers = config.num_decoder_layers = 2;
  config.num_heads = 2;
  config.relative_attention_max_distance = 12;
  config.feed_forward_proj = config.dense_act_fn = "relu";
  config.is_gated_act = false;
  config.tie_word_embeddings = config.head_is_shared = config.scale_decoder_outputs = true;
  return config;
}

// The same weights as where the reference's numbers were made.
void fill_with_waves(const ParameterStore& store) {
  for (const Parameter& p : store.all()) {
    double phase = 0;
    for (const char letter : p.name()) phase += letter;
    std::vector<double> values;
    for (int64_t i = 0; i < p.value().numel(); ++i) {
      const auto at = static_cast<double>(i);
      const double wave = 0.5 * std::sin(0.37 * at * at + phase);
      values.push_back(wave + (p.name().find("layer_norm") != std::string::npos ? 1 : 0));
    }
    p.value().copy_from(Tensor::from_host(values, p.value().shape(), store.device(), DType::f64));
  }
}

Tensor wave_of_prefix(const PrefixSlots& slots, Device device) {
  const int64_t columns = 2 * slots.layers() * slots.width();
  std::vector<double> rows;
  for (int64_t i = 0; i < 3 * columns; ++i) rows.push_back(0.8 * std::cos(0.61 * static_cast<double>(i)));
  return Tensor::from_host(rows, {3, columns}, device, DType::f64);
}

}  // namespace

TEST_CASE("T5 behind a prefix: the loss and the norms of the gradients are peft's, whose two layers share one") {
  ParameterStore store(Device::open("reference"), DType::f64);
  const T5Config config = reference_config();
  const T5ForConditionalGeneration model(Scope(store), {config});
  fill_with_waves(store);
  const PrefixSlots slots(store, 2);
  ModelChange change;
  change.prefixes = slots.prefixes(wave_of_prefix(slots, store.device()));
  REQUIRE(change.prefixes.size() == 2);
  const AppliedChange applied(store, change);  // stays
  FreezeMask::all_frozen().train("*prefix*").apply(store);
  const PackedText sources = packed({{3, 4, 5, 7, 1}, {6, 7, 1}}, store.device());
  const DecoderTargets targets = DecoderTargets::from_labels({{9, 8, 3, 1}, {5, 1}}, config, store.device());
  const Variable loss = model.loss(sources, targets);
  CHECK(std::abs(loss.value().item<double>() - 2.35490626083331) < 1e-6);
  backward(loss);
  // Keys, values; of the shared prefix the sums of both layers'.
  const double expected[] = {0.0071806716088949965, 0.014524842626112033};
  double squares[2] = {0, 0};
  const ModelChange::Prefix& first = change.prefixes.begin()->second;
  std::vector<double> keys(static_cast<size_t>(first.keys.numel()), 0), values = keys;
  for (const auto& prefix : store.attention_prefixes()) {
    if (!prefix->causal) continue;
    const std::vector<double> k = prefix->keys.variable().grad().to_host<double>(),
                              v = prefix->values.variable().grad().to_host<double>();
    for (size_t i = 0; i < k.size(); ++i) {
      keys[i] += k[i];
      values[i] += v[i];
    }
  }
  for (size_t i = 0; i < keys.size(); ++i) {
    squares[0] += keys[i] * keys[i];
    squares[1] += values[i] * values[i];
  }
  for (const int half : {0, 1}) CHECK(std::abs(std::sqrt(squares[half]) - expected[half]) < 1e-8);
}

TEST_CASE("T5 behind a prefix: an encoder's texts give what each gives alone, without a row of the prefix") {
  SmallT5<T5Model> small;
  const auto texts = small_texts({7, 2, 12});
  const Tensor without = small.model.encoder(packed(texts, small.device)).value();
  FreezeMask().prefix("encoder.*", 3).apply(small.store);
  const PackedText text = packed(texts, small.device);
  CHECK(small.model.encode(text).states.size(0) == 7 + 2 + 12);
  const Tensor states = small.model.encoder(text).value();
  CHECK(largest_difference(states, without) > 1e-3);
  for (int64_t b = 0; b < 3; ++b) {
    const PackedText one = packed({texts[static_cast<size_t>(b)]}, small.device);
    CHECK(largest_difference(small.model.encoder(one).value(),
                             states.slice(0, text.segments.begin(b), text.segments.end(b))) < 1e-4);
  }
}

TEST_CASE("T5 behind a prefix: decoding by kept keys says what decoding by none says, whatever layers have one") {
  for (const char* rules : {"prefix n=3", "prefix decoder.* n=5", "prefix decoder.block.1.* n=4",
                            "prefix n=2\nprefix decoder.block.{1,2}.* n=6", "prompt n=3\nprefix n=2"}) {
    CAPTURE(rules);
    SmallT5<T5ForConditionalGeneration> small;
    const auto sources = small_texts({6, 3});
    const std::vector<std::vector<int32_t>> beginnings = {{0}, {0, 9, 6}};
    T5Decoder before(small.model, packed(sources, small.device));
    const Tensor unchanged = before.start(beginnings);
    FreezeMask::parse(rules, "m").apply(small.store);
    T5Decoder kept(small.model, packed(sources, small.device));
    UncachedDecoder anew(small.model, encodings(sources), small.device);
    for (int time = 0; time < 2; ++time) {  // and from the start again
      const Tensor first = kept.start(beginnings);
      CHECK(largest_difference(first, anew.start(beginnings)) < 1e-4);
      CHECK(largest_difference(first, unchanged) > 1e-3);
      struct Step {
        std::vector<int32_t> parents, ids;
      };
      // Rows go on, split, change their order and end.
      for (const auto& [parents, ids] :
           {Step{{0, 1}, {7, 9}}, Step{{0, 0, 1}, {8, 12, 5}}, Step{{1, 0, 2}, {6, 8, 8}}, Step{{1, 2}, {9, 10}}})
        CHECK(largest_difference(kept.step(parents, ids), anew.step(parents, ids)) < 1e-4);
    }
  }
}
