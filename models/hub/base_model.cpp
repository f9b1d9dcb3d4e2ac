// SPDX-License-Identifier: Apache-2.0
// Models known again by their weights.
#include "models/hub/base_model.h"

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <span>
#include <string_view>

#include "models/hub/model_directory.h"
#include "models/hub/shards.h"
#include "tensor/check.h"
#include "tensor/io/sha256.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

namespace fs = std::filesystem;

void add_text(Sha256& hash, std::string_view text) {
  const auto size = static_cast<uint64_t>(text.size());  // so that no two lists of texts are one
  hash.add(std::as_bytes(std::span(&size, 1)));
  hash.add(std::as_bytes(std::span(text)));
}

// Changes where a file is written anew.
std::string stamp_of(const ModelWeights& weights) {
  std::string stamp;
  for (const SafetensorsFile& file : weights.files())
    stamp += fmt::format("{}\n{} {}\n", fs::absolute(file.path()).string(), fs::file_size(file.path()),
                         fs::last_write_time(file.path()).time_since_epoch().count());
  return stamp;
}

// A program opens one model several times: to plan, to compute, to say what it changed.
struct KnownHashes {
  std::mutex mutex;
  std::map<std::string, std::string> by_stamp;
};
KnownHashes& known_hashes() {
  static KnownHashes known;
  return known;
}

struct Choices {
  std::mutex mutex;
  std::map<std::string, std::string> base_of;  // by the change's directory
};
Choices& choices() {
  static Choices all;
  return all;
}

std::string full(const std::string& directory) { return fs::absolute(directory).lexically_normal().string(); }

std::string chosen_base(const std::string& change) {
  const std::lock_guard lock(choices().mutex);
  const auto found = choices().base_of.find(full(change));
  return found == choices().base_of.end() ? "" : found->second;
}

}  // namespace

std::string weights_hash(const std::string& directory) {
  const ModelWeights weights(directory);
  const std::string stamp = stamp_of(weights);
  KnownHashes& known = known_hashes();
  const std::lock_guard lock(known.mutex);
  if (const auto found = known.by_stamp.find(stamp); found != known.by_stamp.end()) return found->second;
  Sha256 hash;
  for (const SafetensorsEntry* entry : weights.entries()) {
    add_text(hash, entry->name);
    add_text(hash, entry->dtype);
    hash.add(std::as_bytes(std::span(entry->shape)));
    hash.add(entry->bytes);
  }
  return known.by_stamp[stamp] = hexadecimal(hash.digest());
}

BaseChoice::BaseChoice(const std::string& change, const std::string& base) : change_(full(change)) {
  if (!has_weights(base)) fail_without_weights(base);
  const std::lock_guard lock(choices().mutex);
  check(choices().base_of.emplace(change_, base).second, "{}: its base was chosen already", change);
}

BaseChoice::~BaseChoice() {
  const std::lock_guard lock(choices().mutex);
  choices().base_of.erase(change_);
}

std::string place_of_base(const BaseModel& base, const std::string& change) {
  if (const std::string chosen = chosen_base(change); !chosen.empty()) return chosen;
  if (base.path.empty()) return "";
  // A directory that was moved with its base means the one that moved with it.
  const std::string beside = (fs::path(change) / base.path).lexically_normal().string();
  for (const std::string& place : {beside, base.path})
    if (has_weights(place)) return place;
  return "";
}

std::string find_base(const BaseModel& base, const std::string& change) {
  const std::string found = place_of_base(base, change);
  if (found.empty() && base.path.empty()) fail("{}: does not say which model it changes", change);
  if (found.empty())
    fail("{}: changes the model {}, which is not there: give that model, and this as its adapter", change,
         quote(base.path));
  if (base.hash.empty()) return found;
  if (const std::string hash = weights_hash(found); hash != base.hash)
    fail("{}: changes a model whose weights have the SHA-256 {}..., but those of {} have {}...", change,
         base.hash.substr(0, 12), found, hash.substr(0, 12));
  return found;
}

}  // namespace thaw
