// SPDX-License-Identifier: Apache-2.0
// What freezing saves in ViT: no product in the backward pass and no kept byte for what is frozen, no dropout in it;
// positions that are resized cost a gradient only where they are trained.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "models/prefix/frozen_prefix.h"
#include "models/vit/classification.h"
#include "nn/freeze/freeze_mask.h"
#include "tensor/counters.h"
#include "tests/models/freezing_checks.h"
#include "tests/models/small_vit.h"

using namespace thaw;

namespace {

constexpr int64_t layers = 3;

FreezeMask head_only() { return FreezeMask::all_frozen().train("classifier.*"); }

// From below: embeddings, layers, the norm.
FreezeMask frozen_stages(int64_t stages) {
  FreezeMask mask = FreezeMask::all_trained();
  if (stages > 0) mask.freeze("vit.embeddings.*");
  for (int64_t i = 0; i < std::min(stages - 1, layers); ++i) mask.freeze(fmt::format("vit.encoder.layer.{}.*", i));
  if (stages > layers + 1) mask.freeze("vit.layernorm.*");
  return mask;
}

ViTConfig with_dropout() {
  ViTConfig config = small_vit_config();
  config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.1;
  return config;
}

struct Step : TrainingStep<SmallViT<ViTForImageClassification>> {
  PatchInput batch = pictures({{12, 8}, {8, 8}, {16, 6}});
  Step() : TrainingStep(with_dropout()) {}

  Variable loss() const { return model.loss(model(batch), {.classes = {0, 1, 1}}); }
};

}  // namespace

TEST_CASE("freezing ViT: a head alone runs one product backward, and nothing of the encoder is kept") {
  Step step;
  head_only().apply(step.store);
  const uint64_t before = step.live();
  const Variable loss = step.loss();
  const auto pictures = static_cast<uint64_t>(step.batch.one_each.count()),
             channels = static_cast<uint64_t>(step.config.hidden_size);
  const uint64_t head_bytes = 4 * pictures * (channels + 2 * 2 + 4) + 64;
  CHECK(step.live() - before <= head_bytes);
  CHECK(head_bytes < 4 * channels * static_cast<uint64_t>(step.batch.rows.segments.total()));
  counters() = {};
  backward(loss);
  CHECK(launched("matmul") == 1);
  for (const char* name : {"attention_backward", "norm_backward", "unary_backward", "dropout", "gather_rows",
                           "scatter_add_rows", "binary"}) {
    INFO(name);
    CHECK(launched(name) == 0);
  }
  step.check_gradients();
}

TEST_CASE("freezing ViT: the frozen forward pass is that of inference") {
  Step step;
  check_frozen_as_inference(step, [&] { step.model(step.batch); });
}

TEST_CASE("freezing ViT: from below, each stage that is frozen saves its part of the backward pass, and is a prefix") {
  Step step;
  for (int64_t stages = 0; stages <= layers + 2; ++stages) {
    CAPTURE(stages);
    frozen_stages(stages).apply(step.store);
    const FrozenPrefix prefix = frozen_prefix(step.store, step.model.vit);
    CHECK(prefix.of == layers + 2);
    CHECK(prefix.stages == stages);
    CHECK(prefix.has_products() == (stages > 0));
    CHECK(prefix.row_a_text == (stages > layers));
    const Variable loss = step.loss();
    counters() = {};
    backward(loss);
    const auto trained = static_cast<uint64_t>(std::min(layers, std::max<int64_t>(0, layers + 1 - stages)));
    CHECK(launched("attention_backward") == trained);
    // Six products a layer, each with the gradients of weight and input: the norm below them is trained. The head's
    // two, or one; that of patches has no gradient of its input, and two grids' positions are two products each.
    CHECK(launched("matmul") == 12 * trained + (stages == layers + 2 ? 1 : 2) + (stages == 0 ? 1 + 2 * 2 : 0));
    step.check_gradients();
  }
}

TEST_CASE("freezing ViT: resized positions that are frozen record nothing") {
  Step step;
  const auto backward_products = [&](const FreezeMask& mask) {
    mask.apply(step.store);
    const Variable loss = step.loss();
    counters() = {};
    backward(loss);
    step.check_gradients();
    return launched("matmul");
  };
  const uint64_t all = backward_products(FreezeMask::all_trained());
  CHECK(backward_products(FreezeMask::all_trained().freeze("*position_embeddings")) == all - 2 * 2);
}

TEST_CASE("freezing ViT: frozen lower layers compute without dropout, trained ones with it") {
  Step step;
  frozen_stages(3).apply(step.store);
  check_dropout_above(step, 3, layers + 1, [&] {
    std::vector<Variable> hidden;
    step.model.vit(step.batch, &hidden);
    return hidden;
  });
}

TEST_CASE("checkpointing ViT's layers: the same gradients to the bit, fewer bytes kept") {
  Step step;
  const auto set = [&](bool on) { step.model.vit.encoder.checkpointing = on; };
  for (const FreezeMask& mask : {FreezeMask::all_trained(), frozen_stages(2)})
    CHECK(kept_by_checkpointing(step, mask, set) < .5);
}
