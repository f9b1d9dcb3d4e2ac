// SPDX-License-Identifier: Apache-2.0
// Embeds texts, runs the layers, and finds where texts end.
#include "models/clip/text_tower.h"

#include <algorithm>
#include <span>

#include "models/read_rows.h"
#include "tensor/check.h"

namespace thaw {

namespace {

// The reference library draws both tables so, whatever initializer_range is.
Init of_table(const CLIPTextConfig& config) { return Init::normal(config.initializer_factor * 0.02); }

PreNormOptions causal_layers(const CLIPTextConfig& config) {
  PreNormOptions options = config.layers();
  options.causal = true;
  return options;
}

}  // namespace

std::vector<int32_t> end_rows(const PackedText& text, int64_t eos) {
  const std::span<const int32_t> ids = text.ids.host();
  std::vector<int32_t> rows;
  for (int64_t b = 0; b < text.count(); ++b) {
    const auto begin = ids.begin() + text.segments.begin(b), end = ids.begin() + text.segments.end(b);
    const auto found =
        eos == CLIPTextConfig::eos_of_old_files ? std::max_element(begin, end) : std::find(begin, end, eos);
    check(found != end, "text {} of the batch has no end token (id {}), at which CLIP reads a text", b, eos);
    rows.push_back(static_cast<int32_t>(found - ids.begin()));
  }
  return rows;
}

CLIPTextTower::CLIPTextTower(const Scope& s, const CLIPTextConfig& config)
    : words(s / "embeddings.token_embedding", config.vocab_size, config.hidden_size, of_table(config)),
      positions(s / "embeddings.position_embedding", config.max_position_embeddings, config.hidden_size,
                of_table(config)),
      encoder(s / "encoder.layers", config.num_hidden_layers, causal_layers(config), PreNormNames::clip(),
              config.first_weights()),
      norm(s / "final_layer_norm", config.hidden_size, config.layer_norm_eps),
      norm_path_((s / "final_layer_norm").path()),
      eos_(config.eos_token_id) {}

Variable CLIPTextTower::lower_layers(const PackedText& text, int64_t count, std::vector<Variable>* hidden) const {
  const int64_t before = std::max<int64_t>(text.below.stages - 1, 0);
  const Variable x = text.below.stages > 0 ? text.below.states : add(words(text.ids), positions(text.positions));
  if (hidden) *hidden = {x};
  return encoder(x, text.segments, before, count, hidden);
}

Variable CLIPTextTower::last_layer(const PackedText& text) const {
  if (text.below.stages == stages_below_norm()) return text.below.states;
  const ReadRows read(text.segments, end_rows(text, eos_));
  const Variable x = lower_layers(text, encoder.count() - 1);
  return encoder.last_at_rows(read.seen.size() > 0 ? take_rows(x, read.seen) : x, read.segments, read.last,
                              read.one_each);
}

Variable CLIPTextTower::operator()(const PackedText& text, std::vector<Variable>* hidden) const {
  check(!gives_a_row_a_text(text.below.stages), "{}: of texts' end tokens alone there are no others",
        words.weight.name());
  return norm(lower_layers(text, encoder.count(), hidden));
}

Variable CLIPTextTower::pooled(const PackedText& text) const {
  return text.below.stages > stages_below_norm() ? text.below.states : norm(last_layer(text));
}

std::vector<std::vector<std::string>> CLIPTextTower::stages() const {
  std::vector<std::vector<std::string>> stages{{words.weight.name(), positions.weight.name()}};
  for (const PreNormLayer& layer : encoder.layers) stages.push_back({layer.scope.path()});
  stages.push_back({norm_path_});
  return stages;
}

Variable CLIPTextTower::states(const PackedText& text, int64_t stages) const {
  if (stages > stages_below_norm()) return pooled(text);
  return gives_a_row_a_text(stages) ? last_layer(text) : lower_layers(text, stages - 1);
}

}  // namespace thaw
