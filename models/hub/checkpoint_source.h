// SPDX-License-Identifier: Apache-2.0
// CheckpointSource: the weights of a Hugging Face directory as the source of a model's parameters, whatever names the
// age of the files gave them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "models/hub/carried_tensor.h"
#include "models/hub/shards.h"
#include "nn/parameter.h"

namespace thaw {

// How one family of models names its tensors in files. Patterns are those of nn/name_pattern.h.
struct CheckpointNames {
  std::string prefix;             // "bert.": names of task models begin with it, those of the bare model do not
  std::vector<std::string> bare;  // the bare model's names, without it: "encoder.*"
  // Ending of a parameter's name, and what old files have in its place: {"LayerNorm.weight", "LayerNorm.gamma"}.
  std::vector<std::pair<std::string, std::string>> old_endings;
  // Two names of one tensor, the parameter's first; files hold either or both.
  std::vector<std::pair<std::string, std::string>> tied;
  std::vector<std::string> ignored;   // in files, but no parameters: "*embeddings.position_ids"
  std::vector<std::string> required;  // parameters that no checkpoint may lack: only heads are initialised
};

// The name of the parameter that a tensor of a checkpoint is for: its own, with the prefix and today's endings.
std::string parameter_name(const CheckpointNames& names, const std::string& tensor);

// Where a model's first numbers come from.
enum class FirstWeights {
  checkpoint,  // the directory's files of weights
  random,      // each parameter is initialised, by its module and the seed: only config.json and tokenizer are read
};

// What came of loading.
struct LoadReport {
  std::vector<std::string> loaded;       // parameters
  std::vector<std::string> initialised;  // parameters that the checkpoint does not have
  std::vector<std::string> unexpected;   // tensors of the checkpoint that the model does not have
  std::vector<std::string> notes;        // one line each: what was decided on the way
  bool from_scratch = false;             // no checkpoint was asked

  // Lines for a person: "57 tensors loaded", "new: classifier.bias, classifier.weight", "not used: ...".
  std::string to_text() const;
};

// What tables have behind the rows that a checkpoint has: N(0, deviation), by the seed and the parameter's name.
struct DrawnRows {
  std::string tables;  // a pattern over parameters
  double deviation = 0.02;
  uint64_t seed = 42;
};

// Called with a store before a model is built in it, and with that of the model's twin on a dry device: what shall hold
// for parameters and modules as they are made.
using PrepareStore = std::function<void(ParameterStore&)>;

class SharedWeights;

// Two tensors of one dtype and shape with the same bytes?
bool same_numbers(const SafetensorsEntry& a, const SafetensorsEntry& b);

class CheckpointSource : public TensorSource {
 public:
  // Opens the weights of a directory (shards.h checks them); with FirstWeights::random it has no tensor, whatever the
  // directory holds.
  CheckpointSource(const std::string& directory, CheckpointNames names, FirstWeights first = FirstWeights::checkpoint);

  // Types that the device cannot hold are converted on the host. std::runtime_error, naming file and tensor, if the
  // tensor has another shape (both are named; rows may be missing that a change adds to a table), is no tensor of
  // floating numbers or holds some that are not finite, and if a required one is missing.
  std::optional<Tensor> load(const std::string& name, const Shape& shape, DType dtype, Device device) override;

  // Parameters that match are initialised although the checkpoint has them: a head for other labels.
  void replace(const std::string& pattern) { replaced_.push_back(pattern); }
  bool is_replaced(const std::string& name) const;
  // Tables that match may have fewer rows in the checkpoint than in the model.
  void draw_missing_rows(DrawnRows rows) { drawn_rows_ = std::move(rows); }
  void note(std::string line) { notes_.push_back(std::move(line)); }

  // The checkpoint's tensor for a parameter, under whatever name it is there (with the prefix, without, or, as the
  // reference library allows, with one too many); null if there is none.
  // std::runtime_error, naming both, if it is there under two names with different numbers.
  const SafetensorsEntry* find(const std::string& name) const;
  // The same without a look at the name it may be tied to.
  const SafetensorsEntry* find_own(const std::string& name) const;

  // Tensors of the body that the model has no module for (a pooler under a head for tokens) are carried along.
  void carry_body() { carries_body_ = true; }

  // Of a directory that holds a change of a base (change_directory.h): puts it on the model that is built in the store
  // from the base's weights, but for what was to be replaced. std::runtime_error if it does not fit.
  void put_change_on(ParameterStore& store) const;

  // To be asked when the model is built from `store`.
  std::vector<CarriedTensor> carried(const ParameterStore& store) const;
  LoadReport report(const ParameterStore& store) const;

  const std::string& directory() const { return directory_; }
  FirstWeights first_weights() const { return first_; }
  const ModelWeights& weights() const { return weights_; }

 private:
  std::vector<const SafetensorsEntry*> all_named(const std::string& name) const;
  const std::string& file_of(const SafetensorsEntry& entry) const;
  bool is_carried(const SafetensorsEntry& entry) const;
  bool is_duplicate(const SafetensorsEntry& entry) const;
  bool is_grown(const SafetensorsEntry& entry, const std::string& name, const Shape& shape) const;
  bool misses_rows(const SafetensorsEntry& entry, const std::string& name, const Shape& shape) const;
  bool is_shared(const std::string& name) const;
  [[noreturn]] void fail_missing(const std::string& name) const;

  std::string directory_;
  CheckpointNames names_;
  FirstWeights first_;
  ModelWeights weights_;
  bool carries_body_ = false;
  std::vector<std::string> replaced_, notes_;
  std::vector<std::string> of_change_, touched_;  // of a directory with a change: what that has whole; all in it
  std::map<std::string, int64_t> rows_of_base_;   // of tables that have more
  std::optional<DrawnRows> drawn_rows_;
  SharedWeights* sharing_ = nullptr;
  std::set<const SafetensorsEntry*> used_;
};

}  // namespace thaw
