// SPDX-License-Identifier: Apache-2.0
// Vocabulary and added tokens of tokenizer.json.
#include "models/text/tokenizer_json.h"

#include <limits>
#include <unordered_map>

#include "models/text/tokenizer_config.h"
#include "models/text/tokenizer_files.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

std::string component_type(const Json& json, std::string_view key) {
  const Json* component = json.find(key);
  if (!component || component->is_null()) return "";
  return json.get_object(key).get_string("type");
}

void unsupported_component(const Json& component, const std::string& type, std::string_view supported) {
  fail("{}: {} is not supported here (supported: {})", component.where("type"), quote(type), supported);
}

std::string read_pattern(const Json& component) {
  const Json& pattern = component.get_object("pattern");
  if (pattern.contains("Regex")) fail("{}: regular expressions are not supported", pattern.where("Regex"));
  const std::string& text = pattern.get_string("String");
  if (text.empty()) fail("{}: empty", pattern.where("String"));
  return text;
}

Vocabulary read_vocabulary(const Json& model) {
  const Json& vocab = model.get_object("vocab");
  if (vocab.empty()) fail("{}: no tokens", model.where("vocab"));
  return vocabulary_of(vocab);
}

Vocabulary vocabulary_of(const Json& vocab) {
  if (vocab.empty()) fail("{}: no tokens", vocab.where());
  Vocabulary out;
  for (const JsonMember& member : vocab.members()) {
    if (!member.key.empty()) check_token(member.key, vocab.where(member.key));
    const auto id = static_cast<int32_t>(vocab.get_int(member.key, 0, Vocabulary::max_id));
    if (const std::string* other = out.find_token(id))
      fail("{}: id {} is that of {} too", vocab.where(member.key), id, quote(*other));
    out.add(member.key, id);
  }
  return out;
}

Json vocabulary_json(const Vocabulary& vocabulary) {
  Json vocab = Json::object();
  for (int32_t id = 0; id < static_cast<int32_t>(vocabulary.size()); ++id)
    if (const std::string* token = vocabulary.find_token(id)) vocab.set(*token, id);
  return vocab;
}

std::optional<bool> read_truncates_left(const Json& json) {
  const Json* truncation = json.find("truncation");
  if (!truncation || truncation->is_null()) return std::nullopt;
  const Json& section = json.get_object("truncation");
  const std::string direction = section.get_string_or("direction", "Right");
  if (direction != "Left" && direction != "Right")
    fail("{}: expected \"Left\" or \"Right\", found {}", section.where("direction"), quote(direction));
  return direction == "Left";
}

std::vector<AddedToken> read_added_tokens(const Json& json) {
  std::vector<AddedToken> added;
  const Json* list = json.find("added_tokens");
  if (!list || list->is_null()) return added;
  std::unordered_map<std::string, size_t> seen;
  for (size_t i = 0; i < json.get_array("added_tokens").size(); ++i) {
    if (!list->at(i).is_object()) fail("{}: expected an object, found {}", list->where(i), list->at(i).describe());
    const Json& item = list->at(i);
    const auto id = static_cast<int32_t>(item.get_int("id", 0, std::numeric_limits<int32_t>::max()));
    added.push_back(read_added_token(item, id));
    if (!seen.emplace(added.back().content, i).second)
      fail("{}: token {} is listed twice", list->where(i), quote(added.back().content));
  }
  return added;
}

Json added_tokens_json(const std::vector<AddedToken>& added) {
  Json list = Json::array();
  for (const AddedToken& token : added) {
    Json item = Json::object();
    item.set("id", token.id)
        .set("content", token.content)
        .set("single_word", token.single_word)
        .set("lstrip", token.lstrip);
    item.set("rstrip", token.rstrip).set("normalized", token.normalized).set("special", token.special);
    list.push_back(std::move(item));
  }
  return list;
}

}  // namespace thaw
