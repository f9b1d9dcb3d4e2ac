// SPDX-License-Identifier: Apache-2.0
// Changes from one change of a base to another.
#include "nn/change/change_bank.h"

#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

void ChangeBank::add(const std::string& name, const ModelChange& change) {
  check(!name.empty() && !changes_.contains(name), "{}: {}", quote(name),
        name.empty() ? "a change needs a name" : "there is a change of that name");
  const std::string before = used_;
  use("");
  try {
    AppliedChange added(store_, change);
    added.take_off();
    changes_.emplace(name, std::move(added));
  } catch (...) {
    use(before);
    throw;
  }
  use(before);
}

void ChangeBank::use(const std::string& name) {
  if (name == used_) return;
  check(name.empty() || changes_.contains(name), "{}: there is no change of that name, but {}", quote(name),
        changes_.empty() ? "none" : listed(names()));
  if (!used_.empty()) changes_.at(used_).take_off();
  used_.clear();
  if (name.empty()) return;
  changes_.at(name).put_on();
  used_ = name;
}

std::vector<std::string> ChangeBank::names() const {
  std::vector<std::string> all;
  for (const auto& [name, change] : changes_) all.push_back(name);
  return all;
}

}  // namespace thaw
