// SPDX-License-Identifier: Apache-2.0
// Reads tokenizers from tokenizer.json, puts them together and writes their files.
#include "models/text/tokenizer_description.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "models/text/added_token_list.h"
#include "models/text/bert_tokenizer.h"
#include "models/text/decoder.h"
#include "models/text/normalizer.h"
#include "models/text/pipeline_tokenizer.h"
#include "models/text/pre_tokenizer.h"
#include "models/text/sequence_template.h"
#include "models/text/tokenizer_json.h"

namespace thaw {

namespace {

Json section(const Json& json, std::string_view key) {
  const Json* found = json.find(key);
  return found ? *found : Json(nullptr);
}

size_t plain_size(const Vocabulary& vocabulary) {
  for (auto id = static_cast<int32_t>(vocabulary.size()) - 1; id >= 0; --id)
    if (const std::string* token = vocabulary.find_token(id); token && !token->empty())
      return static_cast<size_t>(id) + 1;
  return 0;
}

SequenceTemplate without_types(SequenceTemplate sequence_template) {
  for (auto* parts : {&sequence_template.single, &sequence_template.pair})
    for (TemplatePart& part : *parts) part.type_id = 0;
  return sequence_template;
}

SpecialTokens special_tokens(const TokenizerDescription& description) {
  const auto id = [&](const char* key) -> std::optional<int32_t> {
    const auto role = std::ranges::find(description.roles, key, &TokenRole::key);
    return role == description.roles.end() ? std::nullopt : description.tokens.find_id(role->token);
  };
  const auto unknown = description.model->unknown();
  return {.unknown = unknown ? description.tokens.find_id(*unknown) : std::nullopt,
          .cls = id("cls_token"),
          .sep = id("sep_token"),
          .pad = id("pad_token"),
          .mask = id("mask_token"),
          .bos = id("bos_token"),
          .eos = id("eos_token")};
}

}  // namespace

std::vector<TokenRole> roles_of(const Vocabulary& tokens, const TokenizerConfig& config,
                                const std::vector<TokenRole>& usual) {
  std::vector<TokenRole> roles;
  for (const auto& [key, usual_token] : usual) {
    const std::string* given = config.find_role(key);
    const std::string token = given ? *given : config.lacks_role(key) ? "" : usual_token;
    if (!token.empty() && tokens.find_id(token)) roles.push_back({key, token});
  }
  return roles;
}

TokenizerDescription read_description(const Json& json, const TokenizerConfig& config) {
  TokenizerDescription out;
  ModelDescription model = read_model(json);
  out.vocabulary = std::move(model.vocabulary);
  out.model = std::move(model.model);
  const std::string where = json.at("model").where("vocab");
  out.added = list_added_tokens(out.vocabulary, read_added_tokens(json), config, where);
  out.tokens = with_added_tokens(out.vocabulary, out.added);

  out.normalizer_steps = read_normalizer(json);
  read_pre_tokenizer(json);
  read_decoder(json);
  read_sequence_template(json, out.tokens);
  out.normalizer = section(json, "normalizer");
  out.pre_tokenizer = section(json, "pre_tokenizer");
  out.post_processor = section(json, "post_processor");
  out.decoder = section(json, "decoder");
  std::vector<TokenRole> usual = bert_roles(out.model->unknown().value_or(""));
  if (read_model_type(json) != "WordPiece")
    for (TokenRole& role : usual)
      if (role.key != "unk_token") role.token.clear();
  out.roles = roles_of(out.tokens, config, usual);
  return out;
}

std::string tokenizer_json(const TokenizerDescription& description) {
  Json json = Json::object();
  json.set("version", "1.0").set("truncation", nullptr).set("padding", nullptr);
  json.set("added_tokens", added_tokens_json(description.added)).set("normalizer", description.normalizer);
  json.set("pre_tokenizer", description.pre_tokenizer).set("post_processor", description.post_processor);
  json.set("decoder", description.decoder).set("model", description.model->json(description.vocabulary));
  return json.dump(2);
}

std::string tokenizer_config_json(const TokenizerDescription& description, const TokenizerConfig& config) {
  Json json = Json::object();
  // A role makes a token special when the file is read: one that tokenizer.json does not list must not become so.
  for (const auto& [key, token] : description.roles)
    if (std::ranges::find(description.added, token, &AddedToken::content) != description.added.end())
      json.set(key, token);
  json.set("tokenizer_class", description.class_name);
  for (const JsonMember& flag : description.class_flags.members()) json.set(flag.key, flag.value);
  std::vector<std::string> inputs{"input_ids", "attention_mask"};
  if (config.has_types) inputs.insert(inputs.begin() + 1, "token_type_ids");
  json.set("model_input_names", inputs);
  if (config.truncate_left.value_or(false)) json.set("truncation_side", "left");
  return json.dump(2);
}

std::unique_ptr<Tokenizer> make_tokenizer(const TokenizerDescription& description, const TokenizerConfig& config,
                                          std::vector<ProcessorFile> files) {
  const auto generate = [&](const std::string& name, auto&& content) {
    if (std::ranges::find(files, name, &ProcessorFile::name) == files.end()) files.push_back({name, content()});
  };
  generate("tokenizer.json", [&] { return tokenizer_json(description); });
  generate("tokenizer_config.json", [&] { return tokenizer_config_json(description, config); });
  if (const auto file = description.model->vocabulary_file(description.vocabulary))
    generate(file->name, [&] { return file->content; });

  Json sections = Json::object();
  sections.set("normalizer", description.normalizer).set("pre_tokenizer", description.pre_tokenizer);
  sections.set("post_processor", description.post_processor).set("decoder", description.decoder);
  const Normalizer normalizer =
      description.normalizer_steps ? *description.normalizer_steps : read_normalizer(sections);
  const SequenceTemplate sequence_template = read_sequence_template(sections, description.tokens);
  TokenizerParts parts;
  parts.tokens = description.tokens;
  parts.vocabulary_size = plain_size(description.vocabulary);
  parts.sequence_template = config.has_types ? sequence_template : without_types(sequence_template);
  parts.max_length = config.max_length;
  parts.truncates_left = config.truncate_left.value_or(false);
  parts.files = std::move(files);
  const auto normalize = [&](std::string_view content) {
    NormalizedText normalized;
    normalizer.normalize(content, 0, normalized);
    return normalized.text;
  };
  parts.added = AddedTokens(description.added, normalize, config.splits_special);
  parts.special = special_tokens(description);
  TokenDecoder decoder = read_decoder(sections);
  if (!description.decoded_suffix.empty()) decoder.append(SuffixCleanup{description.decoded_suffix});
  return std::make_unique<PipelineTokenizer>(std::move(parts), normalizer, read_pre_tokenizer(sections),
                                             description.model, std::move(decoder));
}

}  // namespace thaw
