// SPDX-License-Identifier: Apache-2.0
// Holds ids to the vocabulary.
#include "models/t5/special_tokens.h"

#include <fmt/format.h>

#include <algorithm>

#include "tensor/check.h"

namespace thaw {

int64_t checked_token_id(int64_t id, const Json& json, const char* key, int64_t vocab_size) {
  if (id < 0 || id >= vocab_size)
    fail("{}: {} is no token's id: from 0 to {} are, by config.json's vocab_size", json.where(key), id, vocab_size - 1);
  return id;
}

namespace {

std::optional<int64_t> read_id(const Json& json, const char* key, std::optional<int64_t> otherwise,
                               int64_t vocab_size) {
  const Json* id = json.find(key);
  if (!id) return otherwise;
  if (id->is_null()) return {};
  return checked_token_id(json.get_int(key), json, key, vocab_size);
}

// A number or a list of them.
std::vector<int64_t> read_ids(const Json& json, const char* key, std::vector<int64_t> otherwise, int64_t vocab_size) {
  const Json* ids = json.find(key);
  if (!ids) return otherwise;
  if (ids->is_null()) return {};
  if (!ids->is_array()) return {checked_token_id(json.get_int(key), json, key, vocab_size)};
  std::vector<int64_t> list = json.get_ints(key);
  for (const int64_t id : list) checked_token_id(id, json, key, vocab_size);
  return list;
}

}  // namespace

void read_special_tokens(T5Config& c, const Json& json) {
  c.pad_token_id = read_id(json, "pad_token_id", c.pad_token_id, c.vocab_size);
  c.decoder_start_token_id = read_id(json, "decoder_start_token_id", c.pad_token_id, c.vocab_size);
  c.eos_token_ids = read_ids(json, "eos_token_id", c.eos_token_ids, c.vocab_size);
  if (c.pad_token_id && std::ranges::find(c.eos_token_ids, *c.pad_token_id) != c.eos_token_ids.end())
    c.notes.push_back(fmt::format("{}: {}, as pad_token_id: what pads a text elsewhere reads as its end",
                                  json.where("eos_token_id"), *c.pad_token_id));
}

}  // namespace thaw
