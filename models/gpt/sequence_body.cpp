// SPDX-License-Identifier: Apache-2.0
// Hands rows to GPT.
#include "models/gpt/sequence_body.h"

#include <fmt/format.h>

#include "models/gpt/gpt.h"

namespace thaw {
namespace {

class GptBody final : public SequenceBody {
 public:
  GptBody(const Scope& scope, const GptConfig& config) : config_(config), gpt_(scope, config) {}

  int64_t width() const override { return config_.n_embd; }
  int64_t positions() const override { return config_.n_positions - gpt_.rows_before(); }
  std::optional<PositionTable> position_table() const override {
    return PositionTable{gpt_.positions.weight.name(), 0};
  }
  std::vector<std::string> norms() const override { return {gpt_.scope.path() + ".*ln_{1,2,f}.*"}; }
  std::vector<std::string> unread() const override { return {gpt_.words.weight.name()}; }
  Variable operator()(const BodyInput& input) const override { return gpt_(of(input)); }
  // Words are read by no row.
  std::vector<std::string> stages() const override {
    std::vector<std::string> names;
    for (const std::vector<std::string>& stage : gpt_.stages()) names.push_back(stage.back());
    return names;
  }
  int64_t lookup_stages() const override { return gpt_.lookup_stages(); }
  Variable states(const BodyInput& input, int64_t stages) const override { return gpt_.states(of(input), stages); }
  void set_checkpointing(bool on) override { gpt_.checkpointing = on; }
  Fingerprint switches() const override { return switches_of_body(config_); }

 private:
  static GptInput of(const BodyInput& input) {
    GptInput rows = GptInput::from_rows(input, input.rows);
    rows.below = input.below;
    return rows;
  }

  GptConfig config_;
  Gpt gpt_;
};

}  // namespace

std::unique_ptr<SequenceBody> open_gpt_body(const Scope& scope, const Json& json, const BodyOptions& options) {
  GptConfig config = GptConfig::from_json(json);
  if (options.dropout) config.resid_pdrop = config.embd_pdrop = config.attn_pdrop = *options.dropout;
  return std::make_unique<GptBody>(scope, config);
}

Fingerprint switches_of_body(const GptConfig& c) {
  return {{"model_type", c.model_type},
          {"activation_function", c.activation_function},
          {"n_head", fmt::format("{}", c.n_head)},
          {"scale_attn_weights", fmt::format("{}", c.scale_attn_weights)},
          {"scale_attn_by_inverse_layer_idx", fmt::format("{}", c.scale_attn_by_inverse_layer_idx)},
          {"layer_norm_epsilon", fmt::format("{}", c.layer_norm_epsilon)},
          {"resid_pdrop", fmt::format("{}", c.resid_pdrop)},
          {"embd_pdrop", fmt::format("{}", c.embd_pdrop)},
          {"attn_pdrop", fmt::format("{}", c.attn_pdrop)}};
}

}  // namespace thaw
