// SPDX-License-Identifier: Apache-2.0
// How texts are continued. The names of the fields are those that messages give.
#pragma once

#include <string>

#include "models/generation/overrides.h"
#include "models/tasks/text2text/token_words.h"

namespace thaw {

struct ContinuationOptions {
  GenerationOverrides generation;
  TokenWords tokens;
  bool truncate = false;       // prompts that leave no room lose their beginnings
  std::string separator = {};  // what answers begin with that a model has learnt behind prompts: it is not told
};

}  // namespace thaw
