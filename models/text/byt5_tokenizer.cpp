// SPDX-License-Identifier: Apache-2.0
// Bytes there and back.
#include "models/text/byt5_tokenizer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "models/text/added_token_list.h"
#include "models/text/tokenizer_description.h"
#include "tensor/check.h"
#include "tensor/utf8.h"

namespace thaw {

namespace {

constexpr int32_t byte_offset = 3, byte_count = 256;
constexpr int64_t usual_sentinels = 125, most_sentinels = 10'000;

class ByT5Tokenizer : public Tokenizer {
 public:
  using Tokenizer::Tokenizer;

 protected:
  void normalize(std::string_view piece, uint32_t first, NormalizedText& out) const override {
    out.clear();
    for (size_t at = 0; at < piece.size(); ++first) out.append(next_code_point(piece, at), {first, first + 1});
  }

  void tokenize(const NormalizedText& text, size_t begin, size_t end, bool keep_tokens, Encoding& out) const override {
    for (size_t at = begin; at < end; ++at) {
      out.ids.push_back(static_cast<unsigned char>(text.text[at]) + byte_offset);
      out.offsets.push_back(text.source[at]);
      if (keep_tokens) out.tokens.push_back(token(out.ids.back()));
    }
  }

  // Bytes that are no character are left out.
  std::string join(const std::vector<std::string_view>& tokens) const override {
    std::string bytes, text;
    for (const std::string_view token : tokens) {
      size_t at = 0;
      const char32_t code = next_code_point(token, at);
      if (at == token.size() && code < byte_count) {
        bytes += static_cast<char>(code);
      } else {
        bytes += token;
      }
    }
    for (size_t at = 0; at < bytes.size();) {
      const size_t size = utf8_length(bytes, at);
      text.append(bytes, at, size);
      at += std::max<size_t>(size, 1);
    }
    return text;
  }
};

// The three before the bytes take the whitespace around them.
std::vector<AddedToken> own_tokens(int64_t sentinels) {
  std::vector<AddedToken> added;
  for (const char* content : {"<pad>", "</s>", "<unk>"})
    added.push_back({.content = content,
                     .id = static_cast<int32_t>(added.size()),
                     .lstrip = true,
                     .rstrip = true,
                     .special = true});
  for (int64_t i = 0; i < sentinels; ++i)
    added.push_back({.content = fmt::format("<extra_id_{}>", i),
                     .id = static_cast<int32_t>(byte_offset + byte_count + i),
                     .special = true});
  return added;
}

std::string config_json(int64_t sentinels, const TokenizerConfig& config) {
  Json json = Json::object();
  json.set("tokenizer_class", "ByT5Tokenizer").set("extra_ids", sentinels);
  json.set("eos_token", "</s>").set("unk_token", "<unk>").set("pad_token", "<pad>");
  if (config.truncate_left.value_or(false)) json.set("truncation_side", "left");
  return json.dump(2);
}

}  // namespace

std::unique_ptr<Tokenizer> make_byt5(const TokenizerConfig& config, std::vector<ProcessorFile> files) {
  const int64_t sentinels = config.json.get_int_or("extra_ids", usual_sentinels, 0, most_sentinels);
  const std::vector<AddedToken> own = own_tokens(sentinels);
  Vocabulary vocabulary;
  for (int32_t id = 0; id < byte_offset; ++id) vocabulary.add(own[static_cast<size_t>(id)].content, id);
  for (int32_t byte = 0; byte < byte_count; ++byte) {
    std::string character;
    append_utf8(character, static_cast<char32_t>(byte));
    vocabulary.add(std::move(character), byte + byte_offset);
  }
  const std::vector<AddedToken> added = list_added_tokens(vocabulary, own, config, config.path);
  TokenizerParts parts;
  parts.tokens = with_added_tokens(vocabulary, added);
  parts.vocabulary_size = vocabulary.size();
  parts.added = AddedTokens(
      added, [](std::string_view content) { return std::string(content); }, config.splits_special);
  parts.special.pad = 0;
  parts.special.eos = 1;
  parts.special.unknown = 2;
  const TemplatePart end{-1, {1}, 0}, first{0, {}, 0}, second{1, {}, 0};
  parts.sequence_template.single = {first, end};
  parts.sequence_template.pair = {first, end, second, end};
  parts.max_length = config.max_length;
  parts.truncates_left = config.truncate_left.value_or(false);
  if (std::ranges::find(files, "tokenizer_config.json", &ProcessorFile::name) == files.end())
    files.push_back({"tokenizer_config.json", config_json(sentinels, config)});
  parts.files = std::move(files);
  return std::make_unique<ByT5Tokenizer>(std::move(parts));
}

}  // namespace thaw
