// SPDX-License-Identifier: Apache-2.0
// Adafactor (Shazeer & Stern 2018), step by step as the reference library computes it: of a matrix's squared gradients
// only the means of rows and columns are kept. Composed of tensor functions.
#pragma once

#include <vector>

#include "nn/optim/optimizer.h"

namespace thaw {

struct AdafactorOptions {
  bool scale_parameter = true;  // multiply the rate by max(1e-3, rms(p))
  bool relative_step =
      false;                 // the rate is 1 / sqrt(t), at most 1e-2, times a rule's factor, whatever the schedule says
  bool warmup_init = false;  // ... at most 1e-6 t
  double beta1 = 0;          // of the momentum; 0: none is kept
  double decay_rate = -0.8;  // the squares' average forgets with 1 - t^decay_rate
  double clip_threshold = 1;  // of the update's rms
  double weight_decay = 0;
  std::vector<OptionField> fields();  // without relative_step and warmup_init
};

// g = grad * scale, q = g^2 + 1e-30, b = 1 - t^decay_rate. Matrices (the last two axes): r = b r + (1 - b)
// mean_columns(q), c = b c + (1 - b) mean_rows(q), v = r c / mean(r); others: v = b v + (1 - b) q.  u = g / sqrt(v);  u
// /= max(1, rms(u) / threshold); u *= rate;  m = beta1 m + (1 - beta1) u, u = m if there is momentum;  p -= rate wd p;
// p -= u.
class Adafactor : public Optimizer {
 public:
  using Options = AdafactorOptions;
  static constexpr const char* name = "adafactor";
  explicit Adafactor(ParameterStore& store, AdafactorOptions options = {}, ParameterRules rules = {});

 private:
  void update(std::span<const Item> items, const Update& update) override;
  Tensor rate_of(const Tensor& value, const Update& update) const;
  AdafactorOptions options_;
};

}  // namespace thaw
