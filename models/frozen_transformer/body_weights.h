// SPDX-License-Identifier: Apache-2.0
// Where the numbers of a frozen transformer's body come from.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/hub/checkpoint_source.h"
#include "nn/parameter.h"

namespace thaw {

enum class BodyWeights {
  pretrained,  // the directory's
  random,      // each tensor as its module begins, by a seed
  statistics,  // the same, moved and scaled to the mean and the deviation of the directory's tensor
};

// The tensors of a frozen transformer from a directory: of one that was saved whole by their own names, else those of
// the body by the names of the directory's model; the new layers are in none.
class BodySource : public TensorSource {
 public:
  // Both must outlive it. drawn: a body of random numbers under the same names; null: the directory's are taken.
  BodySource(CheckpointSource& files, const ParameterStore* drawn, bool keeps_statistics);
  std::optional<Tensor> load(const std::string& name, const Shape& shape, DType dtype, Device device) override;

 private:
  CheckpointSource& files_;
  const ParameterStore* drawn_;
  bool keeps_statistics_;
  std::vector<std::string> touched_;  // of a directory with a change that shares weights: the parameters in it
};

}  // namespace thaw
