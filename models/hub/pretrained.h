// SPDX-License-Identifier: Apache-2.0
// Opens Hugging Face directories as models of any family, and writes them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "models/hub/checkpoint_source.h"
#include "models/hub/config.h"
#include "models/hub/save_pretrained.h"
#include "models/hub/shape_source.h"
#include "models/hub/weight_count.h"
#include "nn/adapters.h"
#include "nn/scope.h"

namespace thaw {

// What a directory holds beside the tensors that a model takes: oddities of its configuration, an adapter.
void note_oddities(CheckpointSource& source, const PretrainedConfig& config);

// The configuration and the weights of a directory. Callers may change both before a model is built from them: other
// labels, a head that is replaced.
template <typename Config>
struct Checkpoint {
  Config config;
  CheckpointSource source;

  explicit Checkpoint(const std::string& directory, FirstWeights first = FirstWeights::checkpoint)
      : config(read_config<Config>(directory)), source(directory, config.checkpoint_names(), first) {
    note_oddities(source, config);
    config.settle(source);
  }
};

// A model read from a directory: Pretrained<BertForMaskedLM> model("DIR", device). A Model has
//   using Config = ...;                        derived from PretrainedConfig
//   static constexpr const char* architecture  "BertForMaskedLM"
//   Model(const Scope&, const Config&)         a module
//   std::vector<CarriedTensor> copies() const  where files have parameters under other names, too
template <typename Model>
class Pretrained {
 public:
  using Config = typename Model::Config;

  explicit Pretrained(const std::string& directory, Device device, DType dtype = DType::f32, uint64_t seed = 42)
      : Pretrained(Checkpoint<Config>(directory), device, dtype, seed) {}
  Pretrained(Checkpoint<Config> checkpoint, Device device, DType dtype, uint64_t seed, PrepareStore prepare = {})
      : config_(checkpoint.config),
        prepare_(std::move(prepare)),
        store_(with_room(checkpoint, device, dtype), dtype, seed),
        model_(scope(&checkpoint.source), config_) {
    store_.set_source(nullptr);
    checkpoint.source.put_change_on(store_);
    report_ = checkpoint.source.report(store_);
    carried_ = checkpoint.source.carried(store_);
  }
  // The same model on a device that computes nothing (tensor/dry_device.h): names and shapes, no numbers.
  Pretrained(const Pretrained& like, Device dry)
      : config_(like.config_),
        prepare_(like.prepare_),
        store_(dry, like.store_.dtype(), like.store_.seed()),
        model_(scope(&shapes()), config_) {
    store_.set_source(nullptr);
    store_.take_origins(like.store_);
    put_on_same_adapters(like.store_, store_);
  }

  const Config& config() const { return config_; }
  ParameterStore& store() { return store_; }
  const ParameterStore& store() const { return store_; }
  Device device() const { return store_.device(); }
  Model& model() { return model_; }
  const Model& model() const { return model_; }
  const LoadReport& report() const { return report_; }

  void save(const std::string& directory, const Processor* processor = nullptr, const SaveOptions& options = {}) const {
    std::vector<CarriedTensor> carried = carried_;
    if constexpr (requires { model_.copies(); })
      for (CarriedTensor& copy : model_.copies()) carried.push_back(std::move(copy));
    save_pretrained(directory, config_.to_json(Model::architecture), store_, processor, options, carried);
  }

 private:
  // The device. A model from nothing needs all its memory at once: whether it is there is known before a number is
  // drawn.
  static Device with_room(const Checkpoint<Config>& checkpoint, Device device, DType dtype) {
    if (checkpoint.source.first_weights() == FirstWeights::checkpoint) return device;
    WeightCount count;
    ParameterStore counted(device, dtype);
    counted.set_source(&count);
    const Model built(Scope(counted), checkpoint.config);
    check_room_for_weights(checkpoint.source.directory(), count, dtype, device);
    return device;
  }
  static ShapeSource& shapes() {
    static ShapeSource source;
    return source;
  }
  Scope scope(TensorSource* source) {
    store_.set_source(source);
    if (prepare_) prepare_(store_);
    return Scope(store_);
  }

  Config config_;
  PrepareStore prepare_;
  ParameterStore store_;
  Model model_;
  LoadReport report_;
  std::vector<CarriedTensor> carried_;
};

}  // namespace thaw
