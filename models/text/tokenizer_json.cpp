// SPDX-License-Identifier: Apache-2.0
// Vocabulary and added tokens of tokenizer.json.
#include "models/text/tokenizer_json.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <unordered_map>

#include "models/text/tokenizer_files.h"
#include "tensor/check.h"
#include "tensor/json_place.h"

namespace thaw {

std::string component_type(const Json& json, std::string_view key) {
  const Json* component = json.find(key);
  if (!component || component->is_null()) return "";
  return json.get_object(key).get_string("type");
}

void unsupported_component(const Json& json, std::string_view key, const std::string& type,
                           std::string_view supported) {
  if (type.empty()) fail("{}: missing, expected {}", json.where(key), supported);
  fail("{}: {} is not supported here (supported: {})", json.at(key).where("type"), quote(type), supported);
}

IdVocabulary read_vocabulary(const Json& model) {
  const Json& vocab = model.get_object("vocab");
  if (vocab.empty()) fail("{}: no tokens", model.where("vocab"));
  std::vector<int32_t> ids;
  for (const JsonMember& member : vocab.members()) {
    check_token(member.key, vocab.where(member.key));
    ids.push_back(static_cast<int32_t>(vocab.get_int(member.key, 0, std::numeric_limits<int32_t>::max())));
  }
  std::vector<size_t> order(ids.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return ids[a] < ids[b]; });
  IdVocabulary out;
  for (const size_t i : order) {
    const std::string& token = vocab.members()[i].key;
    if (!out.ids.empty() && out.ids.back() == ids[i])
      fail("{}: id {} is that of {} too", vocab.where(token), ids[i], quote(out.tokens.back()));
    out.ids.push_back(ids[i]);
    out.tokens.push_back(token);
  }
  return out;
}

std::vector<std::string> merge_added_tokens(const IdVocabulary& vocabulary, const std::vector<AddedToken>& added,
                                            const std::string& path) {
  std::unordered_map<std::string_view, int32_t> id_of;
  std::vector<std::pair<int32_t, std::string_view>> all;
  for (size_t i = 0; i < vocabulary.ids.size(); ++i) {
    all.emplace_back(vocabulary.ids[i], vocabulary.tokens[i]);
    id_of.emplace(vocabulary.tokens[i], vocabulary.ids[i]);
  }
  for (const AddedToken& token : added) {
    const auto [known, is_new] = id_of.emplace(token.content, token.id);
    if (known->second != token.id)
      fail("{}: added token {} has id {}, but its id is {} already", path, quote(token.content), token.id,
           known->second);
    if (is_new) all.emplace_back(token.id, token.content);
  }
  std::sort(all.begin(), all.end());
  std::vector<std::string> tokens;
  for (const auto& [id, token] : all) {
    const auto next = static_cast<int32_t>(tokens.size());
    if (id < next) fail("{}: id {} belongs to both {} and {}", path, id, quote(tokens.back()), quote(token));
    if (id > next) fail("{}: no token has id {}, though {} has id {}", path, next, quote(token), id);
    tokens.emplace_back(token);
  }
  return tokens;
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
