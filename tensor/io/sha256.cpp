// SPDX-License-Identifier: Apache-2.0
// SHA-256 as nettle computes it.
#include "tensor/io/sha256.h"

#include <fmt/format.h>
#include <nettle/sha2.h>

#include <cstdint>
#include <tuple>

namespace thaw {

static_assert(std::tuple_size_v<Sha256::Digest> == SHA256_DIGEST_SIZE);

struct Sha256::State {
  sha256_ctx context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) { sha256_init(&state_->context); }
Sha256::~Sha256() = default;

void Sha256::add(std::span<const std::byte> bytes) {
  sha256_update(&state_->context, bytes.size(), reinterpret_cast<const uint8_t*>(bytes.data()));
}

Sha256::Digest Sha256::digest() {
  Digest digest;
  sha256_digest(&state_->context, digest.size(), reinterpret_cast<uint8_t*>(digest.data()));
  return digest;
}

std::string hexadecimal(std::span<const std::byte> bytes) {
  std::string text;
  for (const std::byte byte : bytes) text += fmt::format("{:02x}", std::to_integer<int>(byte));
  return text;
}

}  // namespace thaw
