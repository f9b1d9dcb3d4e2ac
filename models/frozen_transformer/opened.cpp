// SPDX-License-Identifier: Apache-2.0
// Opens a directory, and makes batches of sequences.
#include "models/frozen_transformer/opened.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/families.h"
#include "models/hub/config.h"
#include "models/hub/model_directory.h"
#include "models/hub/pretrained.h"
#include "models/hub/shape_source.h"
#include "models/hub/weight_count.h"
#include "models/input/row_source.h"
#include "models/packed_text.h"
#include "models/text_model.h"
#include "nn/adapters.h"
#include "tensor/check.h"

namespace thaw {
namespace {

CheckpointSource source_of(const std::string& directory, const Json& config, FirstWeights first) {
  return {directory, family_of(config).checkpoint_names(config), first};
}

// What is odd in the keys that all families share.
struct SharedConfig : PretrainedConfig {
  explicit SharedConfig(const Json& file) { read_shared(file, file.get_string_or("model_type", "bert")); }
};

std::string about_body(const FrozenTransformerOptions& options) {
  switch (options.weights) {
    case BodyWeights::pretrained: return "";
    case BodyWeights::random: return fmt::format("the body's numbers are random, drawn by seed {}", options.body_seed);
    case BodyWeights::statistics: break;
  }
  return fmt::format(
      "the body's numbers are random, drawn by seed {}, with the mean and the deviation of each of its tensors",
      options.body_seed);
}

}  // namespace

Encoding sequence_of_ids(std::vector<int32_t> ids) {
  Encoding sequence;
  sequence.ids = std::move(ids);
  return sequence;
}

Encoding sequence_of_numbers(std::vector<float> numbers, int64_t numbers_of_a_row) {
  Encoding sequence;
  sequence.rows = std::make_shared<RowsInMemory>(std::move(numbers), numbers_of_a_row);
  sequence.ids.resize(static_cast<size_t>(sequence.rows->rows()));
  return sequence;
}

Scope OpenedFrozenTransformer::scope(TensorSource* source) {
  store_.set_source(source);
  if (prepare_) prepare_(store_);
  return Scope(store_);
}

FrozenTransformer OpenedFrozenTransformer::build(CheckpointSource& files, FirstWeights first) {
  ParameterStore drawn(store_.device(), store_.dtype(), options_.body_seed);
  if (first == FirstWeights::random) {
    if (family_of(config_).open) check_can_begin(config_, "initializer_range");
    WeightCount count;
    ParameterStore counted(store_.device(), store_.dtype());
    counted.set_source(&count);
    const FrozenTransformer sizes(Scope(counted), options_.shape, config_, options_.body);
    check_room_for_weights(directory_, count, store_.dtype(), store_.device());
  }
  const bool draws = first == FirstWeights::checkpoint && options_.weights != BodyWeights::pretrained;
  if (draws) const FrozenTransformer random(Scope(drawn), options_.shape, config_);
  BodySource source(files, draws ? &drawn : nullptr, options_.weights == BodyWeights::statistics);
  FrozenTransformer model(scope(&source), options_.shape, config_, options_.body);
  store_.set_source(nullptr);
  files.put_change_on(store_);
  report_ = files.report(store_);
  keep_input_layer();
  if (draws) report_.unexpected.clear();
  if (const std::string line = about_body(options_); draws) report_.notes.push_back(line);
  return model;
}

// What a new input layer begins with is of use though it is never trained (output alone): it may be frozen, and is
// saved with what changed.
void OpenedFrozenTransformer::keep_input_layer() {
  for (const std::string& name : report_.initialised) {
    if (!name.starts_with("in_net.")) continue;
    store_.find(name).mark_changed();
    store_.mark_loaded(name);
  }
}

OpenedFrozenTransformer::OpenedFrozenTransformer(const std::string& directory, const FrozenTransformerOptions& options,
                                                 Device device, DType dtype, uint64_t seed, PrepareStore prepare,
                                                 FirstWeights first, bool trained)
    : directory_(directory),
      config_(read_config_json(directory)),
      options_(options),
      prepare_(std::move(prepare)),
      store_(device, dtype, seed),
      model_([&] {
        check_model_directory(directory, first);
        CheckpointSource files = source_of(directory, config_, first);
        note_oddities(files, SharedConfig(config_));
        return build(files, first);
      }()) {
  if (!trained || report_.initialised.empty()) return;
  fail("{}: no training saved {}: it is a body, of which `thaw finetune` makes a model", directory,
       fmt::join(report_.initialised, ", "));
}

OpenedFrozenTransformer::OpenedFrozenTransformer(const OpenedFrozenTransformer& like, Device dry)
    : directory_(like.directory_),
      config_(like.config_),
      options_(like.options_),
      prepare_(like.prepare_),
      store_(dry, like.store_.dtype(), like.store_.seed()),
      model_([&] {
        static ShapeSource shapes;
        return FrozenTransformer(scope(&shapes), options_.shape, config_, options_.body);
      }()) {
  store_.set_source(nullptr);
  store_.take_origins(like.store_);
  put_on_same_adapters(like.store_, store_);
  set_checkpointing(like.checkpointing_);
}

void OpenedFrozenTransformer::set_checkpointing(bool on) {
  checkpointing_ = on;
  model_.set_checkpointing(on);
}

Fingerprint OpenedFrozenTransformer::switches() const {
  Fingerprint switches = model_.body().switches();
  const FrozenTransformerShape& shape = options_.shape;
  switches["new layers"] = fmt::format("{} {}, {} outputs of the last {}", shape.inputs, shape.ids ? "ids" : "numbers",
                                       shape.outputs, shape.read);
  return switches;
}

SequenceBatch OpenedFrozenTransformer::read(std::span<const Encoding* const> sequences) const {
  SequenceBatch batch;
  PackedText packed = PackedText::from_encodings(sequences, store_.device());
  static_cast<PackedRows&>(batch) = packed;
  if (options_.shape.ids)
    batch.ids = packed.ids;
  else
    batch.numbers = packed_numbers(sequences, store_.device(), store_.dtype());
  return batch;
}

SequenceBatch OpenedFrozenTransformer::batch_of(std::span<const Encoding* const> sequences) const {
  SequenceBatch batch = read(sequences);
  if (prefix_cache_)
    batch.below = states_below(
        sequences, frozen_prefix(), store_, *prefix_cache_,
        [&](std::span<const Encoding* const> some, int64_t stages) { return model_.states(read(some), stages); });
  return batch;
}

}  // namespace thaw
