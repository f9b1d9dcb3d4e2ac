// SPDX-License-Identifier: Apache-2.0
// T5 beyond the goldens: neighbours in a batch change nothing, logits are made of what is asked for, dropout and first
// values are where the paper's code has them, large numbers stay finite.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "tensor/backend.h"
#include "tensor/counters.h"
#include "tests/models/small_t5.h"

using namespace thaw;

namespace {

double largest_difference(const Tensor& a, const Tensor& b) {
  const std::vector<double> x = a.to_host<double>(), y = b.to_host<double>();
  REQUIRE(x.size() == y.size());
  double largest = 0;
  for (size_t i = 0; i < x.size(); ++i) largest = std::max(largest, std::abs(x[i] - y[i]));
  return largest;
}

double deviation(const Parameter& p) {
  double sum = 0;
  const std::vector<double> values = p.value().to_host<double>();
  for (const double v : values) sum += v * v;
  return std::sqrt(sum / static_cast<double>(values.size()));
}

}  // namespace

TEST_CASE("T5: a text's states, encoder and decoder, do not depend on its neighbours in the batch") {
  for (const char* type : {"t5", "umt5"}) {
    T5Config config = small_t5_config();
    config.model_type = type;
    const SmallT5<T5Model> small(config);
    const auto sources = small_texts({7, 1, 30}), said = small_texts({4, 9, 2}, 2);
    const PackedText all_sources = packed(sources, small.device), all_said = packed(said, small.device);
    const EncoderMemory memory = small.model.encode(all_sources);
    const Tensor states = small.model.decoder(all_said, memory).value();
    for (size_t b = 0; b < sources.size(); ++b) {
      INFO(type << ", text " << b);
      const PackedText source = packed({sources[b]}, small.device), one = packed({said[b]}, small.device);
      const EncoderMemory alone = small.model.encode(source);
      const auto part = [&](const Tensor& x, const Segments& s) {
        return x.slice(0, s.begin(static_cast<int64_t>(b)), s.end(static_cast<int64_t>(b)));
      };
      CHECK(largest_difference(alone.states.value(), part(memory.states.value(), all_sources.segments)) < 1e-5);
      CHECK(largest_difference(small.model.decoder(one, alone).value(), part(states, all_said.segments)) < 1e-5);
    }
  }
}

TEST_CASE("T5: the decoder reads the source, sees no later token, and the encoder sees all") {
  const SmallT5<T5Model> small;
  auto source = small_texts({6}), said = small_texts({5}, 2);
  const auto states = [&] { return small.model(packed(source, small.device), packed(said, small.device)).value(); };
  const Tensor before = states();
  said[0][4] = said[0][4] == 5 ? 6 : 5;
  const Tensor later = states();
  CHECK(largest_difference(before.slice(0, 0, 4), later.slice(0, 0, 4)) < 1e-6);
  CHECK(largest_difference(before.slice(0, 4, 5), later.slice(0, 4, 5)) > 1e-3);
  source[0][5] = source[0][5] == 5 ? 6 : 5;
  CHECK(largest_difference(states().slice(0, 0, 1), later.slice(0, 0, 1)) > 1e-3);
  CHECK_THROWS_AS(small.model.decoder(packed(said, small.device)), std::invalid_argument);
}

TEST_CASE(
    "T5: the loss makes logits for the labelled tokens alone, is that of all logits, and parts of a batch add up") {
  const SmallT5<T5ForConditionalGeneration> small;
  const PackedText sources = packed(small_texts({7, 3}), small.device);
  const std::vector<std::vector<int32_t>> labels{{9, -100, 7, 1}, {-100, 8, 1}};
  const DecoderTargets targets = DecoderTargets::from_labels(labels, small.config, small.device);
  CHECK(std::vector<int32_t>(targets.read.ids.host().begin(), targets.read.ids.host().end()) ==
        std::vector<int32_t>{0, 9, 0, 7, 0, 0, 8});
  counters() = {};
  const double all =
      cross_entropy(small.model(sources, targets.read), Indices(targets.labels, small.device)).value().item<double>();
  const double whole_work = counters().flops;
  counters() = {};
  CHECK(small.model.loss(sources, targets).value().item<double>() == doctest::Approx(all));
  CHECK(whole_work - counters().flops ==
        doctest::Approx(2.0 * 2 * static_cast<double>(small.config.d_model * small.config.vocab_size)));
  double sum = 0;
  for (size_t b = 0; b < labels.size(); ++b)
    sum += small.model
               .loss(packed({small_texts({7, 3})[b]}, small.device),
                     DecoderTargets::from_labels({labels[b]}, small.config, small.device), 5)
               .value()
               .item<double>();
  CHECK(sum == doctest::Approx(all));
  const Indices rows({6, 2}, small.device);
  CHECK(largest_difference(small.model.at_tokens(sources, targets.read, rows).value(),
                           take_rows(small.model(sources, targets.read), rows).value()) < 1e-6);
  const DecoderTargets none = DecoderTargets::from_labels({{-100}, {-100, -100}}, small.config, small.device);
  CHECK(small.model.loss(sources, none).value().item<double>() == 0);
}

TEST_CASE("T5: of the logits of a large vocabulary no more than a chunk is in memory") {
  const Device device = Device::from_environment();
  if (device == Device::open("reference")) return;  // its cross-entropy is the default body, which has temporaries
  T5Config config = small_t5_config();
  config.vocab_size = 32128;
  config.d_model = 8;
  config.head_is_shared = false;
  constexpr int64_t tokens = 300;
  ParameterStore store(device, DType::f32, 3);
  const T5Head head(Scope(store) / "lm_head", config, {});
  const Variable hidden = Variable::leaf(affine(uniform({tokens, 8}, {1, 2}, DType::f32, device), 2, -1));
  std::vector<int32_t> labels;
  for (int64_t t = 0; t < tokens; ++t) labels.push_back(static_cast<int32_t>(t * 7919 % config.vocab_size));
  MemoryStats& memory = device.backend().memory();
  const auto before = static_cast<int64_t>(memory.live_bytes);
  memory.reset_peak();
  const Variable loss = head.loss(hidden, labels);
  backward(loss);
  const int64_t beside = 4 * (config.vocab_size * 8 + 4 * tokens * 8);  // gradients of the matrix and of the tokens
  CHECK(static_cast<int64_t>(memory.peak_bytes) - before < logits_chunk_bytes + beside);
  const Variable whole = cross_entropy(head(hidden), Indices(labels, device));
  CHECK(loss.item() == doctest::Approx(whole.item()).epsilon(1e-6));
}

TEST_CASE("T5: labels that do not fit are errors, padded ones lose what is behind the last that counts") {
  const Device device = Device::from_environment();
  T5Config config = small_t5_config();
  const DecoderTargets targets =
      DecoderTargets::from_padded(2, 4, {5, 6, -100, -100, -100, 7, -100, -100}, config, device);
  CHECK(targets.labels == std::vector<int32_t>{5, 6, -100, 7});
  CHECK(targets.read.cells == std::vector<int32_t>{0, 1, 4, 5});
  CHECK_THROWS_AS(DecoderTargets::from_padded(2, 4, {5}, config, device), std::invalid_argument);
  CHECK_THROWS_WITH_AS(DecoderTargets::from_labels({{5}, {}}, config, device), "text 1 of the batch has no tokens",
                       std::invalid_argument);
  config.pad_token_id.reset();
  CHECK(DecoderTargets::from_labels({{5, 6}}, config, device).labels == std::vector<int32_t>{5, 6});
  CHECK_THROWS_WITH_AS(DecoderTargets::from_labels({{5, -100, 6}}, config, device),
                       "labels: config.json has no pad_token_id", std::invalid_argument);
  config.decoder_start_token_id.reset();
  CHECK_THROWS_WITH_AS(DecoderTargets::from_labels({{5}}, config, device),
                       "labels: config.json has no decoder_start_token_id", std::invalid_argument);
}

TEST_CASE("T5: dropout is on embeddings, probabilities, inner layers, what is added and the last norm's output") {
  T5Config config = small_t5_config();
  config.dropout_rate = 0.1;
  SmallT5<T5Model> small(config);
  Mode& mode = small.store.mode();
  const PackedText sources = packed(small_texts({5}), small.device), said = packed(small_texts({3}, 2), small.device);
  const TrainingMode training(mode);
  const auto drawn = [&](const auto& pass) {
    const uint64_t before = mode.random.position();
    pass();
    return mode.random.position() - before;
  };
  EncoderMemory memory;
  CHECK(drawn([&] { memory = small.model.encode(sources); }) == 1 + 2 * (1 + 1 + 1 + 1) + 1);
  CHECK(drawn([&] { small.model.decoder(said, memory); }) == 1 + 3 * (2 + 2 + 1 + 1) + 1);
}

TEST_CASE("T5: first values, by module") {
  T5Config config = small_t5_config();
  config.d_model = 64;
  config.d_kv = 16;
  config.d_ff = 256;
  config.num_heads = 8;
  config.relative_attention_num_buckets = 32;
  config.relative_attention_max_distance = 128;
  config.vocab_size = 400;
  config.initializer_factor = 0.5;
  ParameterStore store(Device::from_environment(), DType::f32, 1);
  const T5ForConditionalGeneration model(Scope(store), config);
  const std::string attention = "encoder.block.0.layer.0.SelfAttention.",
                    cross = "decoder.block.1.layer.1.EncDecAttention.";
  const std::pair<std::string, double> expected[] = {
      {"shared.weight", 1},
      {"lm_head.weight", 1},
      {attention + "q.weight", 1 / std::sqrt(64.0 * 16)},
      {attention + "k.weight", 1 / 8.0},
      {attention + "v.weight", 1 / 8.0},
      {attention + "o.weight", 1 / std::sqrt(128.0)},
      {attention + "relative_attention_bias.weight", 1 / 8.0},
      {cross + "q.weight", 1 / std::sqrt(64.0 * 16)},
      {cross + "o.weight", 1 / std::sqrt(128.0)},
      {"decoder.block.2.layer.2.DenseReluDense.wi_1.weight", 1 / 8.0},
      {"decoder.block.2.layer.2.DenseReluDense.wo.weight", 1 / 16.0},
      {"decoder.final_layer_norm.weight", 1},
  };
  for (const auto& [name, scale] : expected) {
    const std::string parameter = name;
    INFO(parameter);
    REQUIRE(store.find(name).defined());
    CHECK(deviation(store.find(name)) == doctest::Approx(0.5 * scale).epsilon(0.12));
  }
}

TEST_CASE("T5: inner activations beyond what f16 holds stay finite") {
  const SmallT5<T5ForConditionalGeneration> small;
  for (const T5Stack* stack : {&small.model.model.encoder, &small.model.model.decoder})
    for (const T5Block& block : stack->blocks)
      for (const Linear* large : {&block.feed_forward.inner, &block.feed_forward.factor})
        large->weight.value().copy_from(scale(large->weight.value(), 3000));
  const PackedText sources = packed(small_texts({7}), small.device), said = packed(small_texts({4}, 2), small.device);
  const T5Block& block = small.model.model.encoder.blocks[0];
  const Variable x = small.model.model.words(sources.ids);
  const Variable rows = block.feed_forward_norm(x);
  const Tensor inner =
      mul(block.feed_forward.inner(rows, block.feed_forward.activation), block.feed_forward.factor(rows)).value();
  double largest = 0;
  for (const double v : inner.to_host<double>()) largest = std::max(largest, std::abs(v));
  CHECK(largest > 65504);
  for (const double v : small.model(sources, said).value().to_host<double>()) CHECK(std::isfinite(v));
}
