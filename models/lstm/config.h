// SPDX-License-Identifier: Apache-2.0
// LstmConfig: the sizes and the kind of an LSTM that is a body of rows, read from config.json and written back. What is
// absent is as the baseline of Lu et al. 2021 has it.
#pragma once

#include <cstdint>
#include <string>

#include "models/hub/checkpoint_source.h"
#include "models/hub/config.h"
#include "nn/lstm.h"

namespace thaw {

struct LstmConfig : PretrainedConfig {
  static constexpr const char* architecture = "LSTM";

  int64_t hidden_size = 768;
  int64_t num_hidden_layers = 3;
  double dropout = 0.1;                      // between layers
  GateOrder gate_order = GateOrder::ifog;    // "ifog", or torch's "ifgo"
  bool layer_norm = true;                    // false: torch's LSTM
  double layer_norm_eps = 1e-6;              // 1e-5 is usual
  bool layer_norm_unbiased_variance = true;  // false is usual

  // Throws std::runtime_error "FILE: KEY: what is wrong" on a wrong type or a value out of range, or a key that asks
  // for another computation (both directions, projections).
  static LstmConfig from_json(const Json& json);
  Json to_json() const;

  CheckpointNames checkpoint_names() const;
  LstmOptions options() const;
};

}  // namespace thaw
