// SPDX-License-Identifier: Apache-2.0
// SHA-256 of bytes as they come.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace thaw {

class Sha256 {
 public:
  using Digest = std::array<std::byte, 32>;

  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void add(std::span<const std::byte> bytes);
  // Of all that was added; begins anew.
  Digest digest();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Two digits a byte.
std::string hexadecimal(std::span<const std::byte> bytes);

}  // namespace thaw
