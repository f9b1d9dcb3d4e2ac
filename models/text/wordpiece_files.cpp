// SPDX-License-Identifier: Apache-2.0
// WordPiece in files: the section `model` of tokenizer.json, and vocab.txt.
#include <limits>
#include <memory>
#include <string_view>
#include <utility>

#include "models/text/tokenizer_json.h"
#include "models/text/unicode_properties.h"
#include "models/text/wordpiece_model.h"
#include "tensor/check.h"
#include "tensor/quote.h"
#include "tensor/utf8.h"

namespace thaw {

namespace {

bool ends_with_space(std::string_view token) {
  bool space = false;
  for (size_t at = 0; at < token.size();) space = is_whitespace(next_code_point(token, at));
  return space;
}

}  // namespace

ModelDescription read_wordpiece(const Json& model) {
  WordPieceOptions options;
  options.unknown = model.get_string_or("unk_token", options.unknown);
  options.prefix = model.get_string_or("continuing_subword_prefix", options.prefix);
  options.max_characters =
      static_cast<size_t>(model.get_int_or("max_input_chars_per_word", 100, 0, std::numeric_limits<int32_t>::max()));
  Vocabulary vocabulary = read_vocabulary(model);
  if (!vocabulary.find_id(options.unknown))
    fail("{}: the unknown token {} is missing", model.where("vocab"), quote(options.unknown));
  auto wordpiece = std::make_shared<WordPieceModel>(vocabulary, options);
  return {std::move(vocabulary), std::move(wordpiece)};
}

Json WordPieceModel::json(const Vocabulary& vocabulary) const {
  Json model = Json::object();
  model.set("type", "WordPiece").set("unk_token", options_.unknown);
  model.set("continuing_subword_prefix", options_.prefix);
  return model.set("max_input_chars_per_word", options_.max_characters).set("vocab", vocabulary_json(vocabulary));
}

std::optional<TokenModel::File> WordPieceModel::vocabulary_file(const Vocabulary& vocabulary) const {
  File file{"vocab.txt", ""};
  for (int32_t id = 0; id < static_cast<int32_t>(vocabulary.size()); ++id) {
    const std::string* token = vocabulary.find_token(id);
    if (!token || token->find('\n') != std::string::npos || ends_with_space(*token)) return std::nullopt;
    file.content.append(*token).append("\n");
  }
  return file;
}

}  // namespace thaw
