// SPDX-License-Identifier: Apache-2.0
// CheckpointSource: the weights of a Hugging Face directory as the source of a model's parameters, whatever the age of
// its names.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "models/hub/shards.h"
#include "nn/parameter.h"

namespace thaw {

// How one family of models names its tensors in files.
struct CheckpointNames {
  std::string prefix; // "bert.": task models have it, the bare model has not
  std::vector<std::pair<std::string, std::string>>
      endings; // of a parameter, and what old files have instead: {"LayerNorm.weight", "LayerNorm.gamma"}
  std::vector<std::pair<std::string, std::string>> tied; // two names of one tensor; files hold either or both
  std::vector<std::string> ignored;                      // patterns of what is no parameter: "*embeddings.position_ids"
};

// What came of loading: names as the model has them, but for `unexpected` and `ignored` (as the file has them).
struct LoadReport {
  std::vector<std::string> loaded;
  std::vector<std::string> initialised; // not in the checkpoint: first values from the seed
  std::vector<std::string> unexpected;  // in the checkpoint, and nowhere in the model
  std::vector<std::string> notes;       // one line each: what was decided on the way

  // Lines for a person: "204 tensors loaded", "initialised: classifier.bias, classifier.weight", ...
  std::string to_text() const;
};

class CheckpointSource : public TensorSource {
 public:
  // Opens the weights of a directory (shards.h checks them).
  CheckpointSource(const std::string& directory, CheckpointNames names);

  // A tensor of another shape, or of integers, is a std::runtime_error that names file, tensor and both shapes.
  std::optional<Tensor> load(const std::string& name, const Shape& shape, DType dtype, Device device) override;

  // Parameters that match are initialised although the checkpoint has them: a head for other labels.
  void replace(const std::string& pattern);

  // The checkpoint's tensor for a parameter, under whatever name it is there; null if there is none.
  const SafetensorsEntry* find(const std::string& name) const;

  // Call it when the model is built.
  LoadReport report(const ParameterStore& store) const;
  void note(std::string line) { notes_.push_back(std::move(line)); }

  const std::string& directory() const { return directory_; }
  const ModelWeights& weights() const { return weights_; }

 private:
  const SafetensorsEntry* find_untied(const std::string& name) const;

  std::string directory_;
  CheckpointNames names_;
  ModelWeights weights_;
  std::vector<std::string> replaced_;
  std::set<const SafetensorsEntry*> used_;
  std::vector<std::string> notes_;
};

} // namespace thaw
