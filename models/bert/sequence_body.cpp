// SPDX-License-Identifier: Apache-2.0
// Hands rows to BERT.
#include "models/bert/sequence_body.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace thaw {

BertBody::BertBody(const Scope& scope, const BertConfig& config, Bert bert)
    : config_(config), path_(scope.path()), device_(scope.store().device()), bert_(std::move(bert)) {}

BertInput BertBody::of(const BodyInput& input) const {
  BertInput rows = BertInput::from_rows(input, input.rows, device_);
  rows.below = input.below;
  return rows;
}

int64_t BertBody::positions_behind(int64_t rows) const {
  int64_t prefix = 0;
  for (const BertLayer& layer : bert_.layers) prefix = std::max(prefix, layer.attention.prefix_rows());
  return rows - bert_.prompt->count() - prefix;
}

Fingerprint BertBody::switches() const { return switches_of_body(config_); }

std::unique_ptr<SequenceBody> open_bert_body(const Scope& scope, const Json& json, const BodyOptions& options) {
  const auto config = body_config<BertConfig>(json, options);
  return std::make_unique<BertBody>(scope, config, Bert(scope, config, Bert::Pooler::without));
}

Fingerprint switches_of_body(const BertConfig& c) {
  return {{"hidden_act", c.hidden_act},
          {"num_attention_heads", fmt::format("{}", c.num_attention_heads)},
          {"layer_norm_eps", fmt::format("{}", c.layer_norm_eps)},
          {"hidden_dropout_prob", fmt::format("{}", c.hidden_dropout_prob)},
          {"attention_probs_dropout_prob", fmt::format("{}", c.attention_probs_dropout_prob)}};
}

}  // namespace thaw
