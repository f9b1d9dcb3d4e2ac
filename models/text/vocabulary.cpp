// SPDX-License-Identifier: Apache-2.0
// The two directions of a vocabulary.
#include "models/text/vocabulary.h"

#include "tensor/check.h"

namespace thaw {

void Vocabulary::add(std::string token, int32_t id) {
  check(id >= 0 && id <= max_id, "token id {} is not in [0, {}]", id, max_id);
  const auto index = static_cast<size_t>(id);
  if (index >= tokens_.size()) tokens_.resize(index + 1);
  check(!tokens_[index], "token id {} is there twice", id);
  const auto [known, is_new] = ids_.emplace(token, id);
  check(is_new, "token \"{}\" is there twice", token);
  tokens_[index] = std::move(token);
}

const std::string* Vocabulary::find_token(int32_t id) const {
  if (id < 0 || static_cast<size_t>(id) >= tokens_.size()) return nullptr;
  const auto& token = tokens_[static_cast<size_t>(id)];
  return token ? &*token : nullptr;
}

std::optional<int32_t> Vocabulary::find_id(std::string_view token) const {
  const auto found = ids_.find(token);
  return found == ids_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace thaw
