// SPDX-License-Identifier: Apache-2.0
// Looks for a token of two uses.
#include "models/writer_tokens.h"

#include <fmt/format.h>

#include <algorithm>

namespace thaw {

std::string padding_that_ends(const WriterTokens& tokens, const Json& json) {
  if (!tokens.pad_token_id ||
      std::ranges::find(tokens.eos_token_ids, *tokens.pad_token_id) == tokens.eos_token_ids.end())
    return {};
  return fmt::format("{}: {}, as pad_token_id: what pads a text elsewhere reads as its end", json.where("eos_token_id"),
                     *tokens.pad_token_id);
}

}  // namespace thaw
