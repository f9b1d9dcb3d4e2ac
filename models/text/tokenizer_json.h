// SPDX-License-Identifier: Apache-2.0
// The parts of tokenizer.json that all kinds of tokenizers share, read by component type and written.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "models/text/added_tokens.h"
#include "models/text/sequence_template.h"
#include "tensor/json.h"

namespace thaw {

// The type of the component at `key`: empty if absent or null.
std::string component_type(const Json& json, std::string_view key);

// std::runtime_error "FILE: normalizer.type: "X" is not supported (supported: ...)".
[[noreturn]] void unsupported_component(const Json& json, std::string_view key, const std::string& type,
                                        std::string_view supported);

// Vocabulary with the ids of its tokens, in order of id.
struct IdVocabulary {
  std::vector<std::string> tokens;
  std::vector<int32_t> ids;
};

// model.vocab, an object of token -> id. Refused: empty, ids that are negative or there twice, bad tokens.
IdVocabulary read_vocabulary(const Json& model);

// The token of every id. Refused: an id that two tokens have, a token that has two ids, ids with a gap. `path` begins
// the messages.
std::vector<std::string> merge_added_tokens(const IdVocabulary& vocabulary, const std::vector<AddedToken>& added,
                                            const std::string& path);

std::vector<AddedToken> read_added_tokens(const Json& json);
Json added_tokens_json(const std::vector<AddedToken>& added);

// post_processor: TemplateProcessing, BertProcessing or null. The ids it names must belong to the tokens it names.
SequenceTemplate read_sequence_template(const Json& json, const std::vector<std::string>& tokens);
Json sequence_template_json(const SequenceTemplate& sequence_template, const std::vector<std::string>& tokens);

}  // namespace thaw
