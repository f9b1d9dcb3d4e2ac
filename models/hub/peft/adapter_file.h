// SPDX-License-Identifier: Apache-2.0
// The tensors of an adapter's file, each to be taken once, so that none is left without a meaning.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "models/hub/peft/adapter_config.h"
#include "tensor/io/safetensors.h"
#include "tensor/tensor.h"

namespace thaw {

// What a parameter of the model, or of an adapter on it, is called in an adapter's file. What wraps the model in peft
// stands before it: two modules, with a prompt or a prefix one; which itself is none of the model's.
std::string name_in_file(AdapterConfig::Kind kind, const std::string& name);

// Names are told as they are called in the model.
class AdapterFile {
 public:
  // Of a directory. std::runtime_error if there is none that can be read, or a name begins otherwise than they all do.
  AdapterFile(const std::string& directory, AdapterConfig::Kind kind);

  const std::string& path() const { return file_.path(); }
  bool has(const std::string& name) const;
  std::vector<std::string> names() const;
  // Of a tensor that it has, as it is stored.
  Shape shape(const std::string& name) const;
  // On the host, as it is stored. std::runtime_error if there is none of that name and shape, or its numbers are no
  // finite floating ones.
  Tensor take(const std::string& name, const Shape& shape);
  // The first tensor that was not taken; empty if all were.
  std::string first_left() const;

 private:
  AdapterConfig::Kind kind_;
  SafetensorsFile file_;
  std::set<std::string> taken_;
};

}  // namespace thaw
