// SPDX-License-Identifier: Apache-2.0
// What freezing saves in T5, shown by counters; and that checkpointed blocks give the same gradients for fewer bytes.
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "nn/freeze/freeze_mask.h"
#include "tensor/counters.h"
#include "tests/models/small_t5.h"

using namespace thaw;

namespace {

struct Step {
  T5Config config = with_dropout();
  SmallT5<T5ForConditionalGeneration> small{config};
  PackedText sources = packed(small_texts({9, 4, 12}), small.device);
  DecoderTargets targets = DecoderTargets::from_labels(small_texts({5, 7, 3}, 2), config, small.device);

  static T5Config with_dropout() {
    T5Config c = small_t5_config();
    c.num_layers = c.num_decoder_layers = 4;
    c.dropout_rate = 0.1;
    return c;
  }
  Step() { small.store.mode().training = true; }

  uint64_t live() const { return small.device.backend().memory().live_bytes; }

  struct Cost {
    std::map<std::string, uint64_t> backward;
    uint64_t kept_bytes = 0;
    std::map<std::string, std::vector<std::byte>> gradients;
    uint64_t of(const std::string& name) const { return backward.contains(name) ? backward.at(name) : 0; }
  };
  Cost cost(const FreezeMask& mask) {
    Cost cost;
    mask.apply(small.store);
    small.store.mode().random.set_position(0);
    const uint64_t before = live();
    {
      const Variable loss = small.model.loss(sources, targets);
      cost.kept_bytes = live() - before;
      counters() = {};
      backward(loss);
    }
    cost.backward = counters().by_name;
    for (const Parameter& p : small.store.all()) {
      INFO(p.name());
      REQUIRE(p.variable().grad().defined() != p.frozen());
      if (p.frozen()) continue;
      cost.gradients[p.name()] = p.variable().grad().to_bytes();
      p.variable().clear_grad();
    }
    return cost;
  }
};

FreezeMask frozen_encoder() { return FreezeMask::all_trained().freeze("encoder.*"); }
FreezeMask encoder_alone() { return FreezeMask::all_frozen().train("encoder.{block,final_layer_norm}.*"); }
FreezeMask norms_only() { return FreezeMask::all_frozen().train("*layer_norm.weight"); }
FreezeMask words_only() { return FreezeMask::all_frozen().train("shared.weight"); }
FreezeMask cross_only() { return FreezeMask::all_frozen().train("*.EncDecAttention.*"); }

}  // namespace

TEST_CASE("freezing T5: a frozen encoder records nothing, computes without dropout, and costs nothing backward") {
  Step step;
  frozen_encoder().apply(step.small.store);
  const T5Model& model = step.small.model.model;
  const EncoderMemory memory = model.encode(step.sources);
  CHECK_FALSE(memory.states.tracked());
  CHECK(model.encode(step.sources).states.value().to_bytes() == memory.states.value().to_bytes());
  CHECK(model.decoder(step.targets.read, memory).tracked());

  const Step::Cost cost = step.cost(frozen_encoder());
  CHECK(cost.of("attention_backward") == 4 * 2);
  CHECK(cost.of("scatter_add_rows") == 0);
  // Of a decoder's block: eleven products, each with the gradients of weight and input; keys and values of the memory
  // need none of their input. And the output matrix.
  CHECK(cost.of("matmul") == 4 * (2 * 11 - 2) + 2);
}

TEST_CASE("freezing T5: words are encoder's, decoder's and, where they are tied, the head's") {
  for (const bool tied : {true, false}) {
    T5Config config = small_t5_config();
    config.head_is_shared = tied;
    SmallT5<T5ForConditionalGeneration> small(config);
    const Parameter words = small.store.find("shared.weight");
    std::vector<std::string> names = {"encoder.embed_tokens.weight", "decoder.embed_tokens.weight"};
    if (tied) names.push_back("lm_head.weight");
    CHECK(words.other_names() == names);
    CHECK(FreezeMask::all_trained().freeze("encoder.*").apply(small.store).notes.size() == 1);
    CHECK(words.frozen());
    CHECK_THROWS_WITH_AS(FreezeMask::all_trained().freeze("encoder.*").train("decoder.*").apply(small.store),
                         doctest::Contains("are one tensor, shared.weight"), std::invalid_argument);
    FreezeMask::all_frozen().train("lm_head.weight").apply(small.store);
    CHECK(words.frozen() != tied);
  }
}

TEST_CASE("freezing T5: cross-attention alone") {
  Step step;
  const Step::Cost cost = step.cost(cross_only());
  CHECK(cost.gradients.size() == 4 * 4);
  // Below the first cross-attention nothing is tracked.
  CHECK(cost.of("attention_backward") == 4 + 3);
  CHECK(cost.of("scatter_add_rows") == 0);
}

// Products of a block: seven of the encoder (q, k, v, o and the gated layer's three), eleven of the decoder. Each has a
// gradient of its input and one of its weight.
TEST_CASE(
    "freezing T5: a frozen decoder hands gradients to the encoder, and makes none below the first cross-attention") {
  Step step;
  const Step::Cost cost = step.cost(encoder_alone());
  CHECK(cost.of("scatter_add_rows") == 0);
  CHECK(cost.of("attention_backward") == 4 + 4 + 3);
  // The first block of the decoder: no self-attention (4), no queries of the memory (1).
  CHECK(cost.of("matmul") == 4 * 2 * 7 + 4 * 11 - 5 + 1);
}

TEST_CASE("freezing T5: norms alone, or the words alone: weights of products have no gradients") {
  Step step;
  const Step::Cost norms = step.cost(norms_only());
  CHECK(norms.gradients.size() == 4 * 2 + 1 + 4 * 3 + 1);
  CHECK(norms.of("attention_backward") == 4 + 4 * 2);
  CHECK(norms.of("matmul") == 4 * 7 + 4 * 11 + 1);
  CHECK(norms.of("scatter_add_rows") == 0);
  const Step::Cost words = step.cost(words_only());
  CHECK(words.gradients.size() == 1);
  CHECK(words.of("matmul") == norms.of("matmul") + (step.config.head_is_shared ? 1 : 0));
  CHECK(words.of("scatter_add_rows") == 2);
}

TEST_CASE("checkpointing T5's blocks: the same gradients to the bit, fewer bytes kept") {
  Step step;
  for (const FreezeMask& mask : {FreezeMask::all_trained(), frozen_encoder(), encoder_alone(), cross_only()}) {
    step.small.model.model.set_checkpointing(false);
    const Step::Cost plain = step.cost(mask);
    step.small.model.model.set_checkpointing(true);
    const Step::Cost again = step.cost(mask);
    CHECK(plain.gradients == again.gradients);
    CHECK(3 * again.kept_bytes < 2 * plain.kept_bytes);
  }
}
