// SPDX-License-Identifier: Apache-2.0
// What freezing saves in AST: no product in the backward pass and no kept byte for what is frozen, no dropout in it.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "models/ast/classification.h"
#include "models/prefix/frozen_prefix.h"
#include "nn/freeze/freeze_mask.h"
#include "tensor/counters.h"
#include "tests/models/small_ast.h"

using namespace thaw;

namespace {

constexpr int64_t layers = 3;

uint64_t launched(const std::string& name) {
  const auto& all = counters().by_name;
  const auto found = all.find(name);
  return found == all.end() ? 0 : found->second;
}

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

struct Step : SmallAST<ASTForAudioClassification> {
  ASTInput batch = sounds(3);
  Step() : SmallAST(with_dropout()) { store.mode().training = true; }

  Variable loss() const { return model.loss(model(batch), {.classes = {0, 1, 1}}); }
  uint64_t live() const { return device.backend().memory().live_bytes; }
  void check_gradients() const {
    for (const Parameter& p : store.all()) {
      INFO(p.name());
      CHECK(p.variable().grad().defined() == !p.frozen());
      if (!p.frozen()) p.variable().clear_grad();
    }
  }
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
  const auto hidden_in = [&](bool training) {
    step.store.mode().training = training;
    std::vector<Variable> hidden;
    step.model.ast(step.batch, &hidden);
    return hidden;
  };
  const std::vector<Variable> training = hidden_in(true), evaluation = hidden_in(false);
  REQUIRE(training.size() == layers + 1);
  for (size_t i = 0; i < training.size(); ++i) {
    INFO("hidden state " << i);
    CHECK((training[i].value().to_bytes() == evaluation[i].value().to_bytes()) == (i < 3));
  }
}

TEST_CASE("checkpointing AST's layers: the same gradients to the bit, fewer bytes kept") {
  Step step;
  const auto run = [&](bool on) {
    step.model.ast.encoder.checkpointing = on;
    FreezeMask::all_trained().apply(step.store);
    step.store.mode().random.set_position(0);
    const uint64_t before = step.live();
    const Variable loss = step.loss();
    const uint64_t kept = step.live() - before;
    backward(loss);
    std::map<std::string, std::vector<std::byte>> gradients;
    for (const Parameter& p : step.store.trained()) {
      gradients[p.name()] = p.variable().grad().to_bytes();
      p.variable().clear_grad();
    }
    return std::pair{gradients, kept};
  };
  const auto [plain, plain_bytes] = run(false);
  const auto [again, again_bytes] = run(true);
  CHECK(plain == again);
  CHECK(2 * again_bytes < plain_bytes);
}
