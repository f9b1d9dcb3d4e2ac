// SPDX-License-Identifier: Apache-2.0
// SHA-256 as nettle computes it.
#include "models/prefix/key_maker.h"

#include <nettle/sha2.h>

#include <cstring>

namespace thaw {

struct KeyMaker::State {
  sha256_ctx context;
};

KeyMaker::KeyMaker() : state_(std::make_unique<State>()) { sha256_init(&state_->context); }
KeyMaker::~KeyMaker() = default;

void KeyMaker::add(std::span<const std::byte> bytes) {
  sha256_update(&state_->context, bytes.size(), reinterpret_cast<const uint8_t*>(bytes.data()));
}

Key128 KeyMaker::key() {
  Key128 key;
  uint8_t bytes[sizeof(key.bits)];
  sha256_digest(&state_->context, sizeof(bytes), bytes);
  std::memcpy(key.bits.data(), bytes, sizeof(bytes));
  return key;
}

Key128 text_key(const Encoding& text) {
  KeyMaker maker;
  maker.add(std::as_bytes(std::span(text.ids)));
  maker.add(std::as_bytes(std::span(text.type_ids)));
  return maker.key();
}

}  // namespace thaw
