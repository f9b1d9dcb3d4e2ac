// SPDX-License-Identifier: Apache-2.0
// Reads WordPiece tokenizers from tokenizer.json and from vocab.txt.
#include <algorithm>
#include <array>
#include <limits>

#include "models/text/wordpiece_files.h"
#include "tensor/check.h"
#include "tensor/json_place.h"

namespace thaw {

namespace {

std::optional<bool> optional_bool(const Json& json, std::string_view key) {
  const Json* value = json.find(key);
  if (!value || value->is_null()) return std::nullopt;
  return json.get_bool(key);
}

BertNormalizer read_normalizer(const Json& json) {
  return {.clean_text = json.get_bool_or("clean_text", true),
          .handle_chinese_chars = json.get_bool_or("handle_chinese_chars", true),
          .strip_accents = optional_bool(json, "strip_accents"),
          .lowercase = json.get_bool_or("lowercase", true)};
}

WordPieceOptions read_model(const Json& model) {
  WordPieceOptions options;
  options.unknown = model.get_string_or("unk_token", options.unknown);
  options.prefix = model.get_string_or("continuing_subword_prefix", options.prefix);
  options.max_characters =
      static_cast<size_t>(model.get_int_or("max_input_chars_per_word", 100, 0, std::numeric_limits<int32_t>::max()));
  return options;
}

void require_unknown(const WordPieceDescription& description, const std::string& where) {
  if (std::ranges::find(description.vocabulary.tokens, description.model.unknown) ==
      description.vocabulary.tokens.end())
    fail("{}: the unknown token {} is missing", where, quote(description.model.unknown));
}

// The classes whose vocab.txt means the same as BertTokenizer's.
void check_class(const TokenizerConfig& config) {
  static constexpr std::array known = {"BertTokenizer",       "DistilBertTokenizer", "ElectraTokenizer",
                                       "MobileBertTokenizer", "LayoutLMTokenizer",   "SqueezeBertTokenizer",
                                       "ConvBertTokenizer",   "RetriBertTokenizer"};
  const std::string given = config.json.get_string_or("tokenizer_class", "BertTokenizer");
  std::string name = given;
  if (name.ends_with("Fast")) name.resize(name.size() - 4);
  if (std::ranges::find(known, name) == known.end())
    fail("{}: {} without a tokenizer.json is not supported (supported: BertTokenizer and its kin)",
         config.json.where("tokenizer_class"), quote(given));
}

}  // namespace

WordPieceDescription read_wordpiece_json(const Json& json) {
  WordPieceDescription out;
  const Json& model = json.get_object("model");
  out.model = read_model(model);
  out.vocabulary = read_vocabulary(model);
  require_unknown(out, model.where("vocab"));
  out.added = read_added_tokens(json);
  out.tokens = merge_added_tokens(out.vocabulary, out.added, model.where("vocab"));

  if (const std::string type = component_type(json, "normalizer"); type == "BertNormalizer") {
    out.normalizer = read_normalizer(json.at("normalizer"));
  } else if (!type.empty()) {
    unsupported_component(json, "normalizer", type, "BertNormalizer");
  }
  const std::string words = component_type(json, "pre_tokenizer");
  if (words != "BertPreTokenizer") unsupported_component(json, "pre_tokenizer", words, "BertPreTokenizer");
  if (const std::string type = component_type(json, "decoder"); type == "WordPiece") {
    const Json& decoder = json.at("decoder");
    out.decoder = WordPieceDecoder{decoder.get_string_or("prefix", "##"), decoder.get_bool_or("cleanup", true)};
  } else if (!type.empty()) {
    unsupported_component(json, "decoder", type, "WordPiece");
  }
  out.sequence_template = read_sequence_template(json, out.tokens);
  return out;
}

WordPieceDescription describe_vocabulary(std::vector<std::string> tokens, const std::string& path,
                                         const TokenizerConfig& config) {
  check_class(config);
  WordPieceDescription out;
  out.vocabulary.ids.resize(tokens.size());
  for (size_t i = 0; i < tokens.size(); ++i) out.vocabulary.ids[i] = static_cast<int32_t>(i);
  out.vocabulary.tokens = std::move(tokens);
  out.normalizer = BertNormalizer{.clean_text = true,
                                  .handle_chinese_chars = config.json.get_bool_or("tokenize_chinese_chars", true),
                                  .strip_accents = optional_bool(config.json, "strip_accents"),
                                  .lowercase = config.json.get_bool_or("do_lower_case", true)};
  out.decoder = WordPieceDecoder{};

  std::unordered_map<std::string_view, int32_t> id_of;
  for (size_t i = 0; i < out.vocabulary.tokens.size(); ++i)
    id_of.emplace(out.vocabulary.tokens[i], out.vocabulary.ids[i]);
  std::vector<AddedToken> added = config.added;
  std::ranges::stable_sort(added, [](const AddedToken& a, const AddedToken& b) {
    return static_cast<uint32_t>(a.id) < static_cast<uint32_t>(b.id);  // those without an id come last
  });
  auto next = static_cast<int32_t>(out.vocabulary.tokens.size());
  const auto add = [&](AddedToken token) {
    const auto same = [&](const AddedToken& other) { return other.content == token.content; };
    if (std::ranges::any_of(out.added, same)) return;
    const auto known = id_of.find(token.content);
    if (token.id < 0) token.id = known == id_of.end() ? next : known->second;
    next = std::max(next, token.id + 1);
    out.added.push_back(std::move(token));
  };
  for (AddedToken& token : added) add(std::move(token));

  // Roles: those that the files name must exist; BERT's own names hold for the others.
  const TokenRoles& given = config.roles;
  const auto role = [&](const std::string& name, const char* key, const char* otherwise, bool needed) -> int32_t {
    const std::string token = name.empty() ? otherwise : name;
    const auto in_added = std::ranges::find(out.added, token, &AddedToken::content);
    const auto known = id_of.find(token);
    if (in_added != out.added.end()) {
      in_added->special = true;
      return in_added->id;
    }
    if (known != id_of.end()) {
      add({.content = token, .id = known->second, .special = true});
      return known->second;
    }
    if (name.empty() && !needed) return -1;
    fail("{}: no token {}, which {}", path, quote(token),
         name.empty() ? "BERT needs" : fmt::format("the configuration names as {}", key));
  };
  out.model.unknown = given.unknown.empty() ? "[UNK]" : given.unknown;
  require_unknown(out, path);
  role(given.unknown, "unk_token", "[UNK]", true);
  const int32_t cls = role(given.cls, "cls_token", "[CLS]", true);
  const int32_t sep = role(given.sep, "sep_token", "[SEP]", true);
  role(given.pad, "pad_token", "[PAD]", false);
  role(given.mask, "mask_token", "[MASK]", false);
  std::ranges::sort(out.added, {}, &AddedToken::id);
  out.tokens = merge_added_tokens(out.vocabulary, out.added, path);
  out.sequence_template = SequenceTemplate::bert(cls, sep);
  return out;
}

}  // namespace thaw
