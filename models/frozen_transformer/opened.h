// SPDX-License-Identifier: Apache-2.0
// A frozen transformer of a directory: of a model of texts, whose body it takes, or one that was saved before.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/frozen_transformer/body_weights.h"
#include "models/frozen_transformer/frozen_transformer.h"
#include "models/hub/save_pretrained.h"
#include "models/prefix/prefix_cache.h"
#include "models/text/encoding.h"
#include "nn/parameter.h"

namespace thaw {

struct FrozenTransformerOptions {
  FrozenTransformerShape shape;
  BodyWeights weights = BodyWeights::pretrained;
  uint64_t body_seed = 42;  // of random numbers of a body
  BodyOptions body = {};
};

// A sequence, as tasks keep it: an entry of `ids` for each row, which is 0 where rows have numbers.
Encoding sequence_of_ids(std::vector<int32_t> ids);
Encoding sequence_of_numbers(std::vector<float> numbers, int64_t numbers_of_a_row);

class OpenedFrozenTransformer {
 public:
  // A directory with a change of a body, as save() writes it, is that body with the change on it. Errors are those of
  // opening a directory; std::runtime_error: with `trained`, something that was saved by none.
  OpenedFrozenTransformer(const std::string& directory, const FrozenTransformerOptions& options, Device device,
                          DType dtype = DType::f32, uint64_t seed = 42, PrepareStore prepare = {},
                          FirstWeights first = FirstWeights::checkpoint, bool trained = false);
  // The same on a device that computes nothing (tensor/dry_device.h).
  OpenedFrozenTransformer(const OpenedFrozenTransformer& like, Device dry);
  OpenedFrozenTransformer(const OpenedFrozenTransformer&) = delete;
  OpenedFrozenTransformer& operator=(const OpenedFrozenTransformer&) = delete;

  ParameterStore& store() { return store_; }
  const ParameterStore& store() const { return store_; }
  const LoadReport& report() const { return report_; }
  const FrozenTransformer& model() const { return model_; }
  void set_checkpointing(bool on);
  Fingerprint switches() const;

  // The numbers for the rows that are read [B read, outputs].
  Variable operator()(std::span<const Encoding* const> sequences) const { return model_(batch_of(sequences)); }
  SequenceBatch batch_of(std::span<const Encoding* const> sequences) const;

  // As prefix/keeping.h asks for them.
  int64_t width() const { return model_.body().width(); }
  FrozenPrefix frozen_prefix() const { return thaw::frozen_prefix(store_, model_); }
  void set_prefix_cache(PrefixCache* cache) { prefix_cache_ = cache; }

  // config.json of the body, and with options.base what changed of the base alone, else every tensor under its name.
  void save(const std::string& directory, const SaveOptions& options = {}) const {
    save_pretrained(directory, config_, store_, nullptr, options);
  }

 private:
  Scope scope(TensorSource* source);
  SequenceBatch read(std::span<const Encoding* const> sequences) const;
  FrozenTransformer build(CheckpointSource& files, FirstWeights first);
  void keep_input_layer();

  std::string directory_;
  Json config_;
  FrozenTransformerOptions options_;
  PrepareStore prepare_;
  LoadReport report_;
  ParameterStore store_;
  FrozenTransformer model_;
  bool checkpointing_ = false;
  PrefixCache* prefix_cache_ = nullptr;
};

}  // namespace thaw
