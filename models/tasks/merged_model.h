// SPDX-License-Identifier: Apache-2.0
// A model and what changed of it, written as one model of the reference library's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/hub/save_pretrained.h"
#include "tensor/device.h"

namespace thaw {

struct MergedModel {
  int64_t products = 0;             // whose weights took up what was on them
  std::vector<std::string> untied;  // "lm_head.weight, tied to shared.weight before"
  // Of what the models give for made-up texts (logits, or losses of a target's tokens): between the one with adapters
  // and the one that was written and read again, and the largest there is.
  double largest_difference = 0, largest_output = 0;
};

// directory: holds a change (models/hub/change_directory.h); output: becomes the whole model, with its tokenizer and
// what it is for. std::runtime_error as of opening and writing, and if the two models differ by more than rounding:
// then `output` is not to be used. std::invalid_argument on an adapter that cannot be merged.
MergedModel merge_model(const std::string& directory, const std::string& output, Device device,
                        DType dtype = DType::f32);

}  // namespace thaw
