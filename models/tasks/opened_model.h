// SPDX-License-Identifier: Apache-2.0
// A model as its directory has it, of either kind, for what is no task: merging, and the like.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/text_model.h"
#include "models/text_writer.h"

namespace thaw {

class OpenedModel {
 public:
  // std::runtime_error as of opening a directory, and where no architecture is named.
  OpenedModel(const std::string& directory, Device device);

  ParameterStore& store() const;
  void save(const std::string& directory, const Tokenizer& tokenizer, const SaveOptions& options) const;
  // What it gives for a few made-up texts: logits, or of a writer the losses of a made-up target's tokens.
  std::vector<float> outputs() const;

 private:
  std::unique_ptr<TextModel> model_;
  std::unique_ptr<TextWriter> writer_;
};

}  // namespace thaw
