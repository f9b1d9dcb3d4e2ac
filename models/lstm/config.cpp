// SPDX-License-Identifier: Apache-2.0
// Reads and writes an LSTM's config.json.
#include "models/lstm/config.h"

#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

GateOrder read_order(const Json& json, GateOrder otherwise) {
  const std::string name = json.get_string_or("gate_order", otherwise == GateOrder::ifog ? "ifog" : "ifgo");
  if (name == "ifog") return GateOrder::ifog;
  if (name != "ifgo")
    fail("{}: {} is not known: \"ifgo\" or \"ifog\" was expected", json.where("gate_order"), quote(name));
  return GateOrder::ifgo;
}

}  // namespace

LstmConfig LstmConfig::from_json(const Json& json) {
  LstmConfig c;
  c.read_shared(json, "lstm");
  refuse_unless_off(json, {"bidirectional", "proj_size"});
  c.hidden_size = read_size(json, "hidden_size", c.hidden_size, INT32_MAX / 4);
  c.num_hidden_layers = read_size(json, "num_hidden_layers", c.num_hidden_layers, max_layers);
  c.dropout = read_probability(json, "dropout", c.dropout);
  c.gate_order = read_order(json, c.gate_order);
  c.layer_norm = json.get_bool_or("layer_norm", c.layer_norm);
  c.layer_norm_eps = json.get_number_or("layer_norm_eps", c.layer_norm_eps, 0, 1);
  c.layer_norm_unbiased_variance = json.get_bool_or("layer_norm_unbiased_variance", c.layer_norm_unbiased_variance);
  if (c.layer_norm && c.layer_norm_eps == 0)
    fail("{}: is 0: states of zeros would be divided by it; above 0 was expected", json.where("layer_norm_eps"));
  if (c.layer_norm && c.layer_norm_unbiased_variance && c.hidden_size == 1)
    fail("{}: one number has no unbiased variance", json.where("hidden_size"));
  return c;
}

Json LstmConfig::to_json() const {
  Json out = shared_json("lstm", architecture);
  out.set("hidden_size", hidden_size);
  out.set("num_hidden_layers", num_hidden_layers);
  out.set("dropout", dropout);
  out.set("gate_order", gate_order == GateOrder::ifog ? "ifog" : "ifgo");
  out.set("layer_norm", layer_norm);
  out.set("layer_norm_eps", layer_norm_eps);
  out.set("layer_norm_unbiased_variance", layer_norm_unbiased_variance);
  return out;
}

CheckpointNames LstmConfig::checkpoint_names() const {
  CheckpointNames names;
  names.required = {"weight_*", "bias_*", "norm_*"};
  return names;
}

LstmOptions LstmConfig::options() const {
  return {.in = hidden_size,
          .hidden = hidden_size,
          .layers = num_hidden_layers,
          .dropout = dropout,
          .gates = gate_order,
          .layer_norm = layer_norm,
          .eps = layer_norm_eps,
          .unbiased_variance = layer_norm && layer_norm_unbiased_variance};
}

}  // namespace thaw
