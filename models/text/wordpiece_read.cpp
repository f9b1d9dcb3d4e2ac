// SPDX-License-Identifier: Apache-2.0
// Reads WordPiece tokenizers from tokenizer.json, and builds BERT's from its vocabulary.
#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "models/text/added_token_list.h"
#include "models/text/normalizer.h"
#include "models/text/pre_tokenizer.h"
#include "models/text/tokenizer_json.h"
#include "models/text/wordpiece_files.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

WordPieceOptions read_model(const Json& model) {
  WordPieceOptions options;
  options.unknown = model.get_string_or("unk_token", options.unknown);
  options.prefix = model.get_string_or("continuing_subword_prefix", options.prefix);
  options.max_characters =
      static_cast<size_t>(model.get_int_or("max_input_chars_per_word", 100, 0, std::numeric_limits<int32_t>::max()));
  return options;
}

void require_unknown(const WordPieceDescription& description, const std::string& where) {
  if (!description.vocabulary.find_id(description.model.unknown))
    fail("{}: the unknown token {} is missing", where, quote(description.model.unknown));
}

Json section(const Json& json, std::string_view key) {
  const Json* found = json.find(key);
  return found ? *found : Json(nullptr);
}

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

WordPieceDescription read_wordpiece_json(const Json& json, const TokenizerConfig& config) {
  WordPieceDescription out;
  const Json& model = json.get_object("model");
  out.model = read_model(model);
  out.vocabulary = read_vocabulary(model);
  require_unknown(out, model.where("vocab"));
  out.added = list_added_tokens(out.vocabulary, read_added_tokens(json), config, model.where("vocab"));
  out.tokens = with_added_tokens(out.vocabulary, out.added);

  read_normalizer(json);
  read_pre_tokenizer(json);
  out.normalizer = section(json, "normalizer");
  out.pre_tokenizer = section(json, "pre_tokenizer");
  if (const std::string type = component_type(json, "decoder"); type == "WordPiece") {
    const Json& decoder = json.at("decoder");
    out.decoder = WordPieceDecoder{decoder.get_string_or("prefix", "##"), decoder.get_bool_or("cleanup", true)};
  } else if (!type.empty()) {
    unsupported_component(json.at("decoder"), type, "WordPiece");
  }
  out.sequence_template = read_sequence_template(json, out.tokens);
  return out;
}

WordPieceDescription describe_bert(Vocabulary vocabulary, const std::vector<AddedToken>& own, const std::string& path,
                                   const TokenizerConfig& config) {
  WordPieceDescription out;
  TokenizerConfig complete = config;
  name_bert_roles(vocabulary, own, path, complete);
  out.vocabulary = std::move(vocabulary);
  out.added = list_added_tokens(out.vocabulary, own, complete, path);
  out.tokens = with_added_tokens(out.vocabulary, out.added);
  out.model.unknown = *complete.find_role("unk_token");
  require_unknown(out, path);
  out.normalizer = normalizer_json(configured_normalizer(config.json));
  out.pre_tokenizer = Json::object().set("type", "BertPreTokenizer");
  out.decoder = WordPieceDecoder{};
  out.sequence_template = SequenceTemplate::bert(*out.tokens.find_id(*complete.find_role("cls_token")),
                                                 *out.tokens.find_id(*complete.find_role("sep_token")));
  return out;
}

}  // namespace thaw
