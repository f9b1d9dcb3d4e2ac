// SPDX-License-Identifier: Apache-2.0
// Splitting by SHA-256, computed by nettle.
#include "examples/data/hash_split.h"

#include <nettle/sha2.h>

#include <cstdint>

namespace thaw {

std::string split_name(Split split) {
  if (split == Split::train) return "train";
  return split == Split::validation ? "validation" : "test";
}

int hash_mod_1000(std::string_view key) {
  std::array<uint8_t, SHA256_DIGEST_SIZE> digest{};
  sha256_ctx context;
  sha256_init(&context);
  sha256_update(&context, key.size(), reinterpret_cast<const uint8_t*>(key.data()));
  sha256_digest(&context, digest.size(), digest.data());
  int remainder = 0;
  for (const auto byte : digest) remainder = (remainder * 256 + byte) % 1000;
  return remainder;
}

Split split_of(std::string_view key) {
  const int hash = hash_mod_1000(key);
  if (hash < 100) return Split::test;
  return hash < 200 ? Split::validation : Split::train;
}

}  // namespace thaw
