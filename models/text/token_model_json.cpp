// SPDX-License-Identifier: Apache-2.0
// The section `model` of tokenizer.json: the table of models.
#include <utility>

#include "models/text/bpe_model.h"
#include "models/text/token_model.h"
#include "models/text/tokenizer_json.h"
#include "models/text/unigram_tokens.h"
#include "models/text/wordpiece_model.h"
#include "tensor/check.h"

namespace thaw {

namespace {

struct Reader {
  const char* type;
  ModelDescription (*read)(const Json& model);
};
constexpr Reader readers[] = {{"WordPiece", read_wordpiece}, {"BPE", read_bpe}, {"Unigram", read_unigram}};

std::string supported() {
  std::string names;
  for (const Reader& reader : readers) names.append(names.empty() ? "" : ", ").append(reader.type);
  return names;
}

}  // namespace

std::string read_model_type(const Json& json) {
  const Json& model = json.get_object("model");
  std::string type;
  if (model.contains("type")) {
    type = model.get_string("type");
  } else if (model.contains("max_input_chars_per_word") && !model.contains("merges")) {
    type = "WordPiece";
  } else if (model.contains("merges")) {
    type = "BPE";
  } else if (model.contains("unk_id")) {
    type = "Unigram";
  }
  if (type.empty()) fail("{}: missing, expected {}", model.where("type"), supported());
  for (const Reader& reader : readers)
    if (type == reader.type) return type;
  unsupported_component(model, type, supported());
}

ModelDescription read_model(const Json& json) {
  const std::string type = read_model_type(json);
  const Reader* reader = readers;
  while (type != reader->type) ++reader;
  return reader->read(json.get_object("model"));
}

}  // namespace thaw
