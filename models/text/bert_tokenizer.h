// SPDX-License-Identifier: Apache-2.0
// BERT's tokenizer, built from a vocabulary and the flags of tokenizer_config.json; and MPNet's, which differs by its
// special tokens.
#pragma once

#include <string>
#include <vector>

#include "models/text/added_tokens.h"
#include "models/text/tokenizer_config.h"
#include "models/text/tokenizer_description.h"
#include "models/text/vocabulary.h"

namespace thaw {

// As the reference's BertTokenizer or MPNetTokenizer, whichever the configuration names, builds it: vocabulary and
// added tokens (`own`) of a vocab.txt or tokenizer.json at `path`, all else from the configuration.
TokenizerDescription describe_bert(Vocabulary vocabulary, const std::vector<AddedToken>& own, const std::string& path,
                                   const TokenizerConfig& config);

// The roles of BERT's tokens: what tokenizers with WordPiece have where their files name none.
std::vector<TokenRole> bert_roles(const std::string& unknown);

}  // namespace thaw
