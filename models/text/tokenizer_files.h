// SPDX-License-Identifier: Apache-2.0
// The files of a tokenizer's directory, read with care: sizes, encodings, and what tokenizer_config.json says.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/text/added_tokens.h"
#include "models/text/tokenizer.h"
#include "tensor/json.h"

namespace thaw {

// Roles of tokens as the files name them; empty where no token has the role.
struct TokenRoles {
  std::string unknown, cls, sep, pad, mask, bos, eos;
};

// tokenizer_config.json, with the older special_tokens_map.json and added_tokens.json where they exist.
struct TokenizerConfig {
  Json json = Json::object();        // of tokenizer_config.json
  std::string path;                  // of tokenizer_config.json, whether it exists or not
  TokenRoles roles;                  // as far as the files tell
  std::vector<AddedToken> added;     // id -1: the next free one
  std::optional<size_t> max_length;  // absent if there is none, or one beyond 2^31 ("no limit")
};

// Reads what there is; a missing file is as good as an empty one. Every file read is appended to `files`.
TokenizerConfig read_tokenizer_config(const std::string& directory, std::vector<TokenizerFile>& files);

// One added token as tokenizer.json and tokenizer_config.json describe it; `json` is an object.
AddedToken read_added_token(const Json& json, int32_t id);

// The bytes of directory/name, appended to `files`; absent if there is no such file. At most `max_bytes`.
std::optional<std::string> read_tokenizer_file(const std::string& directory, const std::string& name, size_t max_bytes,
                                               std::vector<TokenizerFile>& files);

// Lines of a vocab.txt; the id of a token is its line's number from 0. Refused: invalid UTF-8, NUL, a byte order mark,
// empty or overlong tokens, tokens that are there twice, an empty file.
std::vector<std::string> parse_vocabulary(std::string_view content, const std::string& path);

// std::runtime_error "WHERE: ..." if a token is empty, longer than 4,096 bytes, or has a NUL.
void check_token(std::string_view token, const std::string& where);

}  // namespace thaw
