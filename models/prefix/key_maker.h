// SPDX-License-Identifier: Apache-2.0
// Keys made of bytes as they come.
#pragma once

#include <span>
#include <string_view>

#include "models/prefix/key.h"
#include "tensor/io/sha256.h"

namespace thaw {

class KeyMaker {
 public:
  void add(std::span<const std::byte> bytes) { sum_.add(bytes); }
  void add(std::string_view text) { add(std::as_bytes(std::span(text))); }
  // The first 128 bits of the SHA-256 of all that was added; begins anew.
  Key128 key();

 private:
  Sha256 sum_;
};

}  // namespace thaw
