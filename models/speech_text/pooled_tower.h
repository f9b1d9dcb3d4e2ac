// SPDX-License-Identifier: Apache-2.0
// A model of another directory, frozen, read by the mean of its last hidden states. B things, T states in all, C
// channels.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "models/input/input_kind.h"
#include "models/prefix/prefix_cache.h"
#include "models/speech_text/config.h"
#include "models/text_model.h"

namespace thaw {

// Where the model lies that the config.json of `directory` has under `key`. std::runtime_error naming both: there is
// none, or its weights are others.
std::string place_of(const PlacedModel& place, const std::string& directory, const std::string& key);

class PooledTower {
 public:
  // std::runtime_error as of place_of(), and if the model reads other things or its states have another width.
  PooledTower(const PlacedModel& place, const std::string& directory, const std::string& key, InputKind reads,
              Device device, DType dtype);
  // The same on a device that computes nothing.
  PooledTower(const PooledTower& like, Device dry);

  const std::string& directory() const { return directory_; }
  const TextModel& model() const { return *model_; }
  const ParameterStore& store() const { return model_->store(); }

  // Means over all states of each thing [B, C], in evaluation mode and without gradients.
  Tensor operator()(std::span<const Encoding* const> things) const;
  // All of it, and the mean: a row a thing.
  FrozenPrefix frozen_prefix() const;
  void set_prefix_cache(PrefixCache* cache) { cache_ = cache; }

 private:
  Variable means(std::span<const Encoding* const> things) const;

  std::string directory_;
  std::unique_ptr<TextModel> model_;
  PrefixCache* cache_ = nullptr;
};

}  // namespace thaw
