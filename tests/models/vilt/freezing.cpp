// SPDX-License-Identifier: Apache-2.0
// What freezing saves in ViLT: no product in the backward pass and no kept byte for what is frozen, no dropout in it;
// of texts and pictures each by itself.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "models/prefix/frozen_prefix.h"
#include "models/vilt/question_answering.h"
#include "nn/freeze/freeze_mask.h"
#include "tensor/counters.h"
#include "tests/models/freezing_checks.h"
#include "tests/models/small_vilt.h"

using namespace thaw;

namespace {

constexpr int64_t layers = 3;

// From below: embeddings, layers, the norm, the pooler.
FreezeMask frozen_stages(int64_t stages) {
  FreezeMask mask = FreezeMask::all_trained();
  if (stages > 0) mask.freeze("vilt.embeddings.*");
  for (int64_t i = 0; i < std::min(stages - 1, layers); ++i) mask.freeze(fmt::format("vilt.encoder.layer.{}.*", i));
  if (stages > layers + 1) mask.freeze("vilt.layernorm.*");
  if (stages > layers + 2) mask.freeze("vilt.pooler.*");
  return mask;
}

ViltConfig with_dropout() {
  ViltConfig config = small_vilt_config();
  config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.1;
  return config;
}

struct Step : TrainingStep<SmallVilt<ViltForQuestionAnswering>> {
  ViltInput batch = pairs({{5, {12, 12}}, {9, {8, 12}}, {4, {16, 4}}});
  Step() : TrainingStep(with_dropout()) {}

  Variable loss() const { return model.loss(model(batch), {.values = {0, 1, 0.5, 0, 1, 0.3}}); }
  // Of a backward pass of what this leaves trained.
  uint64_t launches_with(const FreezeMask& mask, const std::string& name) {
    mask.apply(store);
    const Variable loss_of_batch = loss();
    counters() = {};
    backward(loss_of_batch);
    const uint64_t count = launched(name);
    check_gradients();
    return count;
  }
};

}  // namespace

TEST_CASE("freezing ViLT: a head alone runs its three products backward, and nothing of the encoder is kept") {
  Step step;
  FreezeMask::all_frozen().train("classifier.*").apply(step.store);
  const uint64_t before = step.live();
  const Variable loss = step.loss();
  const auto pairs = static_cast<uint64_t>(step.batch.segments.count()),
             channels = static_cast<uint64_t>(step.config.hidden_size);
  const uint64_t head_bytes = 4 * pairs * (channels + 3 * 2 * channels + 12) + 64;
  CHECK(step.live() - before <= head_bytes);
  CHECK(head_bytes < 4 * channels * static_cast<uint64_t>(step.batch.segments.total()));
  counters() = {};
  backward(loss);
  CHECK(launched("matmul") == 3);
  for (const char* name : {"attention_backward", "dropout", "gather_rows", "scatter_add_rows"}) {
    INFO(name);
    CHECK(launched(name) == 0);
  }
  step.check_gradients();
}

TEST_CASE("freezing ViLT: the frozen forward pass is that of inference") {
  Step step;
  check_frozen_as_inference(step, [&] { step.model(step.batch); });
}

TEST_CASE("freezing ViLT: from below, each stage that is frozen saves its part of the backward pass, and is a prefix") {
  Step step;
  for (int64_t stages = 0; stages <= layers + 3; ++stages) {
    CAPTURE(stages);
    frozen_stages(stages).apply(step.store);
    const FrozenPrefix prefix = frozen_prefix(step.store, step.model.vilt);
    CHECK(prefix.of == layers + 3);
    CHECK(prefix.stages == stages);
    CHECK(prefix.has_products() == (stages > 0));
    CHECK(prefix.row_a_text == (stages > layers));
    const Variable loss = step.loss();
    counters() = {};
    backward(loss);
    const auto trained = static_cast<uint64_t>(std::min(layers, std::max<int64_t>(0, layers + 1 - stages)));
    CHECK(launched("attention_backward") == trained);
    // Six products a layer, each with the gradients of weight and input: the norm below them is trained. The head's two
    // and the pooler's one, each with that of its input where there is something to train below; that of patches has
    // none, and two grids' positions are two products each.
    const uint64_t pooler = stages == layers + 3 ? 0 : stages == layers + 2 ? 1 : 2;
    CHECK(launched("matmul") == 12 * trained + pooler + (stages == layers + 3 ? 3 : 4) + (stages == 0 ? 1 + 2 * 2 : 0));
    step.check_gradients();
  }
}

TEST_CASE("freezing ViLT: of embeddings, texts and pictures save their parts by themselves") {
  Step step;
  const FreezeMask all = FreezeMask::all_trained();
  const FreezeMask without_texts = FreezeMask::all_trained().freeze("vilt.embeddings.text_embeddings.*");
  CHECK(step.launches_with(without_texts, "norm_backward") == step.launches_with(all, "norm_backward") - 1);
  CHECK(step.launches_with(without_texts, "matmul") == step.launches_with(all, "matmul"));
  const uint64_t products = step.launches_with(all, "matmul");
  const auto without = [&](const char* pattern) { return FreezeMask::all_trained().freeze(pattern); };
  CHECK(step.launches_with(without("vilt.embeddings.patch_embeddings.*"), "matmul") == products - 1);
  CHECK(step.launches_with(without("vilt.embeddings.position_embeddings"), "matmul") == products - 2 * 2);
}

TEST_CASE("freezing ViLT: frozen lower layers compute without dropout, trained ones with it") {
  Step step;
  frozen_stages(3).apply(step.store);
  check_dropout_above(step, 3, layers + 1, [&] {
    std::vector<Variable> hidden;
    step.model.vilt(step.batch, &hidden);
    return hidden;
  });
}

TEST_CASE("checkpointing ViLT's layers: the same gradients to the bit, fewer bytes kept") {
  Step step;
  const auto set = [&](bool on) { step.model.vilt.encoder.checkpointing = on; };
  for (const FreezeMask& mask : {FreezeMask::all_trained(), frozen_stages(2)})
    CHECK(kept_by_checkpointing(step, mask, set) < 1);
}
