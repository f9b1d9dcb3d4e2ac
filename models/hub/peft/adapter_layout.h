// SPDX-License-Identifier: Apache-2.0
// How a change is told in peft's words: a configuration and named tensors.
#pragma once

#include <map>
#include <set>
#include <string>

#include "models/hub/peft/adapter_config.h"
#include "models/hub/peft/write_adapter.h"
#include "tensor/io/json.h"

namespace thaw {

// Of a change that fits the store's model. Errors are those of write_adapter.
class AdapterLayout {
 public:
  AdapterLayout(const ModelChange& change, const ParameterStore& store, const AdapterFacts& facts);

  const Json& config() const { return config_; }
  AdapterConfig::Kind kind() const { return kind_; }
  // On the host, by their names in the model (name_in_file).
  const std::map<std::string, Tensor>& tensors() const { return tensors_; }

 private:
  void add_low_ranks();
  void add_scalings();
  void add_prompt();
  void add_prefix();
  void add_modules();
  void add_biases(bool all);
  void add_rows();
  void add_targets();
  // A parameter of the changed model.
  Tensor value(const Parameter& parameter) const;
  std::string module_of(const std::string& parameter) const;
  void save_whole(const std::string& module);
  // The configuration, read as peft does, means these modules and no others.
  void check_meaning() const;

  const ModelChange& change_;
  const ParameterStore& store_;
  AdapterConfig::Kind kind_;
  std::vector<Parameter> base_;  // the store's parameters, but for adapters'
  Json config_ = Json::object();
  std::map<std::string, Tensor> tensors_;
  std::set<std::string> saved_;  // modules that are stored whole
};

}  // namespace thaw
