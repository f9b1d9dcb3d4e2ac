// SPDX-License-Identifier: Apache-2.0
// The post_processor of tokenizer.json.
#include <limits>

#include "models/text/tokenizer_json.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

// An id and the token it stands for, which must agree with the vocabulary.
int32_t checked_id(int64_t id, const std::string& token, const Vocabulary& tokens, const std::string& where) {
  const bool in_range = id >= 0 && static_cast<size_t>(id) < tokens.size();
  const std::string* known = in_range ? tokens.find_token(static_cast<int32_t>(id)) : nullptr;
  if (!known) fail("{}: id {} is not in the vocabulary of {}", where, id, tokens.size());
  if (*known != token) fail("{}: id {} is {} in the vocabulary, not {}", where, id, quote(*known), quote(token));
  return static_cast<int32_t>(id);
}

TemplatePart read_special(const Json& part, const Json& specials, const Vocabulary& tokens) {
  const Json& special = specials.get_object(part.get_string("id"));
  const auto ids = special.get_ints("ids");
  const auto names = special.get_strings("tokens");
  if (ids.size() != names.size()) fail("{}: {} ids for {} tokens", special.where(), ids.size(), names.size());
  TemplatePart out;
  for (size_t i = 0; i < ids.size(); ++i) out.ids.push_back(checked_id(ids[i], names[i], tokens, special.where("ids")));
  return out;
}

std::vector<TemplatePart> read_parts(const Json& processor, std::string_view key, const Vocabulary& tokens) {
  const Json& list = processor.get_array(key);
  std::vector<TemplatePart> parts;
  bool has[2] = {false, false};
  for (size_t i = 0; i < list.size(); ++i) {
    const Json& item = list.at(i);
    if (!item.is_object() || item.size() != 1) fail("{}: expected one of SpecialToken and Sequence", list.where(i));
    const std::string& kind = item.members()[0].key;
    if (kind != "SpecialToken" && kind != "Sequence")
      fail("{}: {} is neither SpecialToken nor Sequence", list.where(i), quote(kind));
    const Json& part = item.get_object(kind);
    TemplatePart out;
    if (kind == "SpecialToken") {
      out = read_special(part, processor.get_object("special_tokens"), tokens);
    } else {
      const std::string& id = part.get_string("id");
      if (id != "A" && (id != "B" || key == "single")) fail("{}: no sequence {} here", part.where("id"), quote(id));
      out.sequence = id == "B";
      has[out.sequence] = true;
    }
    out.type_id = static_cast<int32_t>(part.get_int("type_id", 0, std::numeric_limits<int32_t>::max()));
    parts.push_back(std::move(out));
  }
  if (!has[0] || (key == "pair" && !has[1]))
    fail("{}: sequence {} does not occur", processor.where(key), has[0] ? "B" : "A");
  return parts;
}

}  // namespace

SequenceTemplate read_sequence_template(const Json& json, const Vocabulary& tokens) {
  SequenceTemplate out;
  if (component_type(json, "post_processor").empty()) return out;
  const Json* only = &json.get_object("post_processor");
  const auto read_trim = [&](const Json& processor) {
    if (processor.get_bool_or("trim_offsets", true))
      out.trims_offsets = processor.get_bool_or("add_prefix_space", true);
  };
  while (only->get_string("type") == "Sequence") {
    const Json& list = only->get_array("processors");
    if (list.empty()) return out;
    size_t at = 0;
    if (list.size() == 2 && list.get_object(0).get_string("type") == "ByteLevel") {
      read_trim(list.get_object(0));
      at = 1;
    } else if (list.size() > 1) {
      fail("{}: a sequence of {} is not supported", only->where("processors"), list.size());
    }
    only = &list.get_object(at);
  }
  const Json& processor = *only;
  const std::string& type = processor.get_string("type");
  if (type == "TemplateProcessing") {
    out.single = read_parts(processor, "single", tokens);
    out.pair = read_parts(processor, "pair", tokens);
    return out;
  }
  if (type == "ByteLevel") {
    read_trim(processor);
    return out;
  }
  if (type != "BertProcessing" && type != "RobertaProcessing")
    unsupported_component(processor, type,
                          "TemplateProcessing, BertProcessing, RobertaProcessing, ByteLevel, Sequence");
  const auto token = [&](const char* key) {
    const Json& pair = processor.get_array(key);
    if (pair.size() != 2) fail("{}: expected a token and its id", processor.where(key));
    return checked_id(pair.get_int(1), pair.get_string(0), tokens, processor.where(key));
  };
  const int32_t cls = token("cls");
  const int32_t sep = token("sep");
  if (type == "RobertaProcessing") read_trim(processor);
  const auto trims = out.trims_offsets;
  out = type == "BertProcessing" ? SequenceTemplate::bert(cls, sep) : SequenceTemplate::roberta(cls, sep);
  out.trims_offsets = trims;
  return out;
}

Json sequence_template_json(const SequenceTemplate& sequence_template, const Vocabulary& tokens) {
  Json specials = Json::object();
  const auto parts_json = [&](const std::vector<TemplatePart>& parts) {
    Json list = Json::array();
    for (const TemplatePart& part : parts) {
      Json inner = Json::object();
      if (part.sequence >= 0) {
        inner.set("id", part.sequence == 0 ? "A" : "B").set("type_id", part.type_id);
        list.push_back(Json::object().set("Sequence", std::move(inner)));
        continue;
      }
      for (const int32_t id : part.ids) {
        const std::string& token = *tokens.find_token(id);
        inner.set("id", token).set("type_id", part.type_id);
        list.push_back(Json::object().set("SpecialToken", inner));
        Json special = Json::object();
        special.set("id", token).set("ids", std::vector<int32_t>{id}).set("tokens", std::vector<std::string>{token});
        specials.set(token, std::move(special));
      }
    }
    return list;
  };
  Json out = Json::object();
  out.set("type", "TemplateProcessing");
  out.set("single", parts_json(sequence_template.single));
  out.set("pair", parts_json(sequence_template.pair));
  return out.set("special_tokens", std::move(specials));
}

Json roberta_template_json(const Vocabulary& tokens, const std::string& cls, const std::string& sep, bool trims,
                           bool add_prefix_space) {
  const auto pair = [&](const std::string& token) { return Json(std::vector<Json>{token, *tokens.find_id(token)}); };
  Json out = Json::object().set("type", "RobertaProcessing").set("sep", pair(sep)).set("cls", pair(cls));
  return out.set("trim_offsets", trims).set("add_prefix_space", add_prefix_space);
}

}  // namespace thaw
