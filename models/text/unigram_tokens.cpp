// SPDX-License-Identifier: Apache-2.0
// Unigram in tokenizer.json: a list of pieces with their scores.
#include "models/text/unigram_tokens.h"

#include <cmath>
#include <cstddef>
#include <memory>
#include <utility>

#include "models/text/tokenizer_files.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

UnigramTokens::UnigramTokens(std::vector<ScoredPiece> pieces, std::optional<int32_t> unknown, bool byte_fallback)
    : pieces_(std::move(pieces)),
      unknown_(unknown),
      byte_fallback_(byte_fallback),
      model_(pieces_, unknown, byte_fallback) {}

std::optional<std::string> UnigramTokens::unknown() const {
  return unknown_ ? std::optional(pieces_[static_cast<size_t>(*unknown_)].text) : std::nullopt;
}

Json UnigramTokens::json(const Vocabulary&) const {
  Json vocab = Json::array();
  for (const ScoredPiece& piece : pieces_) {
    Json pair = Json::array();
    pair.push_back(piece.text);
    pair.push_back(piece.score);
    vocab.push_back(std::move(pair));
  }
  Json model = Json::object();
  model.set("type", "Unigram").set("unk_id", unknown_ ? Json(*unknown_) : Json(nullptr));
  return model.set("vocab", std::move(vocab)).set("byte_fallback", byte_fallback_);
}

ModelDescription describe_unigram(std::vector<ScoredPiece> pieces, std::optional<int32_t> unknown, bool byte_fallback,
                                  const std::string& where) {
  Vocabulary vocabulary;
  for (size_t i = 0; i < pieces.size(); ++i) {
    const std::string& text = pieces[i].text;
    check_token(text, fmt::format("{}[{}]", where, i));
    if (const auto other = vocabulary.find_id(text))
      fail("{}[{}]: {} is the piece {} too", where, i, quote(text), *other);
    vocabulary.add(text, static_cast<int32_t>(i));
  }
  return {std::move(vocabulary), std::make_shared<UnigramTokens>(std::move(pieces), unknown, byte_fallback)};
}

ModelDescription read_unigram(const Json& model) {
  const Json& list = model.get_array("vocab");
  const std::string where = model.where("vocab");
  if (list.empty()) fail("{}: no pieces", where);
  if (list.size() > static_cast<size_t>(Vocabulary::max_id) + 1) fail("{}: {} pieces are too many", where, list.size());
  std::vector<ScoredPiece> pieces;
  pieces.reserve(list.size());
  for (size_t i = 0; i < list.size(); ++i) {
    const Json& pair = list.get_array(i);
    if (pair.size() != 2) fail("{}: expected a piece and its score, found {} values", list.where(i), pair.size());
    pieces.push_back({pair.get_string(0), pair.get_number(1)});
    if (!std::isfinite(pieces.back().score)) fail("{}: not a finite number", pair.where(1));
  }
  std::optional<int32_t> unknown;
  if (const Json* id = model.find("unk_id"); id && !id->is_null())
    unknown = static_cast<int32_t>(model.get_int("unk_id", 0, static_cast<int64_t>(pieces.size()) - 1));
  return describe_unigram(std::move(pieces), unknown, model.get_bool_or("byte_fallback", false), where);
}

}  // namespace thaw
