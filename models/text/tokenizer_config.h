// SPDX-License-Identifier: Apache-2.0
// tokenizer_config.json, with the older special_tokens_map.json and added_tokens.json where they exist.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/text/added_tokens.h"
#include "models/text/tokenizer.h"
#include "models/text/tokenizer_class.h"
#include "tensor/io/json.h"

namespace thaw {

// A token that has a role: "cls_token", "mask_token", ..., or a name of a model's own that ends in "_token".
struct NamedToken {
  std::string key;
  AddedToken token;  // no content: the file says that there is none (null)
};

struct TokenizerConfig {
  Json json = Json::object();  // of tokenizer_config.json
  std::string path;            // of tokenizer_config.json, whether it exists or not
  TokenizerClass kind;         // `tokenizer_class`
  std::vector<NamedToken> named;
  std::vector<AddedToken> extra;  // special tokens without a role
  // Of added_tokens_decoder or, where that is missing, added_tokens.json; in order of id. If added_tokens_decoder is
  // there, BERT's classes do not look at the list in tokenizer.json.
  std::vector<AddedToken> added;
  bool has_decoder = false;
  std::optional<size_t> max_length;   // absent if there is none, or one beyond 2^31 ("no limit")
  std::optional<bool> truncate_left;  // truncation_side
  bool has_types = true;              // model_input_names has token_type_ids
  bool splits_special = false;        // special tokens in a text are text like any other

  // Null if the files do not name a token for the role, or say that there is none.
  const std::string* find_role(std::string_view key) const;
  // The files say that there is no token for the role.
  bool lacks_role(std::string_view key) const;
};

// Reads what there is; a missing file is as good as an empty one. Every file read is appended to `files`.
TokenizerConfig read_tokenizer_config(const std::string& directory, std::vector<ProcessorFile>& files);

// One added token as tokenizer.json and tokenizer_config.json describe it; `json` is an object.
AddedToken read_added_token(const Json& json, int32_t id);

}  // namespace thaw
