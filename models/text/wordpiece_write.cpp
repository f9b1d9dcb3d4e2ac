// SPDX-License-Identifier: Apache-2.0
// Puts WordPiece tokenizers together and writes their files.
#include <algorithm>
#include <utility>

#include "models/text/normalizer.h"
#include "models/text/pre_tokenizer.h"
#include "models/text/tokenizer_json.h"
#include "models/text/unicode_properties.h"
#include "models/text/wordpiece_files.h"
#include "tensor/utf8.h"

namespace thaw {

namespace {

// The token of each role: what the files name, else BERT's own name.
struct Role {
  const char* key;
  std::string token;
};
std::vector<Role> roles_of(const WordPieceDescription& description, const TokenizerConfig& config) {
  std::vector<Role> roles;
  for (const auto& [key, bert_token] : {std::pair{"unk_token", description.model.unknown.c_str()},
                                        {"cls_token", "[CLS]"},
                                        {"sep_token", "[SEP]"},
                                        {"pad_token", "[PAD]"},
                                        {"mask_token", "[MASK]"},
                                        {"bos_token", ""},
                                        {"eos_token", ""}}) {
    const std::string* given = config.find_role(key);
    const std::string token = given ? *given : config.lacks_role(key) ? "" : bert_token;
    if (!token.empty() && description.tokens.find_id(token)) roles.push_back({key, token});
  }
  return roles;
}

bool ends_with_space(std::string_view token) {
  bool space = false;
  for (size_t at = 0; at < token.size();) space = is_whitespace(next_code_point(token, at));
  return space;
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

SpecialTokens special_tokens(const WordPieceDescription& description, const std::vector<Role>& roles) {
  const auto id = [&](const char* key) -> std::optional<int32_t> {
    const auto role = std::ranges::find(roles, std::string_view(key), &Role::key);
    return role == roles.end() ? std::nullopt : description.tokens.find_id(role->token);
  };
  return {.unknown = description.tokens.find_id(description.model.unknown),
          .cls = id("cls_token"),
          .sep = id("sep_token"),
          .pad = id("pad_token"),
          .mask = id("mask_token"),
          .bos = id("bos_token"),
          .eos = id("eos_token")};
}

}  // namespace

std::string wordpiece_json(const WordPieceDescription& description) {
  Json decoder;
  if (const auto& given = description.decoder)
    decoder = Json::object().set("type", "WordPiece").set("prefix", given->prefix).set("cleanup", given->cleanup);
  Json vocab = Json::object();
  for (int32_t id = 0; id < static_cast<int32_t>(description.vocabulary.size()); ++id)
    if (const std::string* token = description.vocabulary.find_token(id)) vocab.set(*token, id);
  Json model = Json::object();
  model.set("type", "WordPiece").set("unk_token", description.model.unknown);
  model.set("continuing_subword_prefix", description.model.prefix);
  model.set("max_input_chars_per_word", description.model.max_characters).set("vocab", std::move(vocab));

  Json json = Json::object();
  json.set("version", "1.0").set("truncation", nullptr).set("padding", nullptr);
  json.set("added_tokens", added_tokens_json(description.added)).set("normalizer", description.normalizer);
  json.set("pre_tokenizer", description.pre_tokenizer);
  json.set("post_processor", sequence_template_json(description.sequence_template, description.tokens));
  json.set("decoder", std::move(decoder)).set("model", std::move(model));
  return json.dump(2);
}

std::optional<std::string> wordpiece_vocabulary(const WordPieceDescription& description) {
  std::string text;
  for (int32_t id = 0; id < static_cast<int32_t>(description.vocabulary.size()); ++id) {
    const std::string* token = description.vocabulary.find_token(id);
    if (!token || token->find('\n') != std::string::npos || ends_with_space(*token)) return std::nullopt;
    text.append(*token).append("\n");
  }
  return text;
}

std::string wordpiece_config(const WordPieceDescription& description, const TokenizerConfig& config) {
  const bool is_bert = config.kind.source == TokenizerClass::Source::bert;
  Json json = Json::object();
  // A role makes a token special when the file is read: one that tokenizer.json does not list must not become so.
  for (const auto& [key, token] : roles_of(description, config))
    if (std::ranges::find(description.added, token, &AddedToken::content) != description.added.end())
      json.set(key, token);
  json.set("tokenizer_class", is_bert ? "BertTokenizer" : "PreTrainedTokenizerFast");
  if (is_bert) {
    const Json& normalizer = description.normalizer;
    json.set("do_lower_case", normalizer.get_bool("lowercase"));
    json.set("strip_accents", normalizer.at("strip_accents"));
    json.set("tokenize_chinese_chars", normalizer.get_bool("handle_chinese_chars"));
  }
  std::vector<std::string> inputs{"input_ids", "attention_mask"};
  if (config.has_types) inputs.insert(inputs.begin() + 1, "token_type_ids");
  json.set("model_input_names", inputs);
  if (config.truncate_left.value_or(false)) json.set("truncation_side", "left");
  return json.dump(2);
}

std::unique_ptr<Tokenizer> make_wordpiece(const WordPieceDescription& description, const TokenizerConfig& config,
                                          std::vector<TokenizerFile> files) {
  const auto generate = [&](const char* name, auto&& content) {
    if (std::ranges::find(files, name, &TokenizerFile::name) == files.end()) files.push_back({name, content()});
  };
  generate("tokenizer.json", [&] { return wordpiece_json(description); });
  generate("tokenizer_config.json", [&] { return wordpiece_config(description, config); });
  if (const auto vocabulary = wordpiece_vocabulary(description)) generate("vocab.txt", [&] { return *vocabulary; });

  const auto section = [](const char* key, const Json& value) { return Json::object().set(key, value); };
  const Normalizer normalizer = read_normalizer(section("normalizer", description.normalizer));
  PreTokenizer pre_tokenizer = read_pre_tokenizer(section("pre_tokenizer", description.pre_tokenizer));
  TokenizerParts parts;
  parts.tokens = description.tokens;
  parts.vocabulary_size = plain_size(description.vocabulary);
  parts.sequence_template =
      config.has_types ? description.sequence_template : without_types(description.sequence_template);
  parts.max_length = config.max_length;
  parts.truncates_left = config.truncate_left.value_or(false);
  parts.files = std::move(files);
  const auto normalize = [&](std::string_view content) {
    NormalizedText normalized;
    normalizer.normalize(content, 0, normalized);
    return normalized.text;
  };
  parts.added = AddedTokens(description.added, normalize, config.splits_special);
  parts.special = special_tokens(description, roles_of(description, config));
  return std::make_unique<WordPieceTokenizer>(std::move(parts), normalizer, std::move(pre_tokenizer),
                                              WordPieceModel(description.vocabulary, description.model),
                                              description.decoder);
}

}  // namespace thaw
