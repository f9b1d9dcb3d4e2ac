// SPDX-License-Identifier: Apache-2.0
// What freezing saves in Whisper's encoder: no product in the backward pass and no kept byte for what is frozen, no
// dropout in it.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "models/prefix/frozen_prefix.h"
#include "models/whisper/classification.h"
#include "nn/freeze/freeze_mask.h"
#include "tensor/counters.h"
#include "tests/models/freezing_checks.h"
#include "tests/models/small_whisper.h"

using namespace thaw;

namespace {

constexpr int64_t layers = 3;

// All but the positions, which the class has frozen.
FreezeMask all_trained() { return FreezeMask::all_trained().freeze("encoder.embed_positions.weight"); }

// From below: convolutions, layers, the norm.
FreezeMask frozen_stages(int64_t stages) {
  FreezeMask mask = all_trained();
  if (stages > 0) mask.freeze("encoder.conv?.*");
  for (int64_t i = 0; i < std::min(stages - 1, layers); ++i) mask.freeze(fmt::format("encoder.layers.{}.*", i));
  if (stages > layers + 1) mask.freeze("encoder.layer_norm.*");
  return mask;
}

WhisperConfig with_dropout(bool weighted) {
  WhisperConfig config = small_whisper_config();
  config.dropout = config.attention_dropout = config.activation_dropout = 0.1;
  config.use_weighted_layer_sum = weighted;
  return config;
}

struct Step : TrainingStep<SmallWhisper<WhisperForAudioClassification>> {
  WhisperInput batch = sounds({24, 7, 10});
  explicit Step(bool weighted = false) : TrainingStep(with_dropout(weighted)) {}

  Variable loss() const { return model.loss(model(batch), {.classes = {0, 1, 1}}); }
};

}  // namespace

TEST_CASE("freezing Whisper: a head alone runs its products backward, and nothing of the encoder's rows is kept") {
  for (const bool weighted : {false, true}) {
    CAPTURE(weighted);
    Step step(weighted);
    FreezeMask::all_trained().freeze("encoder.*").apply(step.store);
    const uint64_t before = step.live();
    const Variable loss = step.loss();
    const auto channels = static_cast<uint64_t>(step.config.d_model);
    CHECK(step.live() - before < 4 * channels * static_cast<uint64_t>(step.batch.segments().total()));
    counters() = {};
    backward(loss);
    CHECK(launched("matmul") == (weighted ? 4 : 3));  // weighted, what the projector reads has a gradient, too
    CHECK(launched("attention_backward") == 0);
    CHECK(launched("norm_backward") == 0);
    step.check_gradients();
  }
}

TEST_CASE("freezing Whisper: from below, each stage that is frozen saves its part of the backward pass") {
  for (const bool weighted : {false, true}) {
    CAPTURE(weighted);
    Step step(weighted);
    for (int64_t stages = 0; stages <= layers + 2; ++stages) {
      CAPTURE(stages);
      frozen_stages(stages).apply(step.store);
      const FrozenPrefix prefix = frozen_prefix(step.store, step.model.encoder);
      CHECK(prefix.of == layers + 2);
      CHECK(prefix.stages == stages);
      CHECK(prefix.has_products() == (stages > 0));
      CHECK(prefix.row_a_text == (stages == layers + 2));
      const Variable loss = step.loss();
      counters() = {};
      backward(loss);
      const auto trained = static_cast<uint64_t>(std::min(layers, std::max<int64_t>(0, layers + 1 - stages)));
      CHECK(launched("attention_backward") == trained);
      // Six products a layer, each with the gradients of weight and input: the norm below them is trained. The head's
      // four, or three; the second convolution's two, and the first one's, which has no gradient of its input.
      CHECK(launched("matmul") == 12 * trained + (stages == layers + 2 && !weighted ? 3 : 4) + (stages == 0 ? 3 : 0));
      step.check_gradients();
    }
  }
}

TEST_CASE("freezing Whisper: the frozen forward pass is that of inference") {
  Step step;
  check_frozen_as_inference(step, [&] { step.model(step.batch); });
  CHECK(launched("dropout") == 0);
}

TEST_CASE("freezing Whisper: positions have no gradient, whatever is trained") {
  Step step;
  FreezeMask::all_trained().apply(step.store);
  backward(step.loss());
  for (const Parameter& p : step.store.all()) {
    INFO(p.name());
    CHECK(p.variable().grad().defined() == (p.name() != step.model.unread().at(0)));
  }
}

TEST_CASE("freezing Whisper: frozen lower layers compute without dropout, trained ones with it") {
  Step step;
  for (const int64_t stages : {0, 1, 3}) {
    CAPTURE(stages);
    frozen_stages(stages).apply(step.store);
    check_dropout_above(step, static_cast<size_t>(stages), layers + 1, [&] {
      std::vector<Variable> hidden;
      step.model.encoder(step.batch, &hidden);
      return hidden;
    });
  }
}

TEST_CASE("checkpointing Whisper's layers: the same gradients to the bit, fewer bytes kept") {
  Step step;
  const auto set = [&](bool on) { step.model.encoder.layers.checkpointing = on; };
  CHECK(kept_by_checkpointing(step, all_trained(), set) < 2. / 3);
}
