// SPDX-License-Identifier: Apache-2.0
// What freezing saves in AST: no product in the backward pass and no kept byte for what is frozen, no dropout in it.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "models/ast/classification.h"
#include "models/prefix/frozen_prefix.h"
#include "nn/freeze/freeze_mask.h"
#include "tensor/counters.h"
#include "tests/models/freezing_checks.h"
#include "tests/models/small_ast.h"

using namespace thaw;

namespace {

constexpr int64_t layers = 3;

// From below: embeddings, layers, the norm.
FreezeMask frozen_stages(int64_t stages) {
  FreezeMask mask = FreezeMask::all_trained();
  const std::string body = "audio_spectrogram_transformer.";
  if (stages > 0) mask.freeze(body + "embeddings.*");
  for (int64_t i = 0; i < std::min(stages - 1, layers); ++i) mask.freeze(fmt::format("{}encoder.layer.{}.*", body, i));
  if (stages > layers + 1) mask.freeze(body + "layernorm.*");
  return mask;
}

ASTConfig with_dropout() {
  ASTConfig config = small_ast_config();
  config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.1;
  return config;
}

struct Step : TrainingStep<SmallAST<ASTForAudioClassification>> {
  ASTInput batch = sounds(3);
  Step() : TrainingStep(with_dropout()) {}

  Variable loss() const { return model.loss(model(batch), {.classes = {0, 1, 1}}); }
};

}  // namespace

TEST_CASE("freezing AST: a head alone runs one product backward, and nothing of the encoder is kept") {
  Step step;
  FreezeMask::all_frozen().train("classifier.*").apply(step.store);
  const uint64_t before = step.live();
  const Variable loss = step.loss();
  const auto channels = static_cast<uint64_t>(step.config.hidden_size);
  CHECK(step.live() - before < 4 * channels * static_cast<uint64_t>(step.batch.rows.segments.total()));
  counters() = {};
  backward(loss);
  CHECK(launched("matmul") == 2);  // the head's norm is trained: its product has a gradient of what it reads, too
  CHECK(launched("attention_backward") == 0);
  CHECK(launched("norm_backward") == 1);
  step.check_gradients();
}

TEST_CASE("freezing AST: the frozen forward pass is that of inference") {
  Step step;
  check_frozen_as_inference(step, [&] { step.model(step.batch); });
}

TEST_CASE("freezing AST: from below, each stage that is frozen saves its part of the backward pass, and is a prefix") {
  Step step;
  for (int64_t stages = 0; stages <= layers + 2; ++stages) {
    CAPTURE(stages);
    frozen_stages(stages).apply(step.store);
    const FrozenPrefix prefix = frozen_prefix(step.store, step.model.ast);
    CHECK(prefix.of == layers + 2);
    CHECK(prefix.stages == stages);
    CHECK(prefix.has_products() == (stages > 0));
    CHECK(prefix.row_a_text == (stages > layers));
    const Variable loss = step.loss();
    counters() = {};
    backward(loss);
    const auto trained = static_cast<uint64_t>(std::min(layers, std::max<int64_t>(0, layers + 1 - stages)));
    CHECK(launched("attention_backward") == trained);
    // Six products a layer, each with the gradients of weight and input; the head's two; that of patches has no
    // gradient of its input.
    CHECK(launched("matmul") == 12 * trained + 2 + (stages == 0 ? 1 : 0));
    step.check_gradients();
  }
}

TEST_CASE("freezing AST: frozen lower layers compute without dropout, trained ones with it") {
  Step step;
  frozen_stages(3).apply(step.store);
  check_dropout_above(step, 3, layers + 1, [&] {
    std::vector<Variable> hidden;
    step.model.ast(step.batch, &hidden);
    return hidden;
  });
}

TEST_CASE("checkpointing AST's layers: the same gradients to the bit, fewer bytes kept") {
  Step step;
  const auto set = [&](bool on) { step.model.ast.encoder.checkpointing = on; };
  CHECK(kept_by_checkpointing(step, FreezeMask::all_trained(), set) < .5);
}
