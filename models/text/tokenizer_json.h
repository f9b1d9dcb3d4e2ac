// SPDX-License-Identifier: Apache-2.0
// The parts of tokenizer.json that all kinds of tokenizers share, read by component type and written.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/text/added_tokens.h"
#include "models/text/sequence_template.h"
#include "models/text/vocabulary.h"
#include "tensor/io/json.h"

namespace thaw {

// The type of the component at `key`: empty if absent or null.
std::string component_type(const Json& json, std::string_view key);

// std::runtime_error "FILE: normalizer.type: "X" is not supported here (supported: ...)" for a component of that type.
[[noreturn]] void unsupported_component(const Json& component, const std::string& type, std::string_view supported);

// The `pattern` of a component: {"String": "..."}. Refused: an empty one, a regular expression.
std::string read_pattern(const Json& component);

// model.vocab, an object of token -> id. Refused: empty, ids that are negative, very large or there twice, bad tokens.
Vocabulary read_vocabulary(const Json& model);
// The same of the object itself.
Vocabulary vocabulary_of(const Json& vocab);
Json vocabulary_json(const Vocabulary& vocabulary);

// The direction of `truncation`: true for left; absent if there is no such section. (Its length and strategy are what
// some run had set last; the reference leaves them alone.)
std::optional<bool> read_truncates_left(const Json& json);

std::vector<AddedToken> read_added_tokens(const Json& json);
Json added_tokens_json(const std::vector<AddedToken>& added);

// post_processor: TemplateProcessing, BertProcessing, RobertaProcessing, ByteLevel (which trims offsets), a Sequence of
// one of them or of ByteLevel and one of them, or null. The ids it names must belong to the tokens it names.
SequenceTemplate read_sequence_template(const Json& json, const Vocabulary& tokens);
Json sequence_template_json(const SequenceTemplate& sequence_template, const Vocabulary& tokens);
// [cls] A [sep], as RobertaProcessing; both are among the tokens.
Json roberta_template_json(const Vocabulary& tokens, const std::string& cls, const std::string& sep, bool trims,
                           bool add_prefix_space);

}  // namespace thaw
