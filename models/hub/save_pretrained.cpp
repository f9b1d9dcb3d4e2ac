// SPDX-License-Identifier: Apache-2.0
// Writes configuration, weights and tokenizer.
#include "models/hub/save_pretrained.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "models/hub/shards.h"
#include "models/text/tokenizer.h"
#include "tensor/check.h"

namespace thaw {

namespace {

// Devices that cannot hold the dtype leave the rounding to the reference device, which is host memory.
Tensor rounded(const Tensor& value, DType dtype) {
  if (value.backend().supports(dtype)) return value.to(dtype);
  return Tensor::from_host(value.to_host<float>(), value.shape(), Device::open("reference"), dtype);
}

}  // namespace

std::string config_name_of(DType dtype) {
  switch (dtype) {
    case DType::f32: return "float32";
    case DType::f64: return "float64";
    case DType::bf16: return "bfloat16";
    case DType::f16: return "float16";
    default: break;
  }
  throw std::invalid_argument(fmt::format("weights cannot be {}", name_of(dtype)));
}

void save_pretrained(const std::string& directory, const Json& config, const ParameterStore& store,
                     const Tokenizer* tokenizer, const SaveOptions& options, std::span<const CarriedTensor> carried) {
  const std::string dtype_name = config_name_of(options.dtype);
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) fail("{}: cannot be made: {}", directory, error.message());

  std::vector<SafetensorsEntry> entries;
  std::vector<Tensor> values;
  const auto add = [&](const std::string& name, const Tensor& value) {
    entries.push_back({name,
                       std::string(safetensors_name(options.dtype)),
                       std::vector<int64_t>(value.shape().begin(), value.shape().end()),
                       {}});
    values.push_back(value);
  };
  for (const Parameter& parameter : store.all()) add(parameter.name(), parameter.value());
  for (const CarriedTensor& tensor : carried) add(tensor.name, tensor.value);
  // A tensor comes to the host when its turn is, and is gone before the next.
  const auto content = [&](const SafetensorsEntry& entry, const auto& write) {
    const auto at = std::ranges::find(entries, entry.name, &SafetensorsEntry::name) - entries.begin();
    write(rounded(values[static_cast<size_t>(at)], options.dtype).to_bytes());
  };
  stream_model_weights(directory, entries, content, options.max_shard_bytes);
  Json written = config;
  written.set("dtype", dtype_name);
  written.write(directory + "/config.json", {.indent = 2, .sort_keys = true, .ensure_ascii = true});
  if (tokenizer) tokenizer->save(directory);
}

}  // namespace thaw
