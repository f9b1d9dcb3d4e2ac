// SPDX-License-Identifier: Apache-2.0
// The section `normalizer` of tokenizer.json.
#include <memory>

#include "models/text/base64.h"
#include "models/text/normalizer.h"
#include "models/text/tokenizer_json.h"
#include "tensor/check.h"

namespace thaw {

namespace {

constexpr const char* supported =
    "BertNormalizer, NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, Replace, Precompiled, Sequence";

void read_steps(const Json& normalizer, std::vector<NormalizerStep>& steps) {
  const std::string& type = normalizer.get_string("type");
  if (type == "Sequence") {
    const Json& list = normalizer.get_array("normalizers");
    for (size_t i = 0; i < list.size(); ++i) read_steps(list.get_object(i), steps);
  } else if (type == "BertNormalizer") {
    BertNormalizer step{.clean_text = normalizer.get_bool_or("clean_text", true),
                        .handle_chinese_chars = normalizer.get_bool_or("handle_chinese_chars", true),
                        .lowercase = normalizer.get_bool_or("lowercase", true)};
    const Json* strip = normalizer.find("strip_accents");
    if (strip && !strip->is_null()) step.strip_accents = normalizer.get_bool("strip_accents");
    steps.emplace_back(step);
  } else if (type == "NFC" || type == "NFD") {
    steps.emplace_back(type == "NFC" ? NormalForm::nfc : NormalForm::nfd);
  } else if (type == "NFKC" || type == "NFKD") {
    steps.emplace_back(type == "NFKC" ? NormalForm::nfkc : NormalForm::nfkd);
  } else if (type == "Lowercase") {
    steps.emplace_back(Lowercase{});
  } else if (type == "StripAccents") {
    steps.emplace_back(StripAccents{});
  } else if (type == "Strip") {
    steps.emplace_back(StripSpace{normalizer.get_bool("strip_left"), normalizer.get_bool("strip_right")});
  } else if (type == "Replace") {
    const Json& pattern = normalizer.get_object("pattern");
    if (pattern.contains("Regex") && pattern.get_string("Regex") == "\\s+") {
      steps.emplace_back(ReplaceSpace{normalizer.get_string("content")});
    } else {
      steps.emplace_back(ReplaceText{read_pattern(normalizer), normalizer.get_string("content")});
    }
  } else if (type == "Precompiled") {
    const auto map = decode_base64(normalizer.get_string("precompiled_charsmap"));
    if (!map) fail("{}: not in base64", normalizer.where("precompiled_charsmap"));
    steps.emplace_back(
        PrecompiledNormalizer{std::make_shared<const CharacterMap>(*map, normalizer.where("precompiled_charsmap"))});
  } else {
    unsupported_component(normalizer, type, supported);
  }
}

}  // namespace

Normalizer read_normalizer(const Json& json) {
  std::vector<NormalizerStep> steps;
  if (!component_type(json, "normalizer").empty()) read_steps(json.get_object("normalizer"), steps);
  return Normalizer(std::move(steps));
}

Json normalizer_json(const BertNormalizer& normalizer) {
  Json json = Json::object();
  json.set("type", "BertNormalizer").set("clean_text", normalizer.clean_text);
  json.set("handle_chinese_chars", normalizer.handle_chinese_chars);
  json.set("strip_accents", normalizer.strip_accents ? Json(*normalizer.strip_accents) : Json(nullptr));
  return json.set("lowercase", normalizer.lowercase);
}

}  // namespace thaw
