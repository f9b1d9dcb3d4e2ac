// SPDX-License-Identifier: Apache-2.0
// The tokens of a tokenizer by id, and the id of each token.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace thaw {

// An id may have no token: that of a line of vocab.txt whose token comes again further below, for instance.
class Vocabulary {
 public:
  // Ids beyond are taken for damage.
  static constexpr int32_t max_id = (1 << 22) - 1;

  // std::invalid_argument if the id has a token, the token has an id, or the id is not in [0, max_id].
  void add(std::string token, int32_t id);

  // Null if the id has no token.
  const std::string* find_token(int32_t id) const;
  std::optional<int32_t> find_id(std::string_view token) const;

  size_t size() const { return tokens_.size(); }  // one more than the greatest id
  size_t count() const { return ids_.size(); }    // tokens
  bool operator==(const Vocabulary&) const = default;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  std::vector<std::optional<std::string>> tokens_;
  std::unordered_map<std::string, int32_t, Hash, std::equal_to<>> ids_;
};

}  // namespace thaw
