// SPDX-License-Identifier: Apache-2.0
// The families of models that there are: what may be asked of a directory before it is known what is in it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "models/fresh_sizes.h"
#include "models/hub/checkpoint_source.h"
#include "models/input/input_kind.h"
#include "models/text_model.h"
#include "models/text_writer.h"
#include "tensor/io/json.h"

namespace thaw {

class PairCheckpoint;
class Scope;
class SequenceBody;
struct BodyOptions;

struct ModelFamily {
  std::string_view model_type;                       // as config.json names it
  CheckpointNames (*checkpoint_names)(const Json&);  // of a config.json; errors as in the family's from_json
  // Of models that read what `reads` says, and say something of it; null for families that do not.
  TextFacts (*facts)(const Json&);
  std::unique_ptr<TextCheckpoint> (*open)(const std::string& directory, FirstWeights first);
  InputKind reads = InputKind::texts;
  // Of models that write texts; null for others.
  std::unique_ptr<TextWriter> (*open_writer)(const std::string& directory, const WriterOpening& opening) = nullptr;
  // The config.json of a new model with a tokenizer's words and special tokens; its first architecture is the one that
  // the family is pretrained with, and TextCheckpoint or open_writer makes it. std::invalid_argument "FIELD VALUE: ..."
  // of sizes that cannot be meant. Null: there are no new ones.
  Json (*fresh_config)(const FreshSizes& sizes, const Tokenizer& tokenizer) = nullptr;
  // A pattern (nn/name_pattern.h) of the parameters that have a row, or a number, for each word; empty: no words can be
  // added.
  std::string_view words = {};
  // The rate that it usually learns at with an optimizer of nn/optim/optimizer_table.h; null: usual_learning_rate.
  double (*learning_rate)(std::string_view optimizer) = nullptr;
  // Of bodies that read rows in the place of words (models/sequence_body.h): makes one below a scope, with the
  // parameters of the bare model; null for others. Errors as in the family's from_json.
  std::unique_ptr<SequenceBody> (*open_body)(const Scope& scope, const Json& config, const BodyOptions&) = nullptr;
  // As fresh_config, of families that read no texts: without a tokenizer.
  Json (*fresh_wordless_config)(const FreshSizes& sizes) = nullptr;
  // Of models that put two kinds of things into one space (models/pair_model.h); null for others.
  std::unique_ptr<PairCheckpoint> (*open_pair)(const std::string& directory, FirstWeights first) = nullptr;
};

constexpr double usual_learning_rate = 5e-5;

// The family that a config.json is of, by its model_type; without one, BERT: files of its first years have none.
// std::runtime_error naming the file, and the families there are.
const ModelFamily& family_of(const Json& config);

// The same for a directory, which must be of models that read such. Errors name what is wrong with directory or file.
TextFacts read_facts(const std::string& directory, InputKind reads);
std::unique_ptr<TextCheckpoint> open_checkpoint(const std::string& directory, InputKind reads,
                                                FirstWeights first = FirstWeights::checkpoint);
inline TextFacts read_text_facts(const std::string& directory) { return read_facts(directory, InputKind::texts); }
inline std::unique_ptr<TextCheckpoint> open_text_checkpoint(const std::string& directory,
                                                            FirstWeights first = FirstWeights::checkpoint) {
  return open_checkpoint(directory, InputKind::texts, first);
}
// Of models that write texts.
bool writes_texts(const std::string& directory);
// std::runtime_error that names config.json if the family's do not.
void check_writes_texts(const std::string& directory);
std::unique_ptr<TextWriter> open_text_writer(const std::string& directory, const WriterOpening& opening);

}  // namespace thaw
