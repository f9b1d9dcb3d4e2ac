// SPDX-License-Identifier: Apache-2.0
// Sizes of pictures and films, and of the patches that they are cut into, as config.json has them.
#pragma once

#include <cstdint>

#include "tensor/io/json.h"
#include "tensor/shape.h"

namespace thaw {

constexpr int64_t longest_side = 1 << 20;

// [height, width] of a number, or of two; `otherwise` if the key is absent.
Shape read_sides(const Json& json, const char* key, const Shape& otherwise);
// Sizes that are as they were read stay in their form.
void write_sides(Json& out, const char* key, const Shape& sides);

// What is cut into what.
struct PatchSizes {
  const char* arrays;  // what they are: "pictures"
  Shape array;         // image_size, and what else is told of them
  const char* patch_key;
  Shape patch;
  int64_t channels;  // num_channels
};
// std::runtime_error "FILE: KEY: what is wrong": a patch does not fit, or there are too many: numbers of rows are i32,
// and sizes of tensors i64.
void check_patch_sizes(const Json& json, const PatchSizes& sizes);

}  // namespace thaw
