// SPDX-License-Identifier: Apache-2.0
// The head for classes.
#include "models/whisper/classification.h"

#include "autograd/functions.h"

namespace thaw {

WhisperForAudioClassification::WhisperForAudioClassification(const Scope& s, const WhisperConfig& config)
    : encoder(s / "encoder", config,
              config.use_weighted_layer_sum ? WhisperEncoder::Reads::all_means : WhisperEncoder::Reads::mean),
      projector(s / "projector", config.d_model, config.classifier_proj_size, Init::normal(config.init_std)),
      classifier(s / "classifier", config.classifier_proj_size, config.num_labels(), Init::normal(config.init_std)),
      problem(config.problem()) {
  const int64_t states = config.hidden_states();
  if (config.use_weighted_layer_sum)
    layer_weights = s.parameter("layer_weights", {states}, Init::constant(1 / static_cast<double>(states)));
}

Variable WhisperForAudioClassification::pooled(const WhisperInput& sounds) const {
  const Variable means = encoder.means(sounds);
  if (!layer_weights.defined()) return means;
  const int64_t states = layer_weights.value().size(0);
  const Variable each = reshape(means, {means.size(0), states, means.size(1) / states});
  return sum(mul(each, reshape(softmax(layer_weights), {states, 1})), {1});
}

}  // namespace thaw
