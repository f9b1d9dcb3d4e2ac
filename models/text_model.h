// SPDX-License-Identifier: Apache-2.0
// A model that reads packed texts, of any family, as tasks see it: encodings in, the head's numbers out.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "autograd/variable.h"
#include "models/classes_and_words.h"
#include "models/file_limits.h"
#include "models/generation/decoder.h"
#include "models/generation/generation_config.h"
#include "models/hub/checkpoint_source.h"
#include "models/hub/config.h"
#include "models/hub/save_pretrained.h"
#include "models/prefix/prefix_cache.h"
#include "models/text/encoding.h"
#include "nn/linear.h"
#include "nn/parameter.h"
#include "nn/train/fingerprint.h"

namespace thaw {

// What a model can take of a text.
struct TextLimits {
  int64_t positions = INT32_MAX;           // tokens of a text; a model without positions takes any number
  int64_t vocab_size = 0;                  // different ones
  std::optional<int64_t> type_vocab_size;  // segment types: pairs of texts need two; absent: it reads none
  std::function<int64_t()> taken = {};     // positions that the model's own prompt takes now; absent: none
  FileLimits files = {};                   // what it reads of files, alone or beside texts

  int64_t positions_left() const { return positions - (taken ? taken() : 0); }
  bool reads_files() const { return !std::holds_alternative<std::monostate>(files); }
};

// What a config.json tells of a model of texts.
struct TextFacts {
  std::vector<std::string> labels;          // by class number; empty if it names none
  std::optional<ProblemType> problem_type;  // absent if it names none
  TextLimits limits;
};

// A head: its architecture, what its own parameters' names begin with, and the Linear whose outputs are its classes.
struct TextHead {
  std::string_view architecture;  // "BertForSequenceClassification"
  std::string_view path;          // "classifier"
  std::string_view output;        // "classifier", or a part of the head: "classifier.out_proj"; all empty: no head
  WeightLayout layout = WeightLayout::out_in;
  std::string_view also_in = {};  // how the architectures end that have this very head beside another: "ForPreTraining"
};

class TextModel {
 public:
  virtual ~TextModel() = default;
  virtual const PretrainedConfig& config() const = 0;
  virtual TextLimits limits() const = 0;
  virtual int64_t width() const = 0;  // numbers of a last hidden state
  virtual ParameterStore& store() = 0;
  virtual const LoadReport& report() const = 0;
  virtual TextHead head() const = 0;

  // What the head gives for these texts: [B, L] for classes of texts; [T, L] for what is said of tokens (classes, begin
  // and end of an answer, words of a vocabulary; of a model without a head its last hidden states), a row for each
  // token of each text in order, special ones too. Training or evaluation as store().mode() says.
  virtual Variable operator()(std::span<const Encoding* const> texts) const = 0;
  // The same of some tokens alone [R, L], numbered through all texts: of a head for tokens; logits over a vocabulary
  // are made for no others.
  virtual Variable at_tokens(std::span<const Encoding* const> texts, const std::vector<int32_t>& tokens) const = 0;
  // The cross-entropy of such rows, summed and divided by `count`, each with the class that is true of it: of logits
  // over a vocabulary no more than a chunk is there at once (linear_cross_entropy).
  virtual Variable loss_at_tokens(std::span<const Encoding* const> texts, const std::vector<int32_t>& tokens,
                                  const std::vector<int32_t>& truths, double count) const = 0;
  // Of a classifier of texts whose body reads from left to right: what operator() gives, and of the same pass the
  // cross-entropy of words of the vocabulary, said by these tokens as by loss_at_tokens() of a head for words (Radford
  // et al. 2018, equation 5). Of others undefined.
  virtual ClassesAndWords classes_and_words(std::span<const Encoding* const> /*texts*/,
                                            const std::vector<int32_t>& /*tokens*/,
                                            const std::vector<int32_t>& /*truths*/, double /*count*/) const {
    return {};
  }
  virtual bool has_classes_and_words() const { return false; }

  // Of a model that continues texts: goes on behind them, in evaluation mode; this must outlive it. Null: it does not.
  virtual std::unique_ptr<Decoder> decoder() const { return nullptr; }
  // ... and as its authors generate: its generation_config.json, with the end tokens of config.json where that has
  // none.
  virtual const GenerationConfig* generation() const { return nullptr; }

  // Names of parameters that get no gradient, whatever is trained.
  virtual std::vector<std::string> unread() const { return {}; }
  // Keep less for gradients, and compute it again.
  virtual void set_checkpointing(bool on) = 0;
  // How much of it is frozen from below now.
  virtual FrozenPrefix frozen_prefix() const = 0;
  // From now on takes what that part gives for texts from there, where anything is frozen; null: computes it.
  virtual void set_prefix_cache(PrefixCache* cache) = 0;
  // What of the configuration changes a training's numbers and is no weight.
  virtual Fingerprint switches() const = 0;

  // The same on a device that computes nothing (tensor/dry_device.h): names and shapes, no numbers.
  virtual std::unique_ptr<TextModel> on_dry_device(Device dry) const = 0;
  // Config, weights and the processor's files (it may be null) as the reference library loads them.
  virtual void save(const std::string& directory, const Processor* processor, const SaveOptions& options) const = 0;
};

// Configuration and weights of a directory, whose family its config.json tells. Callers may change both before a model
// is built from them: other labels, a head that is replaced.
class TextCheckpoint {
 public:
  virtual ~TextCheckpoint() = default;
  virtual PretrainedConfig& config() = 0;
  virtual CheckpointSource& source() = 0;
  // Has the family a model whose architecture ends so?
  virtual bool has(std::string_view ending) const = 0;
  // std::runtime_error naming directory and family if the family has no head whose architecture ends so.
  virtual TextHead head(std::string_view ending) const = 0;
  // Takes what this holds. Errors as in head() and of tensors that do not fit.
  virtual std::unique_ptr<TextModel> build(std::string_view ending, Device device, DType dtype, uint64_t seed,
                                           PrepareStore prepare = {}) = 0;
  // The model gets so many words, if it has fewer: rows of its tables that the files have not are drawn by the seed.
  // Were there fewer? std::runtime_error, naming config.json, of a family that takes no new words.
  virtual bool widen_words(int64_t words, uint64_t seed) = 0;
};

}  // namespace thaw
