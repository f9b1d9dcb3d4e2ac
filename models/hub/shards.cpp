// SPDX-License-Identifier: Apache-2.0
// Reading and writing weights that are spread over several safetensors files.
#include "models/hub/shards.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "models/hub/model_directory.h"
#include "tensor/check.h"
#include "tensor/io/file_presence.h"
#include "tensor/io/foreign_file.h"
#include "tensor/io/json.h"
#include "tensor/io/json_place.h"

namespace thaw {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view suffix = ".safetensors";

void check_shard_name(const std::string& shard, const std::string& where) {
  if (shard.find_first_of("/\\") != std::string::npos || shard.find("..") != std::string::npos)
    fail("{}: {} is not a bare file name: a shard must lie beside its index", where, quote(shard));
  if (shard.find('\0') != std::string::npos) fail("{}: {} holds a NUL character", where, quote(shard));
  if (shard.size() <= suffix.size() || !shard.ends_with(suffix) || shard.size() > 255)
    fail("{}: {} is not the name of a .safetensors file", where, quote(shard));
}

std::string join(const std::string& directory, std::string_view name) { return (fs::path(directory) / name).string(); }

// Fills shard after shard; a tensor above the limit gets one of its own, which comes before the one being filled.
std::vector<std::vector<SafetensorsEntry>> split(const std::vector<SafetensorsEntry>& entries, uint64_t max_bytes) {
  std::vector<std::vector<SafetensorsEntry>> shards;
  std::vector<SafetensorsEntry> current;
  uint64_t current_bytes = 0;
  for (const SafetensorsEntry& entry : entries) {
    const uint64_t bytes = data_bytes(entry);
    if (bytes > max_bytes) {
      shards.push_back({entry});
      continue;
    }
    if (current_bytes + bytes > max_bytes) {
      shards.push_back(std::move(current));
      current.clear();
      current_bytes = 0;
    }
    current.push_back(entry);
    current_bytes += bytes;
  }
  if (!current.empty() || shards.empty()) shards.push_back(std::move(current));
  return shards;
}

void remove_file(const std::string& path) {
  std::error_code error;
  fs::remove(path, error);
  if (error) fail("{}: cannot be removed: {}", path, error.message());
}

// Removes weight files that are not of the save just written.
void remove_stale(const std::string& directory, const std::set<std::string>& written) {
  std::error_code error;
  std::vector<std::string> stale;
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    const bool is_weights = name == weights_file_name || name == weights_index_name || is_shard_name(name);
    if (is_weights && !written.contains(name)) stale.push_back(it->path().string());
  }
  if (error) fail("{}: cannot be listed: {}", directory, error.message());
  for (const std::string& path : stale) remove_file(path);
}

}  // namespace

bool is_shard_name(std::string_view name) {
  constexpr std::string_view pattern = "model-00000-of-00000.safetensors";
  return std::ranges::equal(name, pattern, [](char c, char p) { return p == '0' ? c >= '0' && c <= '9' : c == p; });
}

ShardIndex ShardIndex::from_json(const Json& json) {
  if (const Json* metadata = json.find("metadata"); metadata && !metadata->is_null()) {
    json.get_object("metadata");
    if (metadata->contains("total_size")) metadata->get_number("total_size", 0);
  }
  const Json& map = json.get_object("weight_map");
  if (map.empty()) fail("{}: lists no tensor", map.where());
  ShardIndex index;
  std::set<std::string> shards;
  for (const JsonMember& member : map.members()) {
    const std::string& shard = map.get_string(member.key);
    check_shard_name(shard, map.where(member.key));
    if (member.key.find('\0') != std::string::npos) fail("{}: the name holds a NUL character", map.where(member.key));
    shards.insert(shard);
    index.tensor_shards.emplace_back(member.key, shard);
  }
  index.shards.assign(shards.begin(), shards.end());
  return index;
}

ModelWeights::ModelWeights(const std::string& directory) : directory_(directory) {
  const std::string single = join(directory, weights_file_name);
  const std::string index = join(directory, weights_index_name);
  if (is_there(single)) {
    check_not_foreign(single);
    files_.emplace_back(single);
    for (const SafetensorsEntry& entry : files_[0].entries()) entries_.push_back(&entry);
  } else if (is_there(index)) {
    read_shards(directory, index);
  } else {
    fail_without_weights(directory);
  }
  std::ranges::sort(entries_, {}, [](const SafetensorsEntry* entry) -> std::string_view { return entry->name; });
}

void ModelWeights::read_shards(const std::string& directory, const std::string& index_path) {
  const ShardIndex index = ShardIndex::from_json(Json::read(index_path));
  for (const std::string& shard : index.shards) {
    const std::string path = join(directory, shard);
    if (!is_there(path)) fail("{}: lists {}, which is not there", index_path, shard);
    check_not_foreign(path);
    files_.emplace_back(path);
  }
  size_t held = 0;
  for (const SafetensorsFile& file : files_) {
    for (const SafetensorsEntry& entry : file.entries()) entries_.push_back(&entry);
    held += file.entries().size();
  }
  for (const auto& [tensor, shard] : index.tensor_shards) {
    const auto file = std::ranges::lower_bound(index.shards, shard) - index.shards.begin();
    if (!files_[static_cast<size_t>(file)].find(tensor))
      fail("{}: tensor {} is listed for {}, which does not hold it", index_path, quote(tensor), shard);
  }
  if (held == index.tensor_shards.size()) return;
  std::set<std::pair<std::string_view, std::string_view>> listed(index.tensor_shards.begin(),
                                                                 index.tensor_shards.end());
  for (size_t i = 0; i < files_.size(); ++i)
    for (const SafetensorsEntry& entry : files_[i].entries())
      if (!listed.contains({entry.name, index.shards[i]}))
        fail("{}: tensor {} is in {} but the index does not list it there", index_path, quote(entry.name),
             index.shards[i]);
}

const SafetensorsEntry* ModelWeights::find(std::string_view name) const {
  for (const SafetensorsFile& file : files_)
    if (const SafetensorsEntry* entry = file.find(name)) return entry;
  return nullptr;
}

const SafetensorsEntry& ModelWeights::at(std::string_view name) const {
  if (const SafetensorsEntry* entry = find(name)) return *entry;
  fail("{}: there is no tensor {}", directory_, quote(name));
}

void write_model_weights(const std::string& directory, const std::vector<SafetensorsEntry>& entries,
                         uint64_t max_shard_bytes, const SafetensorsMetadata& metadata) {
  stream_model_weights(
      directory, entries, [](const SafetensorsEntry& entry, const auto& write) { write(entry.bytes); }, max_shard_bytes,
      metadata);
}

void remove_model_weights(const std::string& directory) { remove_stale(directory, {}); }

void stream_model_weights(const std::string& directory, const std::vector<SafetensorsEntry>& entries,
                          const SafetensorsContent& content, uint64_t max_shard_bytes,
                          const SafetensorsMetadata& metadata) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) fail("{}: cannot be created: {}", directory, error.message());
  const auto shards = split(entries, max_shard_bytes);
  if (shards.size() == 1) {
    stream_safetensors(join(directory, weights_file_name), shards[0], content, metadata);
    remove_stale(directory, {std::string(weights_file_name)});
    return;
  }
  remove_file(join(directory, weights_index_name));
  std::set<std::string> written{std::string(weights_index_name)};
  uint64_t total_bytes = 0;
  int64_t total_parameters = 0;
  Json map = Json::object();
  for (size_t i = 0; i < shards.size(); ++i) {
    const std::string name = fmt::format("model-{:05}-of-{:05}.safetensors", i + 1, shards.size());
    stream_safetensors(join(directory, name), shards[i], content, metadata);
    written.insert(name);
    for (const SafetensorsEntry& entry : shards[i]) {
      map.set(entry.name, name);
      total_bytes += data_bytes(entry);
      total_parameters += entry.count();
    }
  }
  Json index = Json::object();
  index.set("metadata", Json::object().set("total_parameters", total_parameters).set("total_size", total_bytes));
  index.set("weight_map", std::move(map));
  index.write(join(directory, weights_index_name), {.indent = 2, .sort_keys = true, .ensure_ascii = true});
  remove_stale(directory, written);
}

}  // namespace thaw
