// SPDX-License-Identifier: Apache-2.0
// Holds ids to the vocabulary.
#include "models/t5/special_tokens.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/hub/token_ids.h"

namespace thaw {

void read_special_tokens(T5Config& c, const Json& json) {
  c.pad_token_id = read_checked_id(json, "pad_token_id", c.pad_token_id, c.vocab_size);
  c.decoder_start_token_id = read_checked_id(json, "decoder_start_token_id", c.pad_token_id, c.vocab_size);
  c.eos_token_ids = read_checked_ids(json, "eos_token_id", c.eos_token_ids, c.vocab_size);
  if (c.pad_token_id && std::ranges::find(c.eos_token_ids, *c.pad_token_id) != c.eos_token_ids.end())
    c.notes.push_back(fmt::format("{}: {}, as pad_token_id: what pads a text elsewhere reads as its end",
                                  json.where("eos_token_id"), *c.pad_token_id));
}

}  // namespace thaw
