// SPDX-License-Identifier: Apache-2.0
// Hands rows to BERT.
#include "models/bert/sequence_body.h"

#include <fmt/format.h>

#include "models/bert/bert.h"

namespace thaw {
namespace {

class BertBody final : public SequenceBody {
 public:
  BertBody(const Scope& scope, const BertConfig& config)
      : config_(config),
        path_(scope.path()),
        device_(scope.store().device()),
        bert_(scope, config, Bert::Pooler::without) {}

  int64_t width() const override { return config_.hidden_size; }
  int64_t positions() const override { return config_.max_position_embeddings; }
  std::optional<PositionTable> position_table() const override {
    return PositionTable{bert_.embeddings.positions.weight.name(), 0};
  }
  std::vector<std::string> norms() const override { return {path_ + ".*LayerNorm.*"}; }
  Variable operator()(const BodyInput& input) const override { return bert_(of(input)); }
  Variable at_rows(const BodyInput& input, const Indices& rows, const Segments& of_sequences) const override {
    return bert_.at_rows(of(input), rows, of_sequences);
  }
  std::vector<std::string> stages() const override { return bert_.stages(); }
  Variable states(const BodyInput& input, int64_t stages) const override { return bert_.states(of(input), stages); }
  void set_checkpointing(bool on) override { bert_.checkpointing = on; }
  Fingerprint switches() const override { return switches_of_body(config_); }

 private:
  BertInput of(const BodyInput& input) const {
    BertInput rows = BertInput::from_rows(input, input.rows, device_);
    rows.below = input.below;
    return rows;
  }

  BertConfig config_;
  std::string path_;
  Device device_;
  Bert bert_;
};

}  // namespace

std::unique_ptr<SequenceBody> open_bert_body(const Scope& scope, const Json& json, const BodyOptions& options) {
  BertConfig config = BertConfig::from_json(json);
  if (options.dropout) config.hidden_dropout_prob = config.attention_probs_dropout_prob = *options.dropout;
  return std::make_unique<BertBody>(scope, config);
}

Fingerprint switches_of_body(const BertConfig& c) {
  return {{"hidden_act", c.hidden_act},
          {"num_attention_heads", fmt::format("{}", c.num_attention_heads)},
          {"layer_norm_eps", fmt::format("{}", c.layer_norm_eps)},
          {"hidden_dropout_prob", fmt::format("{}", c.hidden_dropout_prob)},
          {"attention_probs_dropout_prob", fmt::format("{}", c.attention_probs_dropout_prob)}};
}

}  // namespace thaw
