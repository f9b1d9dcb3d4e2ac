// SPDX-License-Identifier: Apache-2.0
// A model.bin of CTranslate2's made by hand, right or wrong.
#pragma once

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace thaw {

// The format's numbers of types.
enum CTranslate2Type : uint8_t { ct2_f32 = 0, ct2_i8 = 1, ct2_i16 = 2, ct2_i32 = 3, ct2_f16 = 4, ct2_bf16 = 5 };

struct CTranslate2Variable {
  std::string name;
  std::vector<uint32_t> shape;
  uint8_t type = ct2_f32;
  std::string data;
};

struct CTranslate2Parts {
  uint32_t version = 6;
  std::string kind = "WhisperSpec";
  uint32_t revision = 3;
  std::vector<CTranslate2Variable> variables = {};
  std::vector<std::pair<std::string, std::string>> aliases = {};

  CTranslate2Variable& at(const std::string& name) {
    const auto found = std::ranges::find(variables, name, &CTranslate2Variable::name);
    if (found == variables.end()) throw std::invalid_argument(name + " is not there");
    return *found;
  }

  std::string bytes() const {
    std::string all = number(version, 4) + text(kind) + number(revision, 4) + number(variables.size(), 4);
    for (const CTranslate2Variable& variable : variables) {
      all += text(variable.name) + number(variable.shape.size(), 1);
      for (const uint32_t size : variable.shape) all += number(size, 4);
      all += number(variable.type, 1) + number(variable.data.size(), 4) + variable.data;
    }
    all += number(aliases.size(), 4);
    for (const auto& [alias, name] : aliases) all += text(alias) + text(name);
    return all;
  }

  static std::string number(uint64_t value, int size) {
    std::string bytes;
    for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xFF);
    return bytes;
  }
  static std::string text(const std::string& text) { return number(text.size() + 1, 2) + text + '\0'; }
};

}  // namespace thaw
