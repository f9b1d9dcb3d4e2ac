// SPDX-License-Identifier: Apache-2.0
// Which added tokens a tokenizer has, from all the files that name some, and which ids they get.
#pragma once

#include <string>
#include <vector>

#include "models/text/tokenizer_config.h"
#include "models/text/vocabulary.h"

namespace thaw {

// `own`: those that tokenizer.json lists (none: there is no such file). As in the reference: first those, then what
// the configuration adds or gives other flags. A token of the model's vocabulary has its id there; a new one gets the
// next free id. std::runtime_error naming `path`, or the configuration's file, if a file says another id, and if a role
// is given to a token that is nowhere.
std::vector<AddedToken> list_added_tokens(const Vocabulary& model, const std::vector<AddedToken>& own,
                                          const TokenizerConfig& config, const std::string& path);

// The model's vocabulary with the added tokens.
Vocabulary with_added_tokens(const Vocabulary& model, const std::vector<AddedToken>& added);

}  // namespace thaw
