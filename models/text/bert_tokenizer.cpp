// SPDX-License-Identifier: Apache-2.0
// Builds BERT's tokenizer from its vocabulary.
#include "models/text/bert_tokenizer.h"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "models/text/added_token_list.h"
#include "models/text/bert_normalizer.h"
#include "models/text/normalizer.h"
#include "models/text/sequence_template.h"
#include "models/text/tokenizer_json.h"
#include "models/text/wordpiece_model.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

using Source = TokenizerClass::Source;

// MPNet's roles: the tokens of another library beside BERT's unknown one.
std::vector<TokenRole> mpnet_roles(const std::string& unknown) {
  return {{"unk_token", unknown},   {"cls_token", "<s>"}, {"sep_token", "</s>"}, {"pad_token", "<pad>"},
          {"mask_token", "<mask>"}, {"bos_token", "<s>"}, {"eos_token", "</s>"}};
}

// Gives the class's own names to the roles that the files leave open. Tokens to pad and to mask with may be missing.
void name_roles(const std::vector<TokenRole>& usual, const Vocabulary& vocabulary, const std::vector<AddedToken>& own,
                const std::string& path, TokenizerConfig& config) {
  const auto is_listed = [](const std::vector<AddedToken>& tokens, std::string_view content) {
    return std::ranges::find(tokens, content, &AddedToken::content) != tokens.end();
  };
  const std::string_view model = config.kind.source == Source::mpnet ? "MPNet" : "BERT";
  for (const auto& [key, token] : usual) {
    const bool is_needed = key == "unk_token" || key == "cls_token" || key == "sep_token";
    if (token.empty() || config.find_role(key)) continue;
    if (config.lacks_role(key)) {
      if (is_needed) fail("{}: {} is null, but {} needs one", config.path, key, model);
      continue;
    }
    if (vocabulary.find_id(token) || is_listed(own, token) || is_listed(config.added, token)) {
      config.named.push_back({.key = key, .token = {.content = token, .id = -1, .special = true}});
    } else if (is_needed) {
      fail("{}: no token {}, which {} needs", path, quote(token), model);
    }
  }
}

// A mask is a word of its own, and takes the space before it, unless a file describes the token.
void widen_mask(TokenizerConfig& config) {
  const Json* given = config.json.find("mask_token");
  if (given && !given->is_string()) return;
  for (NamedToken& named : config.named)
    if (named.key == "mask_token") named.token.lstrip = true;
}

BertNormalizer configured_normalizer(const Json& config) {
  BertNormalizer normalizer{.clean_text = true,
                            .handle_chinese_chars = config.get_bool_or("tokenize_chinese_chars", true),
                            .lowercase = config.get_bool_or("do_lower_case", true)};
  if (const Json* strip = config.find("strip_accents"); strip && !strip->is_null())
    normalizer.strip_accents = config.get_bool("strip_accents");
  return normalizer;
}

}  // namespace

std::vector<TokenRole> bert_roles(const std::string& unknown) {
  return {{"unk_token", unknown},   {"cls_token", "[CLS]"}, {"sep_token", "[SEP]"}, {"pad_token", "[PAD]"},
          {"mask_token", "[MASK]"}, {"bos_token", ""},      {"eos_token", ""}};
}

TokenizerDescription describe_bert(Vocabulary vocabulary, const std::vector<AddedToken>& own, const std::string& path,
                                   const TokenizerConfig& config) {
  TokenizerDescription out;
  const bool is_mpnet = config.kind.source == Source::mpnet;
  const auto usual = is_mpnet ? mpnet_roles : bert_roles;
  TokenizerConfig complete = config;
  name_roles(usual("[UNK]"), vocabulary, own, path, complete);
  if (is_mpnet) widen_mask(complete);
  out.vocabulary = std::move(vocabulary);
  out.added = list_added_tokens(out.vocabulary, own, complete, path);
  out.tokens = with_added_tokens(out.vocabulary, out.added);
  const WordPieceOptions options{.unknown = *complete.find_role("unk_token")};
  if (!out.vocabulary.find_id(options.unknown))
    fail("{}: the unknown token {} is missing", path, quote(options.unknown));
  out.model = std::make_shared<WordPieceModel>(out.vocabulary, options);
  out.normalizer = normalizer_json(configured_normalizer(config.json));
  out.pre_tokenizer = Json::object().set("type", "BertPreTokenizer");
  out.decoder = Json::object().set("type", "WordPiece").set("prefix", "##").set("cleanup", true);
  const std::string &cls = *complete.find_role("cls_token"), &sep = *complete.find_role("sep_token");
  out.post_processor =
      is_mpnet ? roberta_template_json(out.tokens, cls, sep, true, false)
               : sequence_template_json(SequenceTemplate::bert(*out.tokens.find_id(cls), *out.tokens.find_id(sep)),
                                        out.tokens);
  if (config.kind.source == Source::bert || is_mpnet) {
    out.class_name = is_mpnet ? "MPNetTokenizer" : "BertTokenizer";
    out.class_flags.set("do_lower_case", out.normalizer.get_bool("lowercase"));
    out.class_flags.set("strip_accents", out.normalizer.at("strip_accents"));
    out.class_flags.set("tokenize_chinese_chars", out.normalizer.get_bool("handle_chinese_chars"));
  }
  out.roles = roles_of(out.tokens, config, usual(options.unknown));
  return out;
}

}  // namespace thaw
