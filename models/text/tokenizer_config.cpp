// SPDX-License-Identifier: Apache-2.0
// Reads the configuration files of tokenizers, the newer before the older, as the reference does.
#include "models/text/tokenizer_config.h"

#include <algorithm>
#include <array>
#include <limits>

#include "models/text/tokenizer_files.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

constexpr size_t max_config_bytes = size_t{16} << 20;
constexpr std::array role_keys = {"bos_token", "eos_token", "unk_token", "sep_token",
                                  "pad_token", "cls_token", "mask_token"};

std::optional<Json> read_json(const std::string& directory, const std::string& name,
                              std::vector<ProcessorFile>& files) {
  const auto content = read_tokenizer_file(directory, name, max_config_bytes, files);
  if (!content) return std::nullopt;
  Json json = Json::parse(*content, directory + "/" + name);
  if (!json.is_object()) fail("{}/{}: expected an object, found {}", directory, name, json.describe());
  return json;
}

// A token given as a string, or as an object with its content and flags; no content if it is null.
NamedToken read_named(const Json& json, const std::string& key) {
  NamedToken out{.key = key, .token = {.id = -1, .special = true}};
  const Json& value = json.at(key);
  if (value.is_null()) return out;
  if (value.is_object()) {
    out.token = read_added_token(value, -1);
  } else {
    out.token.content = json.get_string(key);
    check_token(out.token.content, json.where(key));
  }
  return out;
}

void set_named(NamedToken token, std::vector<NamedToken>& named) {
  const auto known = std::ranges::find(named, token.key, &NamedToken::key);
  if (known == named.end()) {
    named.push_back(std::move(token));
  } else {
    *known = std::move(token);
  }
}

// Roles by their keys; what replaces an earlier one keeps its place.
void read_roles(const Json& json, std::vector<NamedToken>& named) {
  for (const char* key : role_keys)
    if (json.contains(key)) set_named(read_named(json, key), named);
  for (const JsonMember& member : json.members()) {
    const bool is_token = member.value.is_string() || member.value.is_object();
    if (member.key.ends_with("_token") && is_token && std::ranges::find(role_keys, member.key) == role_keys.end())
      set_named(read_named(json, member.key), named);
  }
}

// Special tokens without a role: a list, or an object that gives them roles of a model's own.
void read_extra(const Json& json, const char* key, TokenizerConfig& config) {
  const Json* list = json.find(key);
  if (!list || list->is_null()) return;
  if (list->is_object()) {
    for (const JsonMember& member : list->members()) set_named(read_named(*list, member.key), config.named);
    return;
  }
  for (size_t i = 0; i < json.get_array(key).size(); ++i) {
    const Json& item = list->at(i);
    AddedToken token = item.is_object() ? read_added_token(item, -1) : AddedToken{list->get_string(i), -1};
    check_token(token.content, list->where(i));
    token.special = true;
    if (std::ranges::find(config.extra, token.content, &AddedToken::content) == config.extra.end())
      config.extra.push_back(std::move(token));
  }
}

bool is_filled(const Json& json, const char* key) {
  const Json* value = json.find(key);
  return value && (value->is_array() || value->is_object()) && !value->empty();
}

int32_t parse_id(const Json& json, const std::string& key) {
  constexpr size_t digits = 9;
  if (key.empty() || key.size() > digits || key.find_first_not_of("0123456789") != std::string::npos)
    fail("{}: expected a token id as the key", json.where(key));
  return std::stoi(key);
}

void read_decoder(const Json& json, std::vector<AddedToken>& added) {
  const Json& decoder = json.get_object("added_tokens_decoder");
  for (const JsonMember& member : decoder.members())
    added.push_back(read_added_token(decoder.get_object(member.key), parse_id(decoder, member.key)));
}

// added_tokens.json: tokens with ids; those that the other files call special are special.
void read_added(const Json& json, TokenizerConfig& config) {
  for (const JsonMember& member : json.members()) {
    check_token(member.key, json.where(member.key));
    const auto id = static_cast<int32_t>(json.get_int(member.key, 0, std::numeric_limits<int32_t>::max()));
    const auto same = [&](const AddedToken& token) { return token.content == member.key; };
    const bool special =
        std::ranges::any_of(config.named, same, &NamedToken::token) || std::ranges::any_of(config.extra, same);
    config.added.push_back({.content = member.key, .id = id, .normalized = !special, .special = special});
  }
}

std::optional<size_t> read_max_length(const Json& json) {
  const char* key = json.contains("model_max_length") ? "model_max_length" : "max_len";
  const Json* value = json.find(key);
  if (!value || value->is_null()) return std::nullopt;
  constexpr int64_t no_limit = std::numeric_limits<int32_t>::max();
  if (value->kind() == Json::Kind::big_integer && !value->as_digits().starts_with('-')) return std::nullopt;
  if (value->is_number() && value->as_number() >= static_cast<double>(no_limit)) return std::nullopt;
  return static_cast<size_t>(json.get_int(key, 1));
}

std::optional<bool> read_side(const Json& json) {
  if (!json.contains("truncation_side")) return std::nullopt;
  const std::string& side = json.get_string("truncation_side");
  if (side != "left" && side != "right")
    fail("{}: expected \"left\" or \"right\", found {}", json.where("truncation_side"), quote(side));
  return side == "left";
}

bool read_has_types(const Json& json, bool otherwise) {
  if (!json.contains("model_input_names")) return otherwise;
  const auto names = json.get_strings("model_input_names");
  return std::ranges::find(names, "token_type_ids") != names.end();
}

}  // namespace

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

const std::string* TokenizerConfig::find_role(std::string_view key) const {
  const auto found = std::ranges::find(named, key, &NamedToken::key);
  return found == named.end() || found->token.content.empty() ? nullptr : &found->token.content;
}

bool TokenizerConfig::lacks_role(std::string_view key) const {
  const auto found = std::ranges::find(named, key, &NamedToken::key);
  return found != named.end() && found->token.content.empty();
}

TokenizerConfig read_tokenizer_config(const std::string& directory, std::vector<ProcessorFile>& files) {
  TokenizerConfig config;
  config.path = directory + "/tokenizer_config.json";
  if (auto json = read_json(directory, "tokenizer_config.json", files)) config.json = std::move(*json);
  const auto map = read_json(directory, "special_tokens_map.json", files);
  const auto legacy = read_json(directory, "added_tokens.json", files);
  const Json* decoder = config.json.find("added_tokens_decoder");
  config.has_decoder = decoder && !decoder->is_null();

  config.kind = find_tokenizer_class(directory, config.json);
  config.max_length = read_max_length(config.json);
  config.truncate_left = read_side(config.json);
  config.has_types = read_has_types(config.json, config.kind.has_types);
  config.splits_special = config.json.get_bool_or("split_special_tokens", false);

  read_roles(config.json, config.named);
  const bool has_extra = is_filled(config.json, "extra_special_tokens");
  const char* older = "additional_special_tokens";
  read_extra(config.json, has_extra ? "extra_special_tokens" : older, config);
  if (config.has_decoder) {
    read_decoder(config.json, config.added);
  } else {
    if (map) {
      read_roles(*map, config.named);
      read_extra(*map, "extra_special_tokens", config);
      if (!has_extra && !config.json.contains(older)) read_extra(*map, older, config);
    }
    if (legacy) read_added(*legacy, config);
  }
  std::ranges::stable_sort(config.added, {}, &AddedToken::id);
  return config;
}

}  // namespace thaw
