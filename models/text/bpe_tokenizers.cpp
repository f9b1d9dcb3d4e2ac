// SPDX-License-Identifier: Apache-2.0
// Builds the tokenizers of GPT-2, GPT, CLIP and RoBERTa.
#include "models/text/bpe_tokenizers.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "models/text/added_token_list.h"
#include "models/text/bert_normalizer.h"
#include "models/text/normalizer.h"
#include "models/text/sequence_template.h"
#include "models/text/tokenizer_json.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

using Source = TokenizerClass::Source;

// What a class is called, the tokens it gives roles to unless the files say otherwise, and what it cannot do without.
struct Kind {
  const char* name;
  std::vector<TokenRole> roles;
  std::vector<const char*> needed;
  bool has_unknown;  // the model knows the unknown token
};

const Kind& kind_of(Source source) {
  static const Kind gpt2{"GPT2Tokenizer",
                         {{"bos_token", "<|endoftext|>"},
                          {"eos_token", "<|endoftext|>"},
                          {"unk_token", "<|endoftext|>"},
                          {"sep_token", ""},
                          {"pad_token", ""},
                          {"cls_token", ""},
                          {"mask_token", ""}},
                         {},
                         false};
  static const Kind gpt{"OpenAIGPTTokenizer",
                        {{"bos_token", ""},
                         {"eos_token", ""},
                         {"unk_token", "<unk>"},
                         {"sep_token", ""},
                         {"pad_token", ""},
                         {"cls_token", ""},
                         {"mask_token", ""}},
                        {"unk_token"},
                        true};
  static const Kind clip{"CLIPTokenizer",
                         {{"bos_token", "<|startoftext|>"},
                          {"eos_token", "<|endoftext|>"},
                          {"unk_token", "<|endoftext|>"},
                          {"sep_token", ""},
                          {"pad_token", "<|endoftext|>"},
                          {"cls_token", ""},
                          {"mask_token", ""}},
                         {"bos_token", "eos_token", "unk_token"},
                         true};
  static const Kind roberta{"RobertaTokenizer",
                            {{"bos_token", "<s>"},
                             {"eos_token", "</s>"},
                             {"unk_token", "<unk>"},
                             {"sep_token", "</s>"},
                             {"pad_token", "<pad>"},
                             {"cls_token", "<s>"},
                             {"mask_token", "<mask>"}},
                            {"cls_token", "sep_token"},
                            false};
  switch (source) {
    case Source::gpt2: return gpt2;
    case Source::openai_gpt: return gpt;
    case Source::clip: return clip;
    default: return roberta;
  }
}

// Gives the class's own names to the roles that the files leave open, where there are such tokens.
void name_roles(const Kind& kind, const BpeParts& parts, TokenizerConfig& config) {
  const auto is_listed = [](const std::vector<AddedToken>& tokens, std::string_view content) {
    return std::ranges::find(tokens, content, &AddedToken::content) != tokens.end();
  };
  for (const auto& [key, token] : kind.roles) {
    const bool is_needed = std::ranges::find(kind.needed, key) != kind.needed.end();
    if (config.find_role(key)) continue;
    if (config.lacks_role(key)) {
      if (is_needed) fail("{}: {} is null, but {} needs one", config.path, key, kind.name);
      continue;
    }
    if (token.empty()) continue;
    if (parts.vocabulary.find_id(token) || is_listed(parts.added, token) || is_listed(config.added, token)) {
      config.named.push_back({.key = key, .token = {.content = token, .id = -1, .special = true}});
    } else if (is_needed) {
      fail("{}: no token {}, which {} needs", parts.path, quote(token), kind.name);
    }
  }
}

Json typed(const char* type) { return Json::object().set("type", type); }

Json regex(const char* expression) { return Json::object().set("Regex", expression); }

Json byte_level(bool add_prefix_space) {
  return typed("ByteLevel").set("add_prefix_space", add_prefix_space).set("trim_offsets", true).set("use_regex", true);
}

Json clip_normalizer() {
  Json steps = Json::array();
  steps.push_back(typed("NFC"));
  steps.push_back(typed("Replace").set("pattern", regex("\\s+")).set("content", " "));
  steps.push_back(typed("Lowercase"));
  return typed("Sequence").set("normalizers", std::move(steps));
}

Json clip_pre_tokenizer() {
  Json steps = Json::array();
  Json split = typed("Split");
  split.set("pattern",
            regex(R"(<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+)"));
  steps.push_back(split.set("behavior", "Removed").set("invert", true));
  steps.push_back(byte_level(false));
  return typed("Sequence").set("pretokenizers", std::move(steps));
}

// The template that add_bos_token and add_eos_token ask for, which the reference reads only if there is no
// tokenizer.json.
Json flagged_template(const TokenizerDescription& of, const TokenizerConfig& config) {
  SequenceTemplate out;
  const auto id = [&](const char* flag, const char* role) -> std::optional<int32_t> {
    const std::string* token = config.json.get_bool_or(flag, false) ? config.find_role(role) : nullptr;
    return token ? of.tokens.find_id(*token) : std::nullopt;
  };
  const auto bos = id("add_bos_token", "bos_token"), eos = id("add_eos_token", "eos_token");
  out.single.clear();
  out.pair.clear();
  for (int sequence = 0; sequence < 2; ++sequence) {
    if (bos) out.pair.push_back({-1, {*bos}, sequence});
    out.pair.push_back({sequence, {}, sequence});
    if (eos) out.pair.push_back({-1, {*eos}, sequence});
    if (sequence == 0) out.single = out.pair;
  }
  return sequence_template_json(out, of.tokens);
}

}  // namespace

TokenizerDescription describe_bpe(BpeParts parts, const TokenizerConfig& config) {
  const Source source = config.kind.source;
  const Kind& kind = kind_of(source);
  TokenizerConfig complete = config;
  name_roles(kind, parts, complete);
  TokenizerDescription out;
  out.vocabulary = std::move(parts.vocabulary);
  out.added = list_added_tokens(out.vocabulary, parts.added, complete, parts.path);
  out.tokens = with_added_tokens(out.vocabulary, out.added);
  out.class_name = kind.name;

  BpeOptions options;
  if (source == Source::openai_gpt || source == Source::clip) options.suffix = "</w>";
  if (kind.has_unknown) {
    options.unknown = *complete.find_role("unk_token");
    if (!out.vocabulary.find_id(*options.unknown))
      fail("{}: the unknown token {} is missing", parts.path, quote(*options.unknown));
  }
  out.model = std::make_shared<BpeModel>(out.vocabulary, std::move(parts.merges), options);

  const bool add_prefix_space = config.json.get_bool_or("add_prefix_space", false);
  out.decoder = byte_level(true);
  if (source == Source::openai_gpt) {
    out.normalizer = normalizer_json(BertNormalizer{});
    out.pre_tokenizer = typed("BertPreTokenizer");
    out.decoder = typed("BPEDecoder").set("suffix", "</w>");
  } else if (source == Source::clip) {
    out.normalizer = clip_normalizer();
    out.pre_tokenizer = clip_pre_tokenizer();
    out.decoded_suffix = "</w>";
  } else {
    out.pre_tokenizer = byte_level(add_prefix_space);
    out.class_flags.set("add_prefix_space", add_prefix_space);
  }

  if (source == Source::clip) {
    out.post_processor = roberta_template_json(out.tokens, *complete.find_role("bos_token"),
                                               *complete.find_role("eos_token"), false, false);
  } else if (source == Source::roberta) {
    const bool trims = config.json.get_bool_or("trim_offsets", true);
    out.post_processor = roberta_template_json(out.tokens, *complete.find_role("cls_token"),
                                               *complete.find_role("sep_token"), trims, add_prefix_space);
    out.class_flags.set("trim_offsets", trims);
  } else if (parts.post_processor.is_null()) {
    out.post_processor = flagged_template(out, complete);
  } else {
    out.post_processor = std::move(parts.post_processor);
    read_sequence_template(Json::object().set("post_processor", out.post_processor), out.tokens);
  }
  out.roles = roles_of(out.tokens, config, kind.roles);
  return out;
}

BpeParts read_bpe_parts(const Json& json, const std::string& path) {
  const Json& model = json.get_object("model");
  BpeParts parts;
  parts.vocabulary = read_vocabulary(model);
  parts.merges = read_merges(model, parts.vocabulary);
  parts.added = read_added_tokens(json);
  if (const Json* post_processor = json.find("post_processor")) parts.post_processor = *post_processor;
  if (parts.post_processor.is_null()) parts.post_processor = sequence_template_json({}, parts.vocabulary);
  parts.path = path;
  return parts;
}

}  // namespace thaw
