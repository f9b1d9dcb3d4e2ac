// SPDX-License-Identifier: Apache-2.0
// MPNet (Song et al. 2020): BERT without segment types, whose layers all add one table's bias, by the distance of key
// and query, to their scores. (How it is pretrained, by permuted words, changes nothing of how it computes.)
#pragma once

#include "models/bert/bert.h"
#include "models/mpnet/config.h"
#include "models/mpnet/input.h"

namespace thaw {

// Takes MPNetInput.
struct MPNet : Bert {
  static constexpr const char* architecture = "MPNetModel";
  using Config = MPNetConfig;

  MPNet(const Scope& s, const MPNetConfig& config, Pooler with_pooler = Pooler::with);
};

// The encoder alone: the last hidden states [T, C] are its outputs.
struct MPNetEncoder {
  static constexpr const char* architecture = MPNet::architecture;
  using Config = MPNetConfig;
  MPNet mpnet;

  MPNetEncoder(const Scope& s, const MPNetConfig& config) : mpnet(s, config, MPNet::Pooler::without) {}
  Variable operator()(const MPNetInput& text) const { return mpnet(text); }
};

}  // namespace thaw
