// SPDX-License-Identifier: Apache-2.0
// Puts WordPiece tokenizers together and writes their files.
#include <algorithm>

#include "models/text/wordpiece_files.h"

namespace thaw {

namespace {

Json strip_accents_json(const BertNormalizer& normalizer) {
  return normalizer.strip_accents ? Json(*normalizer.strip_accents) : Json(nullptr);
}

// A token's role: what the configuration names, else BERT's own name, if the vocabulary has it.
std::string role_or(const std::string& given, const char* otherwise, const std::vector<std::string>& tokens) {
  if (!given.empty()) return given;
  return std::ranges::find(tokens, otherwise) == tokens.end() ? "" : otherwise;
}

TokenRoles bert_roles(const WordPieceDescription& description, const TokenRoles& given) {
  TokenRoles roles = given;
  roles.unknown = description.model.unknown;
  roles.cls = role_or(given.cls, "[CLS]", description.tokens);
  roles.sep = role_or(given.sep, "[SEP]", description.tokens);
  roles.pad = role_or(given.pad, "[PAD]", description.tokens);
  roles.mask = role_or(given.mask, "[MASK]", description.tokens);
  return roles;
}

// True if BertTokenizer, told do_lower_case and so on, tokenizes like this.
bool is_plain_bert(const WordPieceDescription& description, const TokenRoles& roles) {
  const auto id = [&](const std::string& token) {
    return static_cast<int32_t>(std::ranges::find(description.tokens, token) - description.tokens.begin());
  };
  const auto& [normalizer, decoder, model] = std::tie(description.normalizer, description.decoder, description.model);
  return normalizer && normalizer->clean_text && decoder && decoder->prefix == "##" && decoder->cleanup &&
         model.prefix == "##" && model.max_characters == 100 &&
         description.sequence_template == SequenceTemplate::bert(id(roles.cls), id(roles.sep));
}

}  // namespace

std::string wordpiece_json(const WordPieceDescription& description) {
  Json normalizer, decoder;
  if (const auto& given = description.normalizer) {
    normalizer = Json::object();
    normalizer.set("type", "BertNormalizer").set("clean_text", given->clean_text);
    normalizer.set("handle_chinese_chars", given->handle_chinese_chars)
        .set("strip_accents", strip_accents_json(*given));
    normalizer.set("lowercase", given->lowercase);
  }
  if (const auto& given = description.decoder) {
    decoder = Json::object();
    decoder.set("type", "WordPiece").set("prefix", given->prefix).set("cleanup", given->cleanup);
  }
  Json vocab = Json::object();
  for (size_t i = 0; i < description.vocabulary.tokens.size(); ++i)
    vocab.set(description.vocabulary.tokens[i], description.vocabulary.ids[i]);
  Json model = Json::object();
  model.set("type", "WordPiece").set("unk_token", description.model.unknown);
  model.set("continuing_subword_prefix", description.model.prefix);
  model.set("max_input_chars_per_word", description.model.max_characters).set("vocab", std::move(vocab));

  Json json = Json::object();
  json.set("version", "1.0").set("truncation", nullptr).set("padding", nullptr);
  json.set("added_tokens", added_tokens_json(description.added)).set("normalizer", std::move(normalizer));
  json.set("pre_tokenizer", Json::object().set("type", "BertPreTokenizer"));
  json.set("post_processor", sequence_template_json(description.sequence_template, description.tokens));
  json.set("decoder", std::move(decoder)).set("model", std::move(model));
  return json.dump(2);
}

std::optional<std::string> wordpiece_vocabulary(const WordPieceDescription& description) {
  std::string text;
  for (size_t i = 0; i < description.vocabulary.tokens.size(); ++i) {
    const std::string& token = description.vocabulary.tokens[i];
    if (description.vocabulary.ids[i] != static_cast<int32_t>(i)) return std::nullopt;
    if (token.find('\n') != std::string::npos || token.ends_with('\r')) return std::nullopt;
    text.append(token).append("\n");
  }
  return text;
}

std::string wordpiece_config(const WordPieceDescription& description, const TokenizerConfig& config) {
  Json json = Json::object();
  const TokenRoles roles = bert_roles(description, config.roles);
  const std::pair<const char*, const std::string*> names[] = {{"unk_token", &roles.unknown},
                                                              {"cls_token", &roles.cls},
                                                              {"sep_token", &roles.sep},
                                                              {"pad_token", &roles.pad},
                                                              {"mask_token", &roles.mask}};
  for (const auto& [key, token] : names)
    if (!token->empty()) json.set(key, *token);
  if (is_plain_bert(description, roles)) {
    json.set("tokenizer_class", "BertTokenizer").set("do_lower_case", description.normalizer->lowercase);
    json.set("strip_accents", strip_accents_json(*description.normalizer));
    json.set("tokenize_chinese_chars", description.normalizer->handle_chinese_chars);
  } else {
    json.set("tokenizer_class", "PreTrainedTokenizerFast");
  }
  if (config.max_length) json.set("model_max_length", *config.max_length);
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

  TokenizerParts parts;
  parts.tokens = description.tokens;
  parts.sequence_template = description.sequence_template;
  parts.max_length = config.max_length;
  parts.files = std::move(files);
  parts.added = AddedTokens(description.added, [&](std::string_view content) {
    if (!description.normalizer) return std::string(content);
    NormalizedText normalized;
    description.normalizer->normalize(content, 0, normalized);
    return normalized.text;
  });
  const TokenRoles roles = bert_roles(description, config.roles);
  const auto id = [&](const std::string& token) -> std::optional<int32_t> {
    const auto found = std::ranges::find(description.tokens, token);
    if (token.empty() || found == description.tokens.end()) return std::nullopt;
    return static_cast<int32_t>(found - description.tokens.begin());
  };
  parts.special = {.unknown = id(roles.unknown),
                   .cls = id(roles.cls),
                   .sep = id(roles.sep),
                   .pad = id(roles.pad),
                   .mask = id(roles.mask),
                   .bos = id(roles.bos),
                   .eos = id(roles.eos)};
  WordPieceModel model(description.vocabulary.tokens, description.vocabulary.ids, description.model);
  return std::make_unique<WordPieceTokenizer>(std::move(parts), description.normalizer, std::move(model),
                                              description.decoder);
}

}  // namespace thaw
