// SPDX-License-Identifier: Apache-2.0
// Named tensors to and from a safetensors file, whatever device they are on.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "tensor/io/safetensors.h"
#include "tensor/tensor.h"

namespace thaw {

// Durable, as write_safetensors. Tensors with host memory are written from there; others are copied to the host, one at
// a time.
void write_tensors(const std::filesystem::path& path, const std::map<std::string, Tensor>& tensors,
                   const SafetensorsMetadata& metadata = {{"format", "pt"}});

// All tensors of a file, in the file's dtypes. A dtype that thaw or the device lacks is an error that names the tensor.
std::map<std::string, Tensor> read_tensors(const std::filesystem::path& path, Device device);

}  // namespace thaw
