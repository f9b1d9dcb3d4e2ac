// SPDX-License-Identifier: Apache-2.0
// Walks the model as models/bert.cpp does, and counts instead of computing.
#include "examples/thaw/step_cost.h"

#include <algorithm>
#include <string>

#include "tensor/dtype.h"

namespace thaw {
namespace {

class Walk {
 public:
  Walk(const BertConfig& config, const ParameterStore& store, std::span<const int64_t> lengths,
       const StepCostOptions& options)
      : config_(config), store_(store), options_(options), channels_(static_cast<double>(config.hidden_size)) {
    for (const int64_t length : lengths) {
      tokens_ += static_cast<double>(length);
      pairs_ += static_cast<double>(length) * static_cast<double>(length);
    }
    texts_ = static_cast<double>(lengths.size());
  }

  StepCost operator()() {
    bool tracked = false;
    for (const char* table : {"word_embeddings", "position_embeddings", "token_type_embeddings"})
      tracked |= trained(std::string("bert.embeddings.") + table + ".weight");
    tracked = norm("bert.embeddings.LayerNorm", tokens_, tracked);
    for (int64_t i = 0; i < config_.num_hidden_layers; ++i) tracked = layer(i, tracked);
    cost_.kept_bytes += largest_layer_;
    bool pooled = product("bert.pooler.dense", texts_, tracked);
    if (pooled) keep(texts_ * channels_);  // before tanh
    if (trained("bert.pooler.dense.weight")) keep(texts_ * channels_);
    product("classifier", texts_, pooled);
    if (trained("classifier.weight")) keep(texts_ * channels_);
    return cost_;
  }

 private:
  bool trained(const std::string& name) const {
    const Parameter parameter = store_.find(name);
    return parameter.defined() && (options_.all_trained || !parameter.frozen());
  }

  void keep(double numbers) { cost_.kept_bytes += numbers * static_cast<double>(size_of(store_.dtype())); }

  // x W^T + b for so many rows; returns whether a gradient flows to the result.
  bool product(const std::string& name, double rows, bool tracked) {
    const Parameter weight = store_.find(name + ".weight");
    const double flops = 2 * rows * static_cast<double>(weight.value().numel());
    cost_.forward += flops;
    if (tracked) cost_.backward += flops;
    if (trained(name + ".weight")) {
      const auto part = options_.all_trained ? std::nullopt : weight.trained_rows();
      const double share =
          part ? static_cast<double>(part->second - part->first) / static_cast<double>(weight.value().size(0)) : 1;
      cost_.backward += flops * share;
    }
    return tracked || trained(name + ".weight") || trained(name + ".bias");
  }

  // Keeps its input (or the sum that it made) and two numbers a row.
  bool norm(const std::string& name, double rows, bool tracked) {
    tracked = tracked || trained(name + ".weight") || trained(name + ".bias");
    if (tracked) keep(rows * (channels_ + 2));
    return tracked;
  }

  bool layer(int64_t index, bool tracked) {
    const StepCost before = cost_;
    const bool result =
        layer_body("bert.encoder.layer." + std::to_string(index), index + 1 == config_.num_hidden_layers, tracked);
    if (!options_.checkpointing || !result) return result;
    largest_layer_ = std::max(largest_layer_, cost_.kept_bytes - before.kept_bytes);
    cost_.kept_bytes = before.kept_bytes;
    keep(tokens_ * channels_);
    cost_.backward += cost_.forward - before.forward;
    return result;
  }

  // The last layer computes the rows of the texts' first tokens alone, which attend to all.
  bool layer_body(const std::string& name, bool last, bool tracked) {
    const double rows = last ? texts_ : tokens_, pairs = last ? tokens_ : pairs_;
    const std::string self = name + ".attention.self.";
    const bool q = product(self + "query", rows, tracked), k = product(self + "key", tokens_, tracked),
               v = product(self + "value", tokens_, tracked);
    const bool keys_trained = trained(self + "key.weight") || trained(self + "value.weight"),
               query_trained = trained(self + "query.weight");
    if (keys_trained || (query_trained && !last)) keep(tokens_ * channels_);
    if (query_trained && last) keep(rows * channels_);

    const bool context = q || k || v;
    const double pair_flops = 2 * pairs * channels_;
    cost_.forward += 2 * pair_flops;
    if (context) {
      cost_.backward += (2.0 + q + k + v) * pair_flops;
      keep((2 * rows + 2 * tokens_) * channels_ + rows * static_cast<double>(config_.num_attention_heads));
    } else if (trained(name + ".attention.output.dense.weight")) {
      keep(rows * channels_);
    }
    const bool projected = product(name + ".attention.output.dense", rows, context);
    const bool attended = norm(name + ".attention.output.LayerNorm", rows, projected || tracked);

    const double inner_size = static_cast<double>(config_.intermediate_size);
    if (trained(name + ".intermediate.dense.weight")) keep(rows * channels_);
    const bool inner = product(name + ".intermediate.dense", rows, attended);
    if (inner) keep(rows * inner_size);  // before the activation
    if (trained(name + ".output.dense.weight")) keep(rows * inner_size);
    const bool outer = product(name + ".output.dense", rows, inner);
    return norm(name + ".output.LayerNorm", rows, outer || attended);
  }

  const BertConfig& config_;
  const ParameterStore& store_;
  StepCostOptions options_;
  double channels_, tokens_ = 0, texts_ = 0, pairs_ = 0;
  double largest_layer_ = 0;
  StepCost cost_;
};

}  // namespace

StepCost step_cost(const BertConfig& config, const ParameterStore& store, std::span<const int64_t> lengths,
                   const StepCostOptions& options) {
  return Walk(config, store, lengths, options)();
}

}  // namespace thaw
