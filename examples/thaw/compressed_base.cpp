// SPDX-License-Identifier: Apache-2.0
// Compresses, and compares with what was there.
#include "examples/thaw/compressed_base.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "autograd/compressed_weight.h"
#include "autograd/variable.h"
#include "models/tasks/largest_difference.h"
#include "nn/mode.h"
#include "tensor/check.h"
#include "tensor/counted.h"

namespace thaw {
namespace {

constexpr int64_t most_examples = 8;  // that are compared

std::vector<float> outputs_of(TaskModel& model, const Examples& examples, int64_t count) {
  std::vector<int64_t> first(static_cast<size_t>(count));
  std::iota(first.begin(), first.end(), 0);
  const NoGrad no_grad;
  const EvaluationMode evaluation(model.store().mode());
  return examples.outputs(first);
}

}  // namespace

CompressedWeights FrozenWeights::compress(const ParameterStore& store) const {
  return compress_weights(store, names, dtype);
}

FrozenWeights frozen_weights(ParameterStore& store, const std::vector<FreezeStage>& stages, FrozenDType dtype) {
  FrozenWeights frozen{.names = {}, .dtype = dtype};
  if (dtype == FrozenDType::f32) return frozen;
  frozen.names = compressible_weights(store, stages);
  check(!frozen.names.empty(),
        "--frozen-dtype {}: no product has a weight that stays frozen, is its own, and is as the base has it",
        name_of(dtype));
  return frozen;
}

std::string to_text(const CompressedWeights& weights, FrozenDType dtype) {
  return fmt::format("frozen weights in {}: {}, {:.1f} MB in place of {:.1f}", name_of(dtype),
                     counted(weights.tensors, "tensor"), static_cast<double>(weights.bytes) / 1e6,
                     static_cast<double>(weights.bytes_before) / 1e6);
}

std::string CompressedBase::to_text() const {
  if (dtype == FrozenDType::f32) return {};
  return fmt::format("{}; what the model says of the first {} changes by up to {:.3g}, {:.2g} % of the largest, {:.3g}",
                     thaw::to_text(weights, dtype), counted(examples, "example"), largest_difference,
                     largest_output > 0 ? 100 * largest_difference / largest_output : 0, largest_output);
}

CompressedBase compress_base(TaskModel& model, const Examples& examples, const std::vector<FreezeStage>& stages,
                             FrozenDType dtype) {
  CompressedBase done{.dtype = dtype};
  if (dtype == FrozenDType::f32) return done;
  const FrozenWeights frozen = frozen_weights(model.store(), stages, dtype);
  done.examples = std::min(most_examples, examples.size());
  const std::vector<float> before = outputs_of(model, examples, done.examples);
  done.weights = frozen.compress(model.store());
  const std::vector<float> after = outputs_of(model, examples, done.examples);
  done.largest_output = largest_magnitude(before);
  done.largest_difference = thaw::largest_difference(before, after);
  return done;
}

void compress_alike(const ParameterStore& store, const ParameterStore& like) {
  for (const Parameter& parameter : like.all())
    if (const CompressedWeight* weight = parameter.compressed())
      compress_weights(store, {parameter.name()}, frozen_dtype_of(kept_as(weight)).value());
}

}  // namespace thaw
