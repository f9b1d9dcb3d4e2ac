// SPDX-License-Identifier: Apache-2.0
// The families of models that there are: what may be asked of a directory before it is known what is in it.
#pragma once

#include <string_view>

#include "models/hub/checkpoint_source.h"
#include "tensor/io/json.h"

namespace thaw {

struct ModelFamily {
  std::string_view model_type;                       // as config.json names it
  CheckpointNames (*checkpoint_names)(const Json&);  // of a config.json; errors as in the family's from_json
};

// Null if there is none of that name.
const ModelFamily* find_family(std::string_view model_type);

}  // namespace thaw
