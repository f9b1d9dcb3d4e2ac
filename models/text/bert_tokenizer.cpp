// SPDX-License-Identifier: Apache-2.0
// Builds BERT's tokenizer from its vocabulary.
#include "models/text/bert_tokenizer.h"

#include <algorithm>
#include <memory>
#include <string_view>
#include <tuple>
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

// Gives BERT's own names to the roles that the files leave open. `[PAD]` and `[MASK]` may be missing.
void name_bert_roles(const Vocabulary& vocabulary, const std::vector<AddedToken>& own, const std::string& path,
                     TokenizerConfig& config) {
  const auto is_listed = [](const std::vector<AddedToken>& tokens, std::string_view content) {
    return std::ranges::find(tokens, content, &AddedToken::content) != tokens.end();
  };
  const std::tuple<const char*, const char*, bool> roles[] = {{"unk_token", "[UNK]", true},
                                                              {"cls_token", "[CLS]", true},
                                                              {"sep_token", "[SEP]", true},
                                                              {"pad_token", "[PAD]", false},
                                                              {"mask_token", "[MASK]", false}};
  for (const auto& [key, token, is_needed] : roles) {
    if (config.find_role(key)) continue;
    if (config.lacks_role(key)) {
      if (is_needed) fail("{}: {} is null, but BERT needs one", config.path, key);
      continue;
    }
    if (vocabulary.find_id(token) || is_listed(own, token) || is_listed(config.added, token)) {
      config.named.push_back({.key = key, .token = {.content = token, .id = -1, .special = true}});
    } else if (is_needed) {
      fail("{}: no token {}, which BERT needs", path, quote(token));
    }
  }
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
  TokenizerConfig complete = config;
  name_bert_roles(vocabulary, own, path, complete);
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
  out.post_processor =
      sequence_template_json(SequenceTemplate::bert(*out.tokens.find_id(*complete.find_role("cls_token")),
                                                    *out.tokens.find_id(*complete.find_role("sep_token"))),
                             out.tokens);
  if (config.kind.source == TokenizerClass::Source::bert) {
    out.class_name = "BertTokenizer";
    out.class_flags.set("do_lower_case", out.normalizer.get_bool("lowercase"));
    out.class_flags.set("strip_accents", out.normalizer.at("strip_accents"));
    out.class_flags.set("tokenize_chinese_chars", out.normalizer.get_bool("handle_chinese_chars"));
  }
  out.roles = roles_of(out.tokens, config, bert_roles(options.unknown));
  return out;
}

}  // namespace thaw
