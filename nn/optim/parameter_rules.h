// SPDX-License-Identifier: Apache-2.0
// Learning rates and weight decay by rules over parameter names: what torch calls parameter groups.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "nn/name_pattern.h"
#include "nn/parameter.h"

namespace thaw {

// Of the rules that say something of a parameter's rate the last decides, and so of its decay. Patterns
// (nn/name_pattern.h) match the whole name; std::invalid_argument if it is none.
class ParameterRules {
 public:
  // What matches learns at `factor` times the rate of each step. For a highest rate R2 under a schedule whose highest
  // is R, the factor is R2 / R: the same as torch's parameter groups under a LambdaLR. Finite, not negative.
  ParameterRules& rate_factor(const std::string& pattern, double factor);
  // What matches decays so, be it a bias or a norm or not.
  ParameterRules& weight_decay(const std::string& pattern, double value);
  // Layers learn the more slowly the further they are from the top (Clark et al. 2020, Bao et al. 2022): layer i of n
  // at F^(n - i) times the rate, i the first whole number among the parts of a name ("encoder.layer.11.output" is of
  // layer 11 of the stack "encoder.layer", n its highest number + 1). Embeddings (a part of the name with "embed" in
  // it), and what was constructed before the first layer: F^(n + 1), n of the deepest stack. All else, as heads and
  // poolers: 1. F in (0, 1].
  ParameterRules& layer_decay(double factor);

  bool empty() const { return rules_.empty(); }
  // "layer_decay 0.9; rate_factor classifier.* 20; weight_decay *bias 0.1"
  std::string to_text() const;

  struct Values {
    double rate_factor = 1;
    std::optional<double> weight_decay = {};  // absent: as the optimizer has it
  };
  // For each of store.all(). std::invalid_argument: a rule matches nothing (near names are listed), or layers decay
  // and there are none.
  std::vector<Values> of(const ParameterStore& store) const;

 private:
  enum class Kind { rate_factor, weight_decay, layer_decay };
  struct Rule {
    Kind kind;
    NamePattern pattern;
    double value;
  };
  ParameterRules& add(Kind kind, const std::string& pattern, double value);
  static std::string to_text(const Rule& rule);

  std::vector<Rule> rules_;
};

}  // namespace thaw
