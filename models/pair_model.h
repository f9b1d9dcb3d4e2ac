// SPDX-License-Identifier: Apache-2.0
// A model that puts two kinds of things into one space, as tasks see it: texts on one side, on the other what is in
// files, pictures or sounds. B things of the files' side, N texts, P numbers of a vector.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "autograd/variable.h"
#include "models/hub/checkpoint_source.h"
#include "models/hub/config.h"
#include "models/hub/save_pretrained.h"
#include "models/input/input_kind.h"
#include "models/prefix/prefix_cache.h"
#include "models/text/encoding.h"
#include "models/text_model.h"
#include "nn/parameter.h"
#include "nn/train/fingerprint.h"

namespace thaw {

enum class PairSide { files, texts };

// What reads the things of one side, and the projection above it.
class PairTower {
 public:
  virtual ~PairTower() = default;
  virtual TextLimits limits() const = 0;
  virtual int64_t width() const = 0;  // numbers of what it gives for a thing, before that is projected
  virtual const ParameterStore& store() const = 0;
  // What beside weights decides the numbers that it gives.
  virtual Fingerprint switches() const = 0;
  // Where the files are that say how its things are prepared; empty: they are the model's own.
  virtual std::string directory() const { return {}; }

  // Of these things, of unit length [B, P]; training or evaluation as store().mode() says.
  virtual Variable vectors(std::span<const Encoding* const> things) const = 0;
  // How much of it is frozen from below now, and a cache of what that gives: see TextModel.
  virtual FrozenPrefix frozen_prefix() const = 0;
  virtual void set_prefix_cache(PrefixCache* cache) = 0;
  // What the names of its parameters begin with, its projection's among them.
  virtual std::vector<std::string> parts() const = 0;
};

class PairModel {
 public:
  virtual ~PairModel() = default;
  virtual const PretrainedConfig& config() const = 0;
  virtual ParameterStore& store() = 0;
  virtual const LoadReport& report() const = 0;
  virtual int64_t width() const = 0;  // P
  virtual PairTower& tower(PairSide side) = 0;
  virtual const PairTower& tower(PairSide side) const = 0;

  // The cosines of vectors of unit length [B, P] and [N, P] times e^logit_scale: [B, N].
  virtual Variable logits(const Variable& files, const Variable& texts) const = 0;
  // Brings logit_scale down to ln 100 where it is trained and above that, as Radford et al. 2021 do behind each step.
  virtual void hold_temperature() = 0;
  // Keep less for gradients, and compute it again.
  virtual void set_checkpointing(bool on) = 0;
  // What of the configuration changes a training's numbers and is no weight.
  virtual Fingerprint switches() const = 0;

  // The same on a device that computes nothing (tensor/dry_device.h): names and shapes, no numbers.
  virtual std::unique_ptr<PairModel> on_dry_device(Device dry) const = 0;
  // Config, weights and the files of what prepares the things of both sides (null: they are elsewhere).
  virtual void save(const std::string& directory, const Processor* processors, const SaveOptions& options) const = 0;
};

// Configuration and weights of a directory, whose family its config.json tells.
class PairCheckpoint {
 public:
  virtual ~PairCheckpoint() = default;
  virtual PretrainedConfig& config() = 0;
  // Of the tower for texts, before the model is built: see PairTower.
  virtual TextLimits text_limits() const = 0;
  virtual std::string text_directory() const { return {}; }
  // Takes what this holds. std::runtime_error on tensors that do not fit.
  virtual std::unique_ptr<PairModel> build(Device device, DType dtype, uint64_t seed, PrepareStore prepare = {}) = 0;
};

// That of a directory whose family puts such things and texts into one space. std::runtime_error naming what is wrong
// with directory or file, or that its models do nothing of the kind.
std::unique_ptr<PairCheckpoint> open_pair_checkpoint(const std::string& directory, InputKind files,
                                                     FirstWeights first = FirstWeights::checkpoint);
// Is a config.json of such a model, and not of a part of one with a head?
bool is_of_pairs(const Json& config);

// Clamps the logarithm of what cosines are multiplied by to at most ln 100, in place; a frozen one stays as it is.
void hold_logit_scale(const Parameter& logit_scale);

}  // namespace thaw
