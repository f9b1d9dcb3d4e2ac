// SPDX-License-Identifier: Apache-2.0
// Hands rows to an LSTM.
#include "models/lstm/family.h"

#include <fmt/format.h>

#include <initializer_list>
#include <utility>

#include "models/lstm/config.h"
#include "models/sequence_body.h"
#include "tensor/check.h"

namespace thaw {
namespace {

class LstmBody final : public SequenceBody {
 public:
  LstmBody(const Scope& scope, const LstmConfig& config) : config_(config), lstm_(scope, config.options()) {}

  int64_t width() const override { return config_.hidden_size; }
  std::vector<std::string> norms() const override {
    if (!config_.layer_norm) return {};
    return {(lstm_.scope / "norm_*").path()};
  }
  bool is_usually_frozen() const override { return false; }
  Variable operator()(const BodyInput& input) const override { return lstm_(input.rows, input.segments); }

  // Nothing of it is kept: the product of a step that one sequence alone reaches has other bits than that of several.
  std::vector<std::string> stages() const override { return {}; }
  int64_t lookup_stages() const override { return 0; }
  Variable states(const BodyInput& input, int64_t) const override { return input.rows; }

  void set_checkpointing(bool on) override { lstm_.options.checkpoint = on; }
  Fingerprint switches() const override {
    return {{"dropout", fmt::format("{}", config_.dropout)},
            {"gate_order", config_.gate_order == GateOrder::ifog ? "ifog" : "ifgo"},
            {"layer_norm_eps", fmt::format("{}", config_.layer_norm_eps)},
            {"layer_norm_unbiased_variance", fmt::format("{}", config_.layer_norm_unbiased_variance)}};
  }

 private:
  LstmConfig config_;
  Lstm lstm_;
};

std::unique_ptr<SequenceBody> open_body(const Scope& scope, const Json& json, const BodyOptions& options) {
  LstmConfig config = LstmConfig::from_json(json);
  if (options.dropout) config.dropout = *options.dropout;
  return std::make_unique<LstmBody>(scope, config);
}

Json fresh_lstm(const FreshSizes& sizes) {
  for (const auto& [name, size] : {std::pair("heads", sizes.heads),
                                   {"intermediate_size", sizes.intermediate_size},
                                   {"positions", sizes.positions}})
    check(!size, "{} {}: an LSTM has none", name, size.value_or(0));
  check(!sizes.activation, "activation {}: those of an LSTM are what they are", sizes.activation.value_or(""));
  check(sizes.hidden_size != 1, "hidden_size 1: one number has no variance");
  LstmConfig c;
  c.hidden_size = sizes.hidden_size.value_or(c.hidden_size);
  c.num_hidden_layers = sizes.layers.value_or(c.num_hidden_layers);
  c.dropout = sizes.dropout.value_or(c.dropout);
  return c.to_json();
}

}  // namespace

constinit const ModelFamily lstm_family = {
    .model_type = "lstm",
    .checkpoint_names = [](const Json& json) { return LstmConfig::from_json(json).checkpoint_names(); },
    .facts = nullptr,
    .open = nullptr,
    .open_body = open_body,
    .fresh_wordless_config = fresh_lstm,
};

}  // namespace thaw
