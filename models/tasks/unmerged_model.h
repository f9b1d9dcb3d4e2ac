// SPDX-License-Identifier: Apache-2.0
// A model that took up an adapter, without it again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/hub/save_pretrained.h"
#include "tensor/device.h"

namespace thaw {

struct UnmergedModel {
  int64_t products = 0;           // out of whose weights the adapter was taken
  double largest_change = 0;      // of a number of these
  double largest_number = 0;      // among them
  std::vector<std::string> kept;  // what the adapter replaced: the base's numbers are nowhere in the two
  DType stored = DType::f32;      // of the merged model's weights the type that rounds most
  // Where the adapter's base is at hand: what anything but that differs by from what it has.
  std::string base;
  double largest_difference = 0;
};

// merged: a whole model; adapter: a change of its base that was merged into it, LoRA or IA3. W - s B A, columns or rows
// divided by their factors, is written to `output`, with the tokenizer: the base's weights but for the rounding of two
// sums or products in f32, and of what the merged model is stored in. std::runtime_error as of opening and writing,
// and, naming the tensor, if the merged model has not what the adapter replaced as a whole, or differs from the base by
// more than rounding. std::invalid_argument naming the product of what cannot be undone: DoRA, a factor of 0 or next to
// it, a bottleneck, a prompt, a prefix.
UnmergedModel unmerge_model(const std::string& merged, const std::string& adapter, const std::string& output,
                            Device device, DType dtype = DType::f32);

}  // namespace thaw
