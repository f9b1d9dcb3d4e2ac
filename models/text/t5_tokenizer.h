// SPDX-License-Identifier: Apache-2.0
// T5's tokenizer, built from a spiece.model.
#pragma once

#include <string>
#include <string_view>

#include "models/text/tokenizer_config.h"
#include "models/text/tokenizer_description.h"
#include "tensor/io/json.h"

namespace thaw {

// As the reference's T5Tokenizer builds it of a spiece.model with this content: the pieces, then `extra_ids` sentinels
// (100, unless the configuration says otherwise), <extra_id_0> last; the character map; words at whitespace; </s> at
// the end. Control and user-defined pieces and the sentinels are added tokens. Unlike there, the unknown piece is the
// file's own, wherever it is. std::runtime_error naming the file at `path`.
TokenizerDescription describe_t5(std::string_view content, const std::string& path, const TokenizerConfig& config);

// A tokenizer.json as it stands, with T5's roles of tokens where the files name none.
TokenizerDescription read_t5(const Json& json, const TokenizerConfig& config);

}  // namespace thaw
