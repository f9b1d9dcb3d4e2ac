// SPDX-License-Identifier: Apache-2.0
// The table of families: a line for each.
#include "models/families.h"

#include <fmt/ranges.h>

#include <vector>

#include "models/ast/family.h"
#include "models/bert/family.h"
#include "models/clip/family.h"
#include "models/dual_encoder/family.h"
#include "models/encoder_decoder/family.h"
#include "models/fresh_model.h"
#include "models/gpt/family.h"
#include "models/hub/config.h"
#include "models/lstm/family.h"
#include "models/model_types.h"
#include "models/mpnet/family.h"
#include "models/pair_model.h"
#include "models/speech_text/family.h"
#include "models/t5/family.h"
#include "models/vilt/family.h"
#include "models/vit/family.h"
#include "models/vivit/family.h"
#include "models/whisper/family.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

const ModelFamily* const families[] = {
    &bert_family, &ast_family,  &clip_family,  &dual_encoder_family, &encoder_decoder_family, &gpt1_family,
    &gpt2_family, &lstm_family, &mpnet_family, &mt5_family,          &speech_text_family,     &t5_family,
    &umt5_family, &vilt_family, &vit_family,   &vivit_family,        &whisper_family,
};

// The family, which must have this of what it reads.
template <typename Member>
const ModelFamily& family_of_readers(const Json& config, InputKind reads, Member member) {
  const ModelFamily& family = family_of(config);
  const auto refuse = [&](const std::string& what) {
    fail("{}: models of {} {}", config.where("model_type"), quote(family.model_type), what);
  };
  if (family.open_writer && (!(family.*member) || reads != family.reads)) refuse("write texts, and do nothing else");
  if (!(family.*member)) refuse(fmt::format("read no {}", name_of(reads)));
  if (reads != family.reads) refuse(fmt::format("read {}, not {}", name_of(family.reads), name_of(reads)));
  return family;
}

const ModelFamily& family_of_writers(const Json& config) {
  if (const Json* type = config.find("model_type"); !type || type->is_null()) {
    std::vector<std::string> writers;
    for (const ModelFamily* family : families)
      if (family->open_writer) writers.push_back(quote(family->model_type));
    fail("{}: is missing: of a model that writes texts it is {}", config.where("model_type"),
         fmt::join(writers, " or "));
  }
  const ModelFamily& family = family_of(config);
  if (!family.open_writer)
    fail(
        "{}: models of {} write no texts for texts, those of T5 and encoder-decoders do; language models of GPT-1 and "
        "GPT-2 continue texts (task lm)",
        config.where("model_type"), quote(family.model_type));
  return family;
}

}  // namespace

const ModelFamily& family_of(const Json& config) {
  const Json* type = config.find("model_type");
  if (!type || type->is_null()) return bert_family;
  const std::string given = config.get_string("model_type");
  std::vector<std::string> known;
  for (const ModelFamily* family : families) {
    if (family->model_type == given) return *family;
    known.push_back(quote(family->model_type));
  }
  fail("{}: this is {}, not {}", config.where("model_type"), type->describe(), fmt::join(known, " or "));
}

std::vector<std::string> fresh_model_types() {
  std::vector<std::string> types;
  for (const ModelFamily* family : families)
    if (family->fresh_config || family->fresh_wordless_config) types.emplace_back(family->model_type);
  return types;
}

std::vector<std::string> text_model_types() {
  std::vector<std::string> types;
  for (const ModelFamily* family : families)
    if ((family->open && family->reads == InputKind::texts) || family->open_writer)
      types.emplace_back(family->model_type);
  return types;
}

std::unique_ptr<PairCheckpoint> open_pair_checkpoint(const std::string& directory, InputKind files,
                                                     FirstWeights first) {
  const Json config = read_config_json(directory);
  const ModelFamily& family = family_of(config);
  if (!family.open_pair || family.reads != files) {
    std::vector<std::string> those;
    for (const ModelFamily* one : families)
      if (one->open_pair && one->reads == files) those.push_back(quote(one->model_type));
    fail("{}: models of {} do not put {} and texts into one space, those of {} do", config.where("model_type"),
         quote(family.model_type), name_of(files), fmt::join(those, " and "));
  }
  return family.open_pair(directory, first);
}

bool is_of_pairs(const Json& config) {
  if (!family_of(config).open_pair) return false;
  const Json* architectures = config.find("architectures");
  if (!architectures || !architectures->is_array() || architectures->empty()) return true;
  const Json& first = architectures->at(0);
  return !first.is_string() || first.as_string().find("For") == std::string::npos;
}

TextFacts read_facts(const std::string& directory, InputKind reads) {
  const Json config = read_config_json(directory);
  return family_of_readers(config, reads, &ModelFamily::facts).facts(config);
}

std::unique_ptr<TextCheckpoint> open_checkpoint(const std::string& directory, InputKind reads, FirstWeights first) {
  return family_of_readers(read_config_json(directory), reads, &ModelFamily::open).open(directory, first);
}

bool writes_texts(const std::string& directory) {
  return family_of(read_config_json(directory)).open_writer != nullptr;
}

void check_writes_texts(const std::string& directory) { family_of_writers(read_config_json(directory)); }

std::unique_ptr<TextWriter> open_text_writer(const std::string& directory, const WriterOpening& opening) {
  return family_of_writers(read_config_json(directory)).open_writer(directory, opening);
}

}  // namespace thaw
