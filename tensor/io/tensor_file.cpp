// SPDX-License-Identifier: Apache-2.0
// Moves tensors between devices and files.
#include "tensor/io/tensor_file.h"

#include "tensor/check.h"

namespace thaw {

void write_tensors(const std::filesystem::path& path, const std::map<std::string, Tensor>& tensors,
                   const SafetensorsMetadata& metadata) {
  std::vector<SafetensorsEntry> entries;
  for (const auto& [name, tensor] : tensors)
    entries.push_back({name,
                       std::string(safetensors_name(tensor.dtype())),
                       std::vector<int64_t>(tensor.shape().begin(), tensor.shape().end()),
                       {}});
  const auto content = [&](const SafetensorsEntry& entry, const auto& write) {
    const Tensor tensor = tensors.at(entry.name).contiguous();
    const View& view = tensor.view();
    if (!view.block->data) return write(tensor.to_bytes());
    tensor.backend().synchronize();
    const size_t size = size_of(view.dtype);
    write({static_cast<const std::byte*>(view.block->data) + static_cast<size_t>(view.offset) * size,
           static_cast<size_t>(view.numel()) * size});
  };
  stream_safetensors(path.string(), std::move(entries), content, metadata);
}

std::map<std::string, Tensor> read_tensors(const std::filesystem::path& path, Device device) {
  const SafetensorsFile file(path.string());
  std::map<std::string, Tensor> tensors;
  for (const SafetensorsEntry& entry : file.entries()) {
    const auto dtype = entry.thaw_dtype();
    if (!dtype || !device.backend().supports(*dtype))
      fail("{}: {}: {} has no tensors of type {}", path.string(), entry.name, device.name(), entry.dtype);
    if (entry.shape.size() > static_cast<size_t>(Shape::max_rank))
      fail("{}: {}: it has {} axes, at most {} are supported", path.string(), entry.name, entry.shape.size(),
           Shape::max_rank);
    tensors.emplace(entry.name, Tensor::from_bytes(entry.bytes, Shape(entry.shape), *dtype, device));
  }
  return tensors;
}

}  // namespace thaw
