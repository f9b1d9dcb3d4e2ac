// SPDX-License-Identifier: Apache-2.0
// Reads ids.
#include "models/hub/token_ids.h"

#include "tensor/check.h"

namespace thaw {

int64_t checked_token_id(int64_t id, const Json& json, const char* key, int64_t vocab_size) {
  if (id < 0 || id >= vocab_size)
    fail("{}: {} is no token's id: from 0 to {} are, by config.json's vocab_size", json.where(key), id, vocab_size - 1);
  return id;
}

std::optional<int64_t> read_checked_id(const Json& json, const char* key, std::optional<int64_t> otherwise,
                                       int64_t vocab_size) {
  const Json* id = json.find(key);
  if (!id) return otherwise;
  if (id->is_null()) return {};
  return checked_token_id(json.get_int(key), json, key, vocab_size);
}

std::vector<int64_t> read_checked_ids(const Json& json, const char* key, std::vector<int64_t> otherwise,
                                      int64_t vocab_size) {
  const Json* ids = json.find(key);
  if (!ids) return otherwise;
  if (ids->is_null()) return {};
  if (!ids->is_array()) return {checked_token_id(json.get_int(key), json, key, vocab_size)};
  std::vector<int64_t> list = json.get_ints(key);
  for (const int64_t id : list) checked_token_id(id, json, key, vocab_size);
  return list;
}

}  // namespace thaw
