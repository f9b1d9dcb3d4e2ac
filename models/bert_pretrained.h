// SPDX-License-Identifier: Apache-2.0
// Opens Hugging Face directories as BERT models with any of the heads, and writes them.
#pragma once

#include <string>

#include "models/bert.h"
#include "models/hub/checkpoint_source.h"
#include "models/hub/save_pretrained.h"

namespace thaw {

// How BERT checkpoints name their tensors.
CheckpointNames bert_checkpoint_names(const BertConfig& config);

// The configuration and the weights of a directory. A file whose masked-LM decoder holds other numbers than the word
// embeddings it should be tied to makes the configuration untied, as the reference does; the report says so.
struct BertCheckpoint {
  BertConfig config;
  CheckpointSource source;

  explicit BertCheckpoint(const std::string& directory);
};

// A model read from a directory: Pretrained<BertForMaskedLM> model("DIR", device).
template <typename Model>
class PretrainedBert {
 public:
  explicit PretrainedBert(const std::string& directory, Device device, DType dtype = DType::f32, uint64_t seed = 42)
      : PretrainedBert(BertCheckpoint(directory), device, dtype, seed) {}
  PretrainedBert(BertCheckpoint checkpoint, Device device, DType dtype, uint64_t seed)
      : config_(checkpoint.config), store_(device, dtype, seed), model_(scope(checkpoint), config_) {
    report_ = checkpoint.source.report(store_);
    store_.set_source(nullptr);
  }

  const BertConfig& config() const { return config_; }
  ParameterStore& store() { return store_; }
  Model& model() { return model_; }
  const Model& model() const { return model_; }
  const LoadReport& report() const { return report_; }

  void save(const std::string& directory, const Tokenizer* tokenizer = nullptr, const SaveOptions& options = {}) const {
    save_pretrained(directory, config_.to_json(Model::architecture), store_, tokenizer, options);
  }

 private:
  Scope scope(BertCheckpoint& checkpoint) {
    store_.set_source(&checkpoint.source);
    return Scope(store_);
  }

  BertConfig config_;
  ParameterStore store_;
  Model model_;
  LoadReport report_;
};

}  // namespace thaw
