// SPDX-License-Identifier: Apache-2.0
// The names in CLIP's checkpoints: they have no prefix.
#include "models/clip/config.h"

namespace thaw {

namespace {

constexpr const char* positions_of_old_files = "*embeddings.position_ids";

}  // namespace

CheckpointNames CLIPConfig::checkpoint_names() const {
  CheckpointNames names;
  names.ignored = {positions_of_old_files};
  names.required = {"text_model.*", "vision_model.*", "*_projection.weight", "logit_scale"};
  return names;
}

void CLIPConfig::settle(CheckpointSource& source) {
  if (source.first_weights() != FirstWeights::random) return;
  check_can_begin(text.json, "initializer_factor");
  for (const Json* part : {&vision.json, &json}) check_spread(*part, "initializer_factor");
}

// What projects class tokens is of no use to the classifier, and is carried along as the reference library does it.
CheckpointNames CLIPClassifierConfig::checkpoint_names() const {
  CheckpointNames names;
  names.bare = {"vision_model.post_layernorm.*"};
  names.ignored = {positions_of_old_files};
  names.required = {"vision_model.embeddings.*", "vision_model.pre_layrnorm.*", "vision_model.encoder.*"};
  return names;
}

void CLIPClassifierConfig::settle(CheckpointSource& source) {
  source.carry_body();
  if (source.first_weights() == FirstWeights::random)
    for (const Json* part : {&vision.json, &json}) check_spread(*part, "initializer_factor");
}

}  // namespace thaw
