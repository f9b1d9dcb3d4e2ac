// SPDX-License-Identifier: Apache-2.0
// Frozen weights of products in fewer bytes: a frozen base in bf16 or int8 under what is trained in f32, as QLoRA
// (Dettmers et al. 2023) has it. autograd/compressed_weight.h: what products then compute.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nn/freeze/freeze_schedule.h"
#include "nn/parameter.h"

namespace thaw {

enum class FrozenDType { f32, bf16, int8 };
std::string_view name_of(FrozenDType dtype);
std::optional<FrozenDType> frozen_dtype_of(std::string_view name);

// The weights of products that are frozen now: matrices of their own, no ties (a table of words that is the head's,
// too, is looked up in), not new, and not changed from the base. Embeddings, norms and biases are none.
std::vector<std::string> compressible_weights(const ParameterStore& store);
// Those that are frozen in all stages; in the end the first is applied. So nothing that a schedule will train is
// compressed. std::invalid_argument as of FreezeStage::apply.
std::vector<std::string> compressible_weights(ParameterStore& store, const std::vector<FreezeStage>& stages);

struct CompressedWeights {
  int64_t tensors = 0;
  uint64_t bytes_before = 0, bytes = 0;  // of them
};

// Keeps these weights in that type from now on, one after the other, and frees what they were before; those that are
// compressed stay as they are. f32: does nothing. std::invalid_argument naming the weight: it is trained, or for int8
// has a number that is not finite; the device has no such type. A mask that trains one of them is refused from then on.
CompressedWeights compress_weights(const ParameterStore& store, const std::vector<std::string>& names,
                                   FrozenDType dtype);
// All that are compressed in the store's type again, with the rounded numbers.
void expand_weights(const ParameterStore& store);
// Of the store as it is.
CompressedWeights compressed_weights(const ParameterStore& store);

}  // namespace thaw
