// SPDX-License-Identifier: Apache-2.0
// Reads vocab.txt and the configuration files of tokenizers.
#include "models/text/tokenizer_files.h"

#include <filesystem>
#include <limits>
#include <unordered_map>

#include "models/text/unicode.h"
#include "tensor/check.h"
#include "tensor/json_place.h"
#include "tensor/mapped_file.h"

namespace thaw {

namespace {

constexpr size_t max_config_bytes = size_t{16} << 20;

std::optional<Json> read_json(const std::string& directory, const std::string& name,
                              std::vector<TokenizerFile>& files) {
  const auto content = read_tokenizer_file(directory, name, max_config_bytes, files);
  if (!content) return std::nullopt;
  Json json = Json::parse(*content, directory + "/" + name);
  if (!json.is_object()) fail("{}/{}: expected an object, found {}", directory, name, json.describe());
  return json;
}

// A token given as a string, or as an object with its content and flags; empty if absent or null.
std::string token_text(const Json& json, std::string_view key) {
  const Json* value = json.find(key);
  if (!value || value->is_null()) return "";
  const std::string& text = value->is_object() ? value->get_string("content") : json.get_string(key);
  check_token(text, json.where(key));
  return text;
}

void read_roles(const Json& json, TokenRoles& roles) {
  const std::pair<std::string_view, std::string*> keys[] = {
      {"unk_token", &roles.unknown}, {"cls_token", &roles.cls}, {"sep_token", &roles.sep}, {"pad_token", &roles.pad},
      {"mask_token", &roles.mask},   {"bos_token", &roles.bos}, {"eos_token", &roles.eos},
  };
  for (const auto& [key, role] : keys)
    if (role->empty()) *role = token_text(json, key);
}

// Tokens listed without ids: special ones besides those with a role.
void read_extra_tokens(const Json& json, std::vector<AddedToken>& added) {
  for (const char* key : {"additional_special_tokens", "extra_special_tokens"}) {
    const Json* list = json.find(key);
    if (!list || !list->is_array()) continue;
    for (size_t i = 0; i < list->size(); ++i) {
      const Json& item = list->at(i);
      AddedToken token = item.is_object() ? read_added_token(item, -1) : AddedToken{list->get_string(i), -1};
      check_token(token.content, list->where(i));
      token.special = true;
      added.push_back(std::move(token));
    }
  }
}

int32_t parse_id(const Json& json, const std::string& key) {
  constexpr size_t digits = 9;
  if (key.empty() || key.size() > digits || key.find_first_not_of("0123456789") != std::string::npos)
    fail("{}: expected a token id as the key", json.where(key));
  return std::stoi(key);
}

std::optional<size_t> read_max_length(const Json& json) {
  const Json* value = json.find("model_max_length");
  if (!value || value->is_null()) return std::nullopt;
  constexpr int64_t no_limit = std::numeric_limits<int32_t>::max();
  if (value->kind() == Json::Kind::big_integer && !value->as_digits().starts_with('-')) return std::nullopt;
  if (value->is_number() && value->as_number() >= static_cast<double>(no_limit)) return std::nullopt;
  return static_cast<size_t>(json.get_int("model_max_length", 1));
}

}  // namespace

std::optional<std::string> read_tokenizer_file(const std::string& directory, const std::string& name, size_t max_bytes,
                                               std::vector<TokenizerFile>& files) {
  const std::string path = directory + "/" + name;
  if (!std::filesystem::exists(path)) return std::nullopt;
  const MappedFile file(path);
  if (file.bytes().size() > max_bytes) fail("{}: {} bytes, the limit is {}", path, file.bytes().size(), max_bytes);
  std::string content(reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size());
  files.push_back({name, content});
  return content;
}

void check_token(std::string_view token, const std::string& where) {
  constexpr size_t longest = 4096;
  if (token.empty()) fail("{}: an empty token", where);
  if (token.size() > longest) fail("{}: a token of {} bytes, the limit is {}", where, token.size(), longest);
  if (token.find('\0') != std::string_view::npos) fail("{}: a token with a NUL", where);
}

AddedToken read_added_token(const Json& json, int32_t id) {
  AddedToken token;
  token.content = json.get_string("content");
  check_token(token.content, json.where("content"));
  token.id = id;
  token.special = json.get_bool_or("special", false);
  token.single_word = json.get_bool_or("single_word", false);
  token.lstrip = json.get_bool_or("lstrip", false);
  token.rstrip = json.get_bool_or("rstrip", false);
  token.normalized = json.get_bool_or("normalized", !token.special);
  return token;
}

TokenizerConfig read_tokenizer_config(const std::string& directory, std::vector<TokenizerFile>& files) {
  TokenizerConfig config;
  config.path = directory + "/tokenizer_config.json";
  if (auto json = read_json(directory, "tokenizer_config.json", files)) config.json = std::move(*json);
  config.max_length = read_max_length(config.json);
  read_roles(config.json, config.roles);
  const auto map = read_json(directory, "special_tokens_map.json", files);
  if (map) read_roles(*map, config.roles);
  const auto legacy = read_json(directory, "added_tokens.json", files);

  const Json* decoder = config.json.find("added_tokens_decoder");
  if (decoder && !decoder->is_null()) {
    for (const JsonMember& member : config.json.get_object("added_tokens_decoder").members())
      config.added.push_back(read_added_token(decoder->get_object(member.key), parse_id(*decoder, member.key)));
  } else if (legacy) {
    for (const JsonMember& member : legacy->members()) {
      check_token(member.key, legacy->where(member.key));
      const auto id = static_cast<int32_t>(legacy->get_int(member.key, 0, std::numeric_limits<int32_t>::max()));
      config.added.push_back({.content = member.key, .id = id, .normalized = true});
    }
  }
  read_extra_tokens(config.json, config.added);
  if (map) read_extra_tokens(*map, config.added);
  return config;
}

std::vector<std::string> parse_vocabulary(std::string_view content, const std::string& path) {
  if (content.empty()) fail("{}: empty, expected one token a line", path);
  if (content.starts_with("\xEF\xBB\xBF"))
    fail("{}:1: starts with a byte order mark, which would become part of the first token", path);
  std::vector<std::string> tokens;
  std::unordered_map<std::string_view, size_t> lines;
  size_t begin = 0;
  for (size_t line = 1; begin < content.size(); ++line) {
    size_t end = content.find('\n', begin);
    if (end == std::string_view::npos) end = content.size();
    std::string_view token = content.substr(begin, end - begin);
    begin = end + 1;
    if (token.ends_with('\r')) token.remove_suffix(1);
    if (const size_t bad = utf8_error_offset(token); bad < token.size())
      fail("{}:{}: byte {} is not valid UTF-8", path, line, bad + 1);
    check_token(token, fmt::format("{}:{}", path, line));
    const auto [first, is_new] = lines.emplace(token, line);
    if (!is_new) fail("{}:{}: token {} is already on line {}", path, line, quote(token), first->second);
    tokens.emplace_back(token);
  }
  return tokens;
}

}  // namespace thaw
