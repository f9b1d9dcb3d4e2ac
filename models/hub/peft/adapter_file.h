// SPDX-License-Identifier: Apache-2.0
// The tensors of an adapter's file, each to be taken once, so that none is left without a meaning.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "tensor/io/safetensors.h"
#include "tensor/tensor.h"

namespace thaw {

// Names are told without the "base_model.model." that they all begin with in the file.
class AdapterFile {
 public:
  // Of a directory. std::runtime_error if there is none that can be read, or a name begins otherwise.
  explicit AdapterFile(const std::string& directory);

  const std::string& path() const { return file_.path(); }
  bool has(const std::string& name) const;
  std::vector<std::string> names() const;
  // On the host, as it is stored. std::runtime_error if there is none of that name and shape, or its numbers are no
  // finite floating ones.
  Tensor take(const std::string& name, const Shape& shape);
  // The first tensor that was not taken; empty if all were.
  std::string first_left() const;

 private:
  SafetensorsFile file_;
  std::set<std::string> taken_;
};

}  // namespace thaw
