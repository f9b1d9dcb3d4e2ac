// SPDX-License-Identifier: Apache-2.0
// A model that writes a text for each text that it reads, of any family, as tasks see it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "autograd/functions.h"
#include "models/generation/decoder.h"
#include "models/generation/generation_config.h"
#include "models/text_model.h"

namespace thaw {

class Tokenizer;

// Sources: what is read, as the tokenizer makes it. Targets: what is to be written, token ids, the end token last; -100
// is not counted.
using TargetIds = std::vector<int32_t>;

// What a model makes of a target, each token behind the true ones before it.
struct TargetGuesses {
  double loss = 0;                 // the sum over the counted tokens
  std::vector<int32_t> likeliest;  // of each counted token's place
};

// What the encoder makes of sources, for the decoder: a row for each token, source by source; those of a prompt before
// them (prompt_rows() of the store).
struct EncodedSources {
  Variable states;               // [T, C]
  std::vector<int32_t> lengths;  // rows of each source
};

class TextWriter {
 public:
  virtual ~TextWriter() = default;
  virtual const PretrainedConfig& config() const = 0;
  virtual TextLimits limits() const = 0;         // of sources
  virtual TextLimits target_limits() const = 0;  // of targets, of which the start token is none
  virtual ParameterStore& store() = 0;
  virtual const LoadReport& report() const = 0;
  // What keeps the model from learning, as its parameters are and are trained now. One line each.
  virtual std::vector<std::string> warnings() const { return {}; }
  // Keep less for gradients, and compute it again.
  virtual void set_checkpointing(bool on) = 0;
  // What of the configuration changes a training's numbers and is no weight.
  virtual Fingerprint switches() const = 0;
  // As the model's authors generate: its generation_config.json, with the end token of config.json where that has none.
  virtual const GenerationConfig& generation() const = 0;

  virtual int64_t width() const = 0;  // C: numbers of a state of the encoder
  // Training or evaluation as store().mode() says.
  virtual EncodedSources encode(std::span<const Encoding* const> sources) const = 0;
  // How much of the encoder is frozen from below now, shared words among it.
  virtual FrozenPrefix frozen_prefix() const = 0;
  // From now on encode() takes what that part gives for sources from there, where anything is frozen; null: computes
  // it.
  virtual void set_prefix_cache(PrefixCache* cache) = 0;

  // The sum over the counted tokens of the targets of -log p(token | source, tokens before it), smoothed by
  // options.smoothing, divided by `count`: []. Training or evaluation as store().mode() says. `tokens`, if it is there,
  // gets each counted token's own, target by target, undivided.
  virtual Variable loss(const EncodedSources& sources, std::span<const TargetIds> targets, const CrossEntropy& options,
                        double count, Tensor* tokens = nullptr) const = 0;
  Variable loss(std::span<const Encoding* const> sources, std::span<const TargetIds> targets,
                const CrossEntropy& options, double count) const {
    return loss(encode(sources), targets, options, count);
  }
  // Of each target its own, without smoothing and without gradients.
  virtual std::vector<TargetGuesses> guesses(const EncodedSources& sources,
                                             std::span<const TargetIds> targets) const = 0;

  // What every target is behind: the start token.
  virtual std::vector<int32_t> beginning() const = 0;
  // Reads the sources, in evaluation mode; its prompts are the beginnings of their targets. This must outlive it.
  virtual std::unique_ptr<Decoder> decoder(std::span<const Encoding* const> sources) const = 0;
  virtual std::unique_ptr<Decoder> decoder(const EncodedSources& sources) const = 0;

  // The same on a device that computes nothing (tensor/dry_device.h).
  virtual std::unique_ptr<TextWriter> on_dry_device(Device dry) const = 0;
  // Config, weights and tokenizer (may be null) as the reference library loads them.
  virtual void save(const std::string& directory, const Tokenizer* tokenizer, const SaveOptions& options) const = 0;
};

// How a writer is opened.
struct WriterOpening {
  Device device;
  DType dtype = DType::f32;
  uint64_t seed = 42;  // of what the checkpoint does not hold
  FirstWeights first_weights = FirstWeights::checkpoint;
  PrepareStore prepare;  // called before the model is built
};

}  // namespace thaw
