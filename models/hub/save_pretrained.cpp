// SPDX-License-Identifier: Apache-2.0
// Writes configuration, weights and tokenizer.
#include "models/hub/save_pretrained.h"

#include <filesystem>
#include <vector>

#include "models/hub/shards.h"
#include "models/text/tokenizer.h"
#include "tensor/check.h"

namespace thaw {

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
                     const Tokenizer* tokenizer, const SaveOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) fail("{}: cannot be made: {}", directory, error.message());

  std::vector<std::vector<std::byte>> contents;
  std::vector<SafetensorsEntry> entries;
  contents.reserve(store.all().size());
  for (const Parameter& parameter : store.all()) {
    const Tensor& value = parameter.value();
    contents.push_back(value.to(options.dtype).to_bytes());
    entries.push_back({parameter.name(), std::string(safetensors_name(options.dtype)),
                       std::vector<int64_t>(value.shape().begin(), value.shape().end()), contents.back()});
  }
  write_model_weights(directory, entries, options.max_shard_bytes);
  Json written = config;
  written.set("dtype", config_name_of(options.dtype));
  written.write(directory + "/config.json", {.indent = 2, .sort_keys = true, .ensure_ascii = true});
  if (tokenizer) tokenizer->save(directory);
}

}  // namespace thaw
