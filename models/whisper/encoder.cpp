// SPDX-License-Identifier: Apache-2.0
// Whisper's forward pass, up to its last hidden states.
#include "models/whisper/encoder.h"

#include <algorithm>

#include "autograd/functions.h"
#include "nn/mode.h"
#include "tensor/check.h"

namespace thaw {

namespace {

Init weights(const WhisperConfig& config) { return Init::normal(config.init_std); }

Variable side_by_side(const std::vector<Variable>& parts) { return parts.size() == 1 ? parts[0] : concat(parts, 1); }

// `count` parts, of as many columns each.
std::vector<Variable> parts_of(const Variable& all, int64_t count) {
  if (count == 1) return {all};
  const int64_t width = all.size(1) / count;
  std::vector<Variable> parts;
  for (int64_t i = 0; i < count; ++i) parts.push_back(slice(all, 1, i * width, (i + 1) * width));
  return parts;
}

}  // namespace

WhisperEncoder::WhisperEncoder(const Scope& s, const WhisperConfig& config, Reads what)
    : scope(s),
      conv1(s / "conv1", config.num_mel_bins, config.d_model, weights(config)),
      conv2(s / "conv2", config.d_model, config.d_model, weights(config)),
      positions(s / "embed_positions", config.max_source_positions, config.d_model, Init::sinusoids()),
      dropout(s, config.dropout),
      layers(s / "layers", config.encoder_layers, config.layers(), PreNormNames::whisper(), weights(config)),
      norm(s / "layer_norm", config.d_model, WhisperConfig::norm_eps),
      reads_(what) {
  positions.weight.freeze();
}

// Without dropout where nothing of it is trained, as a frozen block computes (nn/frozen_block.h).
Variable WhisperEncoder::embed(const WhisperInput& sounds) const {
  const int64_t count = positions.weight.value().size(0), longest = sounds.segments().longest();
  check(longest <= count, "{}: a sound of {} positions, two frames each: there are {}", positions.weight.name(),
        longest, count);
  const Variable rows = conv2(conv1(sounds.frames(conv1.weight.value().dtype()), sounds.first), sounds.second);
  const Variable x = add(rows, embedding(positions.weight.value(), sounds.positions));
  const EvaluationMode evaluation(scope.mode(), !x.tracked());
  return dropout(x);
}

std::vector<Variable> WhisperEncoder::lower_layers(const WhisperInput& sounds, int64_t count, bool all) const {
  const int64_t before = std::max<int64_t>(sounds.below.stages - 1, 0);
  std::vector<Variable> hidden;
  if (sounds.below.stages == 0) {
    hidden = {embed(sounds)};
  } else {
    hidden = parts_of(sounds.below.states, reads_ == Reads::all_means ? sounds.below.stages : 1);
  }
  const Variable last = layers(hidden.back(), sounds.segments(), before, count, all ? &hidden : nullptr);
  return all ? hidden : std::vector<Variable>{last};
}

std::vector<Variable> WhisperEncoder::all_layers(const WhisperInput& sounds, bool all) const {
  std::vector<Variable> hidden = lower_layers(sounds, layers.count(), all);
  hidden.back() = norm(hidden.back());
  return hidden;
}

Variable WhisperEncoder::operator()(const WhisperInput& sounds, std::vector<Variable>* hidden) const {
  check(!gives_a_row_a_text(sounds.below.stages), "{}: of sounds' means alone there are no rows", scope.path());
  if (sounds.below.stages > stages_below_norm()) return sounds.below.states;
  const std::vector<Variable> states = all_layers(sounds, hidden != nullptr);
  if (hidden) *hidden = states;
  return states.back();
}

Variable WhisperEncoder::means(const WhisperInput& sounds) const {
  if (gives_a_row_a_text(sounds.below.stages)) return sounds.below.states;
  if (reads_ != Reads::all_means) return mean_segments((*this)(sounds), sounds.segments());
  std::vector<Variable> means;
  for (const Variable& rows : all_layers(sounds, true)) means.push_back(mean_segments(rows, sounds.segments()));
  return side_by_side(means);
}

std::vector<std::vector<std::string>> WhisperEncoder::stages() const {
  std::vector<std::vector<std::string>> stages{
      {(scope / "conv1").path(), (scope / "conv2").path(), (scope / "embed_positions").path()}};
  for (const PreNormLayer& layer : layers.layers) stages.push_back({layer.scope.path()});
  stages.push_back({(scope / "layer_norm").path()});
  return stages;
}

Variable WhisperEncoder::states(const WhisperInput& sounds, int64_t stages) const {
  if (stages > stages_below_norm()) return reads_ == Reads::rows ? (*this)(sounds) : means(sounds);
  return side_by_side(lower_layers(sounds, stages - 1, reads_ == Reads::all_means));
}

}  // namespace thaw
