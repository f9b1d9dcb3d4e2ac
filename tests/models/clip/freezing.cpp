// SPDX-License-Identifier: Apache-2.0
// What freezing saves in CLIP: a tower that is frozen records nothing and computes as in evaluation; below trained
// layers each frozen stage saves its part of the backward pass.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "models/clip/clip.h"
#include "models/prefix/frozen_prefix.h"
#include "nn/freeze/freeze_mask.h"
#include "tensor/counters.h"
#include "tests/models/freezing_checks.h"
#include "tests/models/small_clip.h"

using namespace thaw;

namespace {

CLIPConfig with_dropout() {
  CLIPConfig config = small_clip_config();
  config.text.attention_dropout = config.vision.attention_dropout = 0.1;
  return config;
}

struct Step : TrainingStep<SmallCLIP<CLIPModel>> {
  PatchInput images = pictures({{12, 12}, {12, 12}, {12, 12}});
  PackedText words = texts();
  Step() : TrainingStep(with_dropout()) {}

  Variable loss() const { return model.loss(images, words); }
};

// What a loss keeps, and what its backward pass launches.
template <typename F>
std::pair<uint64_t, std::map<std::string, uint64_t>> cost_of(const Step& step, F loss_of) {
  const uint64_t before = step.live();
  const Variable loss = loss_of();
  const uint64_t kept = step.live() - before;
  counters() = {};
  backward(loss);
  const std::map<std::string, uint64_t> launches(counters().by_name.begin(), counters().by_name.end());
  step.check_gradients();
  return {kept, launches};
}

FreezeMask frozen_stages(const std::vector<std::vector<std::string>>& stages, size_t count) {
  FreezeMask mask = FreezeMask::all_trained();
  for (size_t i = 0; i < count; ++i)
    for (const std::string& path : stages[i]) mask.freeze(path.ends_with(".weight") ? path : path + ".*");
  return mask;
}

// From below, each stage of a tower that is frozen is a prefix of it. products_below: of the embeddings.
template <typename Tower>
void check_stages(Step& step, const Tower& tower, int64_t layers_of_other, uint64_t products_below,
                  uint64_t products_of_other) {
  const auto stages = tower.stages();
  for (size_t frozen = 0; frozen <= stages.size(); ++frozen) {
    CAPTURE(frozen);
    frozen_stages(stages, frozen).apply(step.store);
    const FrozenPrefix prefix = frozen_prefix(step.store, tower);
    CHECK(prefix.of == std::ssize(stages));
    CHECK(prefix.stages == static_cast<int64_t>(frozen));
    CHECK(prefix.has_products() == (prefix.stages > tower.lookup_stages()));
    CHECK(prefix.row_a_text == (prefix.stages > tower.encoder.count()));
    const Variable loss = step.loss();
    counters() = {};
    backward(loss);
    const int64_t trained = std::min(tower.encoder.count(), tower.encoder.count() + 1 - static_cast<int64_t>(frozen));
    const auto layers = static_cast<uint64_t>(std::max<int64_t>(trained, 0) + layers_of_other);
    // A layer has six products with two gradients each; so has the projection, if anything below it is trained; the
    // other one has; the cosines are one more.
    const uint64_t of_projections = (frozen == stages.size() ? 1 : 2) + 2;
    CHECK(launched("matmul") ==
          12 * layers + of_projections + 2 + (frozen == 0 ? products_below : 0) + products_of_other);
    step.check_gradients();
  }
}

}  // namespace

TEST_CASE("freezing CLIP: a frozen tower costs no more than vectors that are given") {
  Step step;
  const CLIPModel& m = step.model;
  const auto bytes_of = [](const Variable& rows) { return 4 * static_cast<uint64_t>(rows.numel()) + 64; };
  FreezeMask::all_trained().freeze("vision_model.*").apply(step.store);
  const Variable image = m.vision_model.pooled(step.images).detach();
  const auto locked_image = cost_of(step, [&] { return step.loss(); });
  const auto given_image = cost_of(step, [&] {
    return contrastive_loss(m.head.logits(unit_vectors(m.head.visual_projection(image)), m.text_vectors(step.words)));
  });
  CHECK(locked_image.second == given_image.second);
  CHECK(locked_image.first <= given_image.first + bytes_of(image));

  FreezeMask::all_trained().freeze("text_model.*").apply(step.store);
  const Variable text = m.text_model.pooled(step.words).detach();
  const auto locked_text = cost_of(step, [&] { return step.loss(); });
  const auto given_text = cost_of(step, [&] {
    return contrastive_loss(m.head.logits(m.image_vectors(step.images), unit_vectors(m.head.text_projection(text))));
  });
  CHECK(locked_text.second == given_text.second);
  CHECK(locked_text.first <= given_text.first + bytes_of(text));
}

TEST_CASE("freezing CLIP: projections alone run a product each backward, and the cosines' two") {
  Step step;
  FreezeMask::all_frozen().train("*_projection.weight").apply(step.store);
  const Variable loss = step.loss();
  counters() = {};
  backward(loss);
  CHECK(launched("matmul") == 2 + 2);
  for (const char* name : {"attention_backward", "norm_backward", "dropout", "scatter_add_rows"}) {
    INFO(name);
    CHECK(launched(name) == 0);
  }
  step.check_gradients();
}

TEST_CASE("freezing CLIP: the frozen forward pass is that of inference") {
  Step step;
  check_frozen_as_inference(step, [&] { step.loss(); });
}

TEST_CASE("freezing CLIP: from below, each stage that is frozen saves its part of the backward pass, and is a prefix") {
  Step step;
  const int64_t text_layers = step.model.text_model.encoder.count(),
                vision_layers = step.model.vision_model.encoder.count();
  check_stages(step, step.model.text_model, vision_layers, 0, 1);
  check_stages(step, step.model.vision_model, text_layers, 1, 0);
}

TEST_CASE("freezing CLIP: frozen lower layers compute without dropout, trained ones with it") {
  Step step;
  const CLIPTextTower& tower = step.model.text_model;
  frozen_stages(tower.stages(), 3).apply(step.store);
  check_dropout_above(step, 3, static_cast<size_t>(tower.encoder.count()) + 1, [&] {
    std::vector<Variable> hidden;
    tower(step.words, &hidden);
    return hidden;
  });
}

TEST_CASE("checkpointing CLIP's layers: the same gradients to the bit, fewer bytes kept") {
  Step step;
  const auto set = [&](bool on) { step.model.set_checkpointing(on); };
  for (const FreezeMask& mask : {FreezeMask::all_trained(), FreezeMask::all_trained().freeze("vision_model.*"),
                                 frozen_stages(step.model.text_model.stages(), 2)})
    CHECK(kept_by_checkpointing(step, mask, set) < .5);
}
