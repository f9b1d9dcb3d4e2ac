// SPDX-License-Identifier: Apache-2.0
// Writes a model as a Hugging Face directory: config.json, weights (one file or shards), the files of a tokenizer or
// the like.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/hub/base_model.h"
#include "models/hub/carried_tensor.h"
#include "nn/parameter.h"
#include "tensor/io/json.h"

namespace thaw {

class Processor;

struct SaveOptions {
  DType dtype = DType::f32;                  // of the weights: f32, bf16 or f16
  uint64_t max_shard_bytes = 5'000'000'000;  // more than that is cut into shards
  // Of a base that is there: what is saved of the weights is what they differ by from it (change_file.h), ...
  std::optional<BaseModel> base = {};
  bool as_peft = false;  // ... or as peft has it; std::invalid_argument if that has no words for it
  // Tensors that stand alone in the files though the model has them in common with others: config.json then says that
  // words are not tied.
  std::vector<CarriedTensor> untied = {};
  std::vector<std::pair<std::string, Json>> config = {};  // what config.json has otherwise then
};

// The directory is made if need be. `processor` may be null; `carried` are written behind the parameters. Each file
// appears whole or not at all (tensor/io/atomic_file.h); an error is a std::runtime_error that names the file.
void save_pretrained(const std::string& directory, const Json& config, const ParameterStore& store,
                     const Processor* processor = nullptr, const SaveOptions& options = {},
                     std::span<const CarriedTensor> carried = {});

// "float32", "bfloat16", ...: the name of a dtype in config.json.
std::string config_name_of(DType dtype);

}  // namespace thaw
