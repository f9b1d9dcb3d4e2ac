// SPDX-License-Identifier: Apache-2.0
// Several changes of one base in memory, of which one at a time is used: one model for many tasks.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "nn/change/applied_change.h"

namespace thaw {

class ChangeBank {
 public:
  // The store holds the base, and outlives the bank.
  explicit ChangeBank(ParameterStore& store) : store_(store) {}
  ChangeBank(const ChangeBank&) = delete;
  ChangeBank& operator=(const ChangeBank&) = delete;

  // Brings it to the device. std::invalid_argument if the name is taken or empty, or it does not fit the base.
  void add(const std::string& name, const ModelChange& change);
  // From now on the model is the base with this change; "": the base. It costs copies of the tensors that are replaced.
  // std::invalid_argument that lists the names if there is no such one.
  void use(const std::string& name);
  const std::string& used() const { return used_; }
  std::vector<std::string> names() const;

 private:
  ParameterStore& store_;
  std::map<std::string, AppliedChange> changes_;
  std::string used_;
};

}  // namespace thaw
