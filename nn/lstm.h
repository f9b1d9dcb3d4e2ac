// SPDX-License-Identifier: Apache-2.0
// LSTM (Hochreiter & Schmidhuber 1997) on packed sequences, with torch's parameter names and gates, or with layer norms
// (Ba et al. 2016). T rows, B sequences, H channels of the state.
#pragma once

#include <cstdint>
#include <vector>

#include "autograd/lstm.h"
#include "nn/dropout.h"
#include "nn/linear.h"
#include "nn/norm.h"

namespace thaw {

struct LstmOptions {
  int64_t in = 0, hidden = 0;
  int64_t layers = 1;
  double dropout = 0;  // on what a layer gives to the next
  bool bias = true;
  GateOrder gates = GateOrder::ifgo;
  // Norms of both products and of the cell, which is carried on normed; then there are biases.
  bool layer_norm = false;
  double eps = 1e-5;
  bool unbiased_variance = false;  // the norms divide by their channels - 1
  bool checkpoint = false;         // a layer keeps what goes in alone, and computes itself again for the gradient

  // The baseline of Lu et al. 2021 (frozen pretrained transformers): layer norms as its authors' code has them.
  static LstmOptions of_lu(int64_t in, int64_t hidden, int64_t layers) {
    return {.in = in,
            .hidden = hidden,
            .layers = layers,
            .gates = GateOrder::ifog,
            .layer_norm = true,
            .eps = 1e-6,
            .unbiased_variance = true};
  }
};

struct LstmState {
  Variable h = {}, c = {};  // [B, H], in the order of the sequences; undefined: 0
};

struct Lstm {
  struct Layer {
    Linear input;            // weight_ih_lN [4H, in], bias_ih_lN; rules find the product as ih_lN
    Parameter weight, bias;  // weight_hh_lN [4H, H], bias_hh_lN
    LayerNorm input_norm;    // norm_ih_lN: of the input's product
    LayerNorm product_norm;  // norm_hh_lN: of the recurrent product
    LayerNorm cell_norm;     // norm_c_lN
    Scope input_scope;       // below which the input's adapters are
    explicit Layer(const Scope& of_input) : input_scope(of_input) {}
    bool any_trained() const;
  };
  struct Result {
    Variable rows;                // [T, H] of the last layer
    std::vector<LstmState> last;  // of each layer, behind the last row of each sequence
  };

  LstmOptions options;
  Scope scope;
  std::vector<Layer> layers;
  DropoutLayer dropout;

  // Weights and biases from U(-1 / sqrt(H), 1 / sqrt(H)), as torch's.
  Lstm(const Scope& s, const LstmOptions& options);

  // x [T, in] -> [T, H]: of each sequence from its first row on.
  Variable operator()(const Variable& x, const Segments& segments) const;
  // The same from `initial` states (none, or one for each layer), and the states at the end.
  Result run(const Variable& x, const Segments& segments, const std::vector<LstmState>& initial = {}) const;

 private:
  Result run(const Variable& x, const Segments& segments, const std::vector<LstmState>& initial, bool wants_last) const;
};

}  // namespace thaw
