// SPDX-License-Identifier: Apache-2.0
// The model that a saved change is about: where it lies, and by what its weights are known again.
#pragma once

#include <string>

namespace thaw {

struct BaseModel {
  std::string path;  // of its directory
  std::string hash;  // weights_hash() of it; empty: not known
};

// SHA-256, in hexadecimal digits, over names, types, shapes and bytes of all tensors of a directory's weights, by name:
// the same for one file and for shards. std::runtime_error as ModelWeights throws it.
std::string weights_hash(const std::string& directory);

// The directory of the base: `base.path` as it is, or from where the change lies (`directory`). std::runtime_error,
// naming both: there is no model, or its weights are others.
std::string find_base(const BaseModel& base, const std::string& directory);

}  // namespace thaw
