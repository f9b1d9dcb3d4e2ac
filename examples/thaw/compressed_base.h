// SPDX-License-Identifier: Apache-2.0
// --frozen-dtype: the frozen weights of products in fewer bytes, and how much that changes what the model says.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/tasks/task_model.h"
#include "nn/freeze/compress_frozen.h"

namespace thaw {

// What stays frozen in all stages, and the type that it is kept in.
struct FrozenWeights {
  std::vector<std::string> names;
  FrozenDType dtype = FrozenDType::f32;

  CompressedWeights compress(const ParameterStore& store) const;
};
// In the end the first stage is applied. std::invalid_argument: nothing of it can be compressed.
FrozenWeights frozen_weights(ParameterStore& store, const std::vector<FreezeStage>& stages, FrozenDType dtype);

// "frozen weights in int8: 36 tensors, 10.7 MB in place of 42.5"
std::string to_text(const CompressedWeights& weights, FrozenDType dtype);

struct CompressedBase {
  FrozenDType dtype = FrozenDType::f32;
  CompressedWeights weights = {};
  // Between what the model says of the first examples before and after, and the largest number before.
  int64_t examples = 0;
  double largest_difference = 0, largest_output = 0;

  std::string to_text() const;  // one line; empty: f32
};

// std::invalid_argument as of frozen_weights(), and if the device lacks the type.
CompressedBase compress_base(TaskModel& model, const Examples& examples, const std::vector<FreezeStage>& stages,
                             FrozenDType dtype);

// The same weights in the same type as in another store of the same model.
void compress_alike(const ParameterStore& store, const ParameterStore& like);

}  // namespace thaw
