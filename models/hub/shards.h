// SPDX-License-Identifier: Apache-2.0
// The weights of a model directory: one model.safetensors, or several shards listed by model.safetensors.index.json.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tensor/io/safetensors.h"

namespace thaw {

class Json;

inline constexpr std::string_view weights_file_name = "model.safetensors";
inline constexpr std::string_view weights_index_name = "model.safetensors.index.json";

// model-00002-of-00005.safetensors
bool is_shard_name(std::string_view name);

// Which shard holds which tensor. Shard names are bare file names: a name that could lead out of the directory is
// refused.
struct ShardIndex {
  std::vector<std::string> shards;                                 // each once, sorted
  std::vector<std::pair<std::string, std::string>> tensor_shards;  // tensor, its shard; in the order of the file

  // Throws std::runtime_error naming the file and the key that is wrong.
  static ShardIndex from_json(const Json& json);
};

// The open weights of a directory.
class ModelWeights {
 public:
  // model.safetensors if it is there, else what the index lists. With an index, each of its tensors must be in its
  // shard and the shards must hold no others. Throws std::runtime_error naming the file and the tensor.
  explicit ModelWeights(const std::string& directory);
  ModelWeights() = default;  // without a tensor
  ModelWeights(ModelWeights&&) = default;
  ModelWeights& operator=(ModelWeights&&) = default;

  const std::vector<SafetensorsFile>& files() const { return files_; }
  const std::vector<const SafetensorsEntry*>& entries() const { return entries_; }  // of all files, by name
  const SafetensorsEntry* find(std::string_view name) const;
  const SafetensorsEntry& at(std::string_view name) const;  // error if there is none

 private:
  void read_shards(const std::string& directory, const std::string& index_path);

  std::string directory_;
  std::vector<SafetensorsFile> files_;
  std::vector<const SafetensorsEntry*> entries_;
};

// Writes the weights into a directory (made if need be): model.safetensors, or, beyond `max_shard_bytes` of tensor
// data, shards model-00001-of-00003.safetensors ... filled in the order of `entries`, and the index. Each file is
// written durably, the index last; weight files of an earlier save that are no longer valid are then removed. A save
// that is cut off never leaves a mixture that loads: shards are replaced only after the index that lists them is gone.
void write_model_weights(const std::string& directory, const std::vector<SafetensorsEntry>& entries,
                         uint64_t max_shard_bytes = 5'000'000'000,
                         const SafetensorsMetadata& metadata = {{"format", "pt"}});
// The same of entries without bytes, which `content` gives one at a time.
void stream_model_weights(const std::string& directory, const std::vector<SafetensorsEntry>& entries,
                          const SafetensorsContent& content, uint64_t max_shard_bytes,
                          const SafetensorsMetadata& metadata = {{"format", "pt"}});

// Removes the weights of an earlier save.
void remove_model_weights(const std::string& directory);

}  // namespace thaw
