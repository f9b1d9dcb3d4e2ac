// SPDX-License-Identifier: Apache-2.0
// The steps of T5's tokenizer as sections of a tokenizer.json.
#include "models/text/t5_tokenizer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "models/text/added_token_list.h"
#include "models/text/base64.h"
#include "models/text/character_map.h"
#include "models/text/normalizer.h"
#include "models/text/sentencepiece_file.h"
#include "models/text/sequence_template.h"
#include "models/text/tokenizer_json.h"
#include "models/text/unigram_tokens.h"
#include "tensor/check.h"
#include "tensor/io/json.h"

namespace thaw {

namespace {

constexpr const char* class_name = "T5Tokenizer";
constexpr int64_t usual_sentinels = 100, most_sentinels = 10'000;

std::vector<TokenRole> usual_roles() { return {{"eos_token", "</s>"}, {"unk_token", "<unk>"}, {"pad_token", "<pad>"}}; }

Json metaspace() {
  Json step = Json::object();
  step.set("type", "Metaspace").set("replacement", "\xE2\x96\x81");
  return step.set("prepend_scheme", "always").set("split", true);
}

// Those of the file that are looked for in the raw text, and the sentinels.
std::vector<AddedToken> own_tokens(const SentencePieceFile& file, const std::vector<ScoredPiece>& pieces) {
  using Type = SentencePiece::Type;
  std::vector<AddedToken> added;
  for (size_t id = 0; id < pieces.size(); ++id) {
    const Type type = id < file.pieces.size() ? file.pieces[id].type : Type::control;
    if (type == Type::control || type == Type::unknown || type == Type::user_defined)
      added.push_back(
          {.content = pieces[id].text, .id = static_cast<int32_t>(id), .special = type != Type::user_defined});
  }
  return added;
}

}  // namespace

TokenizerDescription read_t5(const Json& json, const TokenizerConfig& config) {
  TokenizerDescription out = read_description(json, config);
  out.class_name = class_name;
  out.roles = roles_of(out.tokens, config, usual_roles());
  return out;
}

TokenizerDescription describe_t5(std::string_view content, const std::string& path, const TokenizerConfig& config) {
  const SentencePieceFile file = parse_sentencepiece(content, path);
  std::vector<ScoredPiece> pieces;
  for (const SentencePiece& piece : file.pieces) pieces.push_back({piece.text, static_cast<double>(piece.score)});
  for (int64_t i = config.json.get_int_or("extra_ids", usual_sentinels, 0, most_sentinels); i-- > 0;)
    pieces.push_back({fmt::format("<extra_id_{}>", i), 0});

  TokenizerDescription out;
  out.class_name = class_name;
  const std::vector<AddedToken> own = own_tokens(file, pieces);
  ModelDescription model = describe_unigram(std::move(pieces), file.unknown, false, path + ": pieces");
  out.vocabulary = std::move(model.vocabulary);
  out.model = std::move(model.model);
  out.added = list_added_tokens(out.vocabulary, own, config, path);
  out.tokens = with_added_tokens(out.vocabulary, out.added);
  out.roles = roles_of(out.tokens, config, usual_roles());

  const auto eos = std::ranges::find(out.roles, "eos_token", &TokenRole::key);
  if (eos == out.roles.end()) fail("{}: no token \"</s>\", with which T5's texts end", path);
  const TemplatePart end{-1, {*out.tokens.find_id(eos->token)}, 0}, first{0, {}, 0}, second{1, {}, 0};
  SequenceTemplate ends;
  ends.single = {first, end};
  ends.pair = {first, end, second, end};
  out.post_processor = sequence_template_json(ends, out.tokens);

  const std::string& map = file.normalizer.precompiled_map;
  if (!map.empty()) {
    out.normalizer_steps = Normalizer({PrecompiledNormalizer{
        std::make_shared<const CharacterMap>(map, path + ": normalizer_spec.precompiled_charsmap")}});
    out.normalizer = Json::object().set("type", "Precompiled").set("precompiled_charsmap", base64(map));
  }
  Json steps = Json::array();
  steps.push_back(Json::object().set("type", "WhitespaceSplit"));
  steps.push_back(metaspace());
  out.pre_tokenizer = Json::object().set("type", "Sequence").set("pretokenizers", std::move(steps));
  out.decoder = metaspace();
  return out;
}

}  // namespace thaw
