// SPDX-License-Identifier: Apache-2.0
// ByT5's tokenizer: the bytes of a text, behind <pad>, </s> and <unk>.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/text/tokenizer.h"
#include "models/text/tokenizer_config.h"

namespace thaw {

// As the reference's ByT5Tokenizer, which needs no file: a byte's id is its value + 3, `extra_ids` sentinels (125,
// unless the configuration says otherwise) follow from 259 on, <extra_id_0> first, </s> comes at the end. A byte's
// token is the character whose code point is its value, its offset that of its character. Unlike there, a text that
// ends in
// </s> itself gets one more. The tokenizer_config.json is generated if `files` lacks it.
std::unique_ptr<Tokenizer> make_byt5(const TokenizerConfig& config, std::vector<ProcessorFile> files);

}  // namespace thaw
