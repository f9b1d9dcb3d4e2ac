// SPDX-License-Identifier: Apache-2.0
// Writes configuration, weights and what lies beside them.
#include "models/hub/save_pretrained.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "autograd/compressed_weight.h"
#include "models/hub/change_file.h"
#include "models/hub/peft/adapter_config.h"
#include "models/hub/peft/task_types.h"
#include "models/hub/peft/write_adapter.h"
#include "models/hub/shards.h"
#include "models/input/processor.h"
#include "nn/adapters.h"
#include "nn/change/since_base.h"
#include "tensor/check.h"

namespace thaw {

namespace {

std::string architecture_of(const Json& config) {
  const Json* architectures = config.find("architectures");
  return architectures && !architectures->empty() ? architectures->at(0).as_string() : "";
}

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
                     const Processor* processor, const SaveOptions& options, std::span<const CarriedTensor> carried) {
  const std::string dtype_name = config_name_of(options.dtype);
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) fail("{}: cannot be made: {}", directory, error.message());

  Json written = config;
  written.set("dtype", dtype_name);
  for (const auto& [key, value] : options.config) written.set(key, value);
  const auto write_rest = [&] {
    written.write(directory + "/config.json", {.indent = 2, .sort_keys = true, .ensure_ascii = true});
    if (processor) processor->save(directory);
  };
  if (options.base) {
    if (std::filesystem::equivalent(directory, options.base->path, error))
      fail("{}: is the base model, which what changes of it must not replace: save that somewhere else", directory);
    const std::string file = directory + "/" + change_file_name;
    if (options.as_peft) {
      write_adapter(directory, change_since_base(store), store,
                    {.base_model = options.base->path,
                     .base_hash = options.base->hash,
                     .task_type = task_type_of(architecture_of(config))});
      std::filesystem::remove(file, error);
      if (error) fail("{}: cannot be removed: {}", file, error.message());
    } else {
      write_change(file, {*options.base, change_since_base(store)});
      for (const char* other : {adapter_config_name, adapter_weights_name})
        std::filesystem::remove(directory + "/" + other, error);
    }
    remove_model_weights(directory);
    return write_rest();
  }

  std::vector<SafetensorsEntry> entries;
  std::vector<Tensor> values;
  const auto add = [&](const std::string& name, const Tensor& value) {
    entries.push_back({name,
                       std::string(safetensors_name(options.dtype)),
                       std::vector<int64_t>(value.shape().begin(), value.shape().end()),
                       {}});
    values.push_back(value);
  };
  const std::vector<Parameter> adapters = adapter_parameters(store);
  const auto is_written = [&](const Parameter& parameter) {
    return std::ranges::none_of(adapters, [&](const Parameter& p) { return p.same(parameter); }) &&
           std::ranges::none_of(options.untied, [&](const auto& alone) { return alone.name == parameter.name(); });
  };
  check(adapters.empty() || !options.untied.empty(),
        "{}: a model with adapters on it is no whole model: merge them first", directory);
  for (const Parameter& parameter : store.all())
    if (is_written(parameter)) {
      check(!parameter.compressed(), "{}: {} is kept as {}: save what changed of the base, which has its own numbers",
            directory, parameter.name(), kept_as(parameter.compressed()));
      add(parameter.name(), parameter.value());
    }
  for (const CarriedTensor& tensor : options.untied) add(tensor.name, tensor.value);
  if (!options.untied.empty()) written.set("tie_word_embeddings", false);
  for (const CarriedTensor& tensor : carried) add(tensor.name, tensor.value);
  // A tensor comes to the host when its turn is, and is gone before the next.
  const auto content = [&](const SafetensorsEntry& entry, const auto& write) {
    const auto at = std::ranges::find(entries, entry.name, &SafetensorsEntry::name) - entries.begin();
    write(rounded(values[static_cast<size_t>(at)], options.dtype).to_bytes());
  };
  stream_model_weights(directory, entries, content, options.max_shard_bytes);
  for (const char* other : {change_file_name, adapter_config_name, adapter_weights_name})
    std::filesystem::remove(directory + "/" + other, error);
  write_rest();
}

}  // namespace thaw
