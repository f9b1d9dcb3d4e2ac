// SPDX-License-Identifier: Apache-2.0
// What a caller may say of BERT's pretraining.
#pragma once

#include <string>

#include "models/tasks/mlm/options.h"

namespace thaw {

struct PretrainingOptions {
  MlmOptions masks;
  std::string next_sentence = "on";  // "off": masked words alone

  bool in_pairs() const { return next_sentence == "on"; }
};

}  // namespace thaw
