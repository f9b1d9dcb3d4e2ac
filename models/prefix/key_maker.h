// SPDX-License-Identifier: Apache-2.0
// Keys made of bytes as they come.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "models/prefix/key.h"

namespace thaw {

class KeyMaker {
 public:
  KeyMaker();
  ~KeyMaker();
  KeyMaker(const KeyMaker&) = delete;
  KeyMaker& operator=(const KeyMaker&) = delete;

  void add(std::span<const std::byte> bytes);
  void add(std::string_view text) { add(std::as_bytes(std::span(text))); }
  // The first 128 bits of the SHA-256 of all that was added; begins anew.
  Key128 key();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace thaw
