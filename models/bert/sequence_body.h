// SPDX-License-Identifier: Apache-2.0
// BERT, and models like it, as a body of rows (models/sequence_body.h): + positions + type 0, the norm of embeddings,
// bidirectional layers.
#pragma once

#include <memory>

#include "models/bert/bert.h"
#include "models/bert/config.h"
#include "models/sequence_body.h"
#include "nn/scope.h"

namespace thaw {

class BertBody : public SequenceBody {
 public:
  // The encoder below `scope`, without a pooler.
  BertBody(const Scope& scope, const BertConfig& config, Bert bert);

  int64_t width() const override { return config_.hidden_size; }
  int64_t positions() const override { return positions_behind(config_.max_position_embeddings); }
  std::optional<PositionTable> position_table() const override {
    return PositionTable{bert_.embeddings.positions.weight.name(), 0};
  }
  std::vector<std::string> norms() const override { return {path_ + ".*LayerNorm.*"}; }
  std::vector<std::string> unread() const override { return {bert_.embeddings.words.weight.name()}; }
  Variable operator()(const BodyInput& input) const override { return bert_(of(input)); }
  Variable at_rows(const BodyInput& input, const Indices& rows, const Segments& of_sequences) const override {
    return bert_.at_rows(of(input), rows, of_sequences);
  }
  std::vector<std::string> stages() const override { return bert_.stages(); }
  int64_t lookup_stages() const override { return bert_.lookup_stages(); }
  Variable states(const BodyInput& input, int64_t stages) const override { return bert_.states(of(input), stages); }
  void set_checkpointing(bool on) override { bert_.checkpointing = on; }
  Fingerprint switches() const override;

 protected:
  int64_t positions_behind(int64_t rows) const;  // of so many, those that no prompt or prefix takes
  virtual BertInput of(const BodyInput& input) const;

 private:
  BertConfig config_;
  std::string path_;
  Device device_;
  Bert bert_;
};

// config.json's, with the options' dropout in the place of its own.
template <typename Config>
Config body_config(const Json& json, const BodyOptions& options) {
  Config config = Config::from_json(json);
  if (options.dropout) config.hidden_dropout_prob = config.attention_probs_dropout_prob = *options.dropout;
  return config;
}

std::unique_ptr<SequenceBody> open_bert_body(const Scope& scope, const Json& config, const BodyOptions& options);

// What of the configuration changes the numbers of a body.
Fingerprint switches_of_body(const BertConfig& config);

}  // namespace thaw
