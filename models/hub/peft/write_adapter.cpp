// SPDX-License-Identifier: Apache-2.0
// Writes the two files.
#include "models/hub/peft/write_adapter.h"

#include <filesystem>
#include <vector>

#include "models/hub/peft/adapter_config.h"
#include "models/hub/peft/adapter_file.h"
#include "models/hub/peft/adapter_layout.h"
#include "tensor/check.h"
#include "tensor/io/safetensors.h"

namespace thaw {

void write_adapter(const std::string& directory, const ModelChange& change, const ParameterStore& store,
                   const AdapterFacts& facts) {
  check_fits(change, store);
  const AdapterLayout layout(change, store, facts);
  std::vector<SafetensorsEntry> entries;
  std::vector<std::vector<std::byte>> bytes;
  for (const auto& [name, tensor] : layout.tensors()) {
    const Tensor written = tensor.dtype() == DType::f64 ? tensor.to(DType::f32) : tensor;
    bytes.push_back(written.to_bytes());
    entries.push_back({name_in_file(layout.kind(), name),
                       std::string(safetensors_name(written.dtype())),
                       {written.shape().begin(), written.shape().end()},
                       bytes.back()});
  }
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) fail("{}: cannot be made: {}", directory, error.message());
  // Never an old configuration beside new tensors.
  const std::string config = directory + "/" + adapter_config_name;
  std::filesystem::remove(config, error);
  if (error) fail("{}: cannot be replaced: {}", config, error.message());
  SafetensorsMetadata metadata{{"format", "pt"}};
  if (!facts.base_hash.empty()) metadata[base_hash_key] = facts.base_hash;
  write_safetensors(directory + "/" + adapter_weights_name, std::move(entries), metadata);
  layout.config().write(config, {.indent = 2, .sort_keys = true, .ensure_ascii = true});
}

void check_adapter(const ModelChange& change, const ParameterStore& store, const AdapterFacts& facts) {
  const AdapterLayout layout(change, store, facts);
}

}  // namespace thaw
