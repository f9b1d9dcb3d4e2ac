// SPDX-License-Identifier: Apache-2.0
// Scope = path + parameter store. A module is a plain struct whose constructor takes a Scope: `query(s /
// "attention.self.query", hidden, hidden)`.
#pragma once

#include <string>

#include "nn/init.h"
#include "nn/parameter.h"

namespace thaw {

class Scope {
 public:
  explicit Scope(ParameterStore& store, std::string path = {}) : store_(&store), path_(std::move(path)) {}

  // The scope below: names are joined by dots. An empty name stays here.
  Scope operator/(const std::string& name) const;
  Scope operator/(int index) const { return *this / std::to_string(index); }

  // The parameter path.name: taken from the store's source (a checkpoint) if it has one of that name, else made by
  // `init`. A checkpoint's tensor of another shape is an error that names both.
  // So is a name that there is already: two modules of one name would be trained as one, unasked.
  Parameter parameter(const std::string& name, const Shape& shape, const Init& init) const;
  // The parameter path.name that another module has made already, for this one too: a tie. Where both modules are at
  // hand, the one's Parameter handed to the other is a tie as well: Linear(s / "decoder", words.weight, bias).
  Parameter shared(const std::string& name, const Shape& shape) const;

  const std::string& path() const { return path_; }
  ParameterStore& store() const { return *store_; }
  Mode& mode() const;        // training or evaluation, and the randomness; the same for all modules of a store
  bool any_trained() const;  // any parameter below this path?

 private:
  ParameterStore* store_;
  std::string path_;
};

}  // namespace thaw
