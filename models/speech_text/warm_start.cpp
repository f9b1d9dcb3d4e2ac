// SPDX-License-Identifier: Apache-2.0
// Finds out what the two models are, and writes where they lie.
#include <fmt/format.h>

#include <filesystem>

#include "models/families.h"
#include "models/hub/change_directory.h"
#include "models/hub/save_pretrained.h"
#include "models/pair_start.h"
#include "models/speech_text/projections.h"
#include "nn/scope.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

constexpr int64_t usual_projection = 256;

PlacedModel placed(const std::string& directory, InputKind reads, Device device) {
  if (holds_change(directory))
    fail("{}: holds what changed of a base, not a model: `thaw merge` makes a model of it", directory);
  const auto checkpoint = open_checkpoint(directory, reads);
  if (!checkpoint->has("Model"))
    fail("{}: a model of {} whose body can be read alone is needed (of sounds a Whisper, of texts a BERT)", directory,
         name_of(reads));
  const auto model = checkpoint->build("Model", device, DType::f32, 0);
  if (!model->report().initialised.empty())
    fail("{}: the checkpoint lacks {}", directory, listed(model->report().initialised));
  PlacedModel place;
  place.path = std::filesystem::absolute(directory).lexically_normal().string();
  place.hash = weights_hash(directory);
  place.width = model->width();
  return place;
}

}  // namespace

WarmStarted write_speech_text(const std::string& directory, const PairStart& parts, Device device, uint64_t seed) {
  SpeechTextConfig config;
  config.audio = placed(parts.sounds, InputKind::sounds, device);
  config.text = placed(parts.texts, InputKind::texts, device);
  config.projection_dim = parts.projection_size.value_or(usual_projection);
  ParameterStore store(device, DType::f32, seed);
  const SpeechTextProjections model{Scope(store), config};
  save_pretrained(directory, config.to_json(SpeechTextProjections::architecture), store);

  WarmStarted made;
  made.notes = {fmt::format("sounds: {}, which stays there", config.audio.path),
                fmt::format("texts: {}, which stays there", config.text.path),
                "new: what projects them into one space"};
  for (const Parameter& parameter : store.all()) made.parameters += parameter.value().numel();
  made.bytes = static_cast<uint64_t>(made.parameters) * sizeof(float);
  return made;
}

}  // namespace thaw
