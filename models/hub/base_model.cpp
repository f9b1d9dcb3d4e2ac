// SPDX-License-Identifier: Apache-2.0
// Models known again by their weights.
#include "models/hub/base_model.h"

#include <fmt/format.h>
#include <nettle/sha2.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "models/hub/model_directory.h"
#include "models/hub/shards.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

namespace fs = std::filesystem;

class Sha256 {
 public:
  Sha256() { sha256_init(&state_); }
  void add(std::span<const std::byte> bytes) {
    sha256_update(&state_, bytes.size(), reinterpret_cast<const uint8_t*>(bytes.data()));
  }
  void add(std::string_view text) {
    const auto size = static_cast<uint64_t>(text.size());  // so that no two lists of texts are one
    add(std::as_bytes(std::span(&size, 1)));
    add(std::as_bytes(std::span(text)));
  }
  std::string digits() {
    std::array<uint8_t, SHA256_DIGEST_SIZE> digest{};
    sha256_digest(&state_, digest.size(), digest.data());
    std::string text;
    for (const uint8_t byte : digest) text += fmt::format("{:02x}", byte);
    return text;
  }

 private:
  sha256_ctx state_{};
};

}  // namespace

std::string weights_hash(const std::string& directory) {
  const ModelWeights weights(directory);
  Sha256 hash;
  for (const SafetensorsEntry* entry : weights.entries()) {
    hash.add(entry->name);
    hash.add(entry->dtype);
    hash.add(std::as_bytes(std::span(entry->shape)));
    hash.add(entry->bytes);
  }
  return hash.digits();
}

std::string find_base(const BaseModel& base, const std::string& directory) {
  if (base.path.empty()) fail("{}: does not say which model it changes", directory);
  const fs::path beside = fs::path(directory) / base.path;
  const std::string found = has_weights(base.path) ? base.path : beside.lexically_normal().string();
  if (!has_weights(found)) fail("{}: changes the model {}, which is not there", directory, quote(base.path));
  if (base.hash.empty()) return found;
  if (const std::string hash = weights_hash(found); hash != base.hash)
    fail("{}: changes a model whose weights have the SHA-256 {}..., but those of {} have {}...", directory,
         base.hash.substr(0, 12), found, hash.substr(0, 12));
  return found;
}

}  // namespace thaw
