// SPDX-License-Identifier: Apache-2.0
// Patterns over names of parameters: * ? [0-3] {a,b} {0..11}.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace thaw {

// A pattern stands for whole names:
//   *              any characters, none too
//   ?              one character
//   [abc] [0-9]    one of these characters; [!0-9] or [^0-9]: one of the others; ] is meant where it stands first
//   {a,b*,}        one of these patterns, which may be empty and may have alternatives themselves
//   {0..11}        a whole number of the name, by its value: layer.{0..11}.* takes layer.10.x, not layer.110.x;
//                  also among alternatives: {0..2,5,classifier}
// Any other character is itself. Matching takes time in proportion to the pattern's length times the name's.
class NamePattern {
 public:
  // Throws std::invalid_argument that says what is wrong and where.
  explicit NamePattern(std::string_view text);
  // Each character is itself.
  static NamePattern literal(std::string_view text);

  bool matches(std::string_view name) const { return edits(name) == 0; }
  // The fewest edits (insert, delete, replace a character) that make the name match.
  int edits(std::string_view name) const;
  const std::string& text() const { return text_; }

 private:
  struct Part {
    enum class Kind { character, characters, alternatives, number } kind;
    std::bitset<256> set = {};  // character
    std::vector<std::vector<Part>> alternatives = {};
    int64_t least = 0, most = 0;  // number
  };
  using Parts = std::vector<Part>;
  using Costs = std::vector<int>;
  friend class NamePatternParser;

  NamePattern() = default;
  static Costs after(const Parts& parts, Costs costs, std::string_view name);
  static Costs after(const Part& part, const Costs& before, std::string_view name);

  std::string text_;
  Parts parts_;
};

bool matches(std::string_view pattern, std::string_view name);
// The names nearest to the pattern, at most five: "classifier.weight, classifier.bias".
std::string near_names(const NamePattern& pattern, const std::vector<std::string>& names);

}  // namespace thaw
