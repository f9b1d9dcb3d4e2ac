// SPDX-License-Identifier: Apache-2.0
// The model that a saved change is about: where it lies, and by what its weights are known again.
#pragma once

#include <string>

namespace thaw {

struct BaseModel {
  std::string path;  // of its directory
  std::string hash;  // weights_hash() of it; empty: not known
};

// SHA-256, in hexadecimal digits, over names, types, shapes and bytes of all tensors of a directory's weights, by name:
// the same for one file and for shards. std::runtime_error as ModelWeights throws it. Files that are the same as when
// the process last asked, by size and time, are not read again.
std::string weights_hash(const std::string& directory);

// While it lives, the base of the change in one directory is the model in another, whatever the change says of where
// it lies: what is known of its weights must be true of that one, too. One choice a directory at a time.
class BaseChoice {
 public:
  // std::runtime_error if `base` holds no weights of its own.
  BaseChoice(const std::string& change, const std::string& base);
  ~BaseChoice();
  BaseChoice(const BaseChoice&) = delete;
  BaseChoice& operator=(const BaseChoice&) = delete;

 private:
  std::string change_;
};

// Where the base lies: what was chosen for the change's directory, else `base.path`, from there or from where the
// process runs. Empty if there are no weights. Their hash is not looked at.
std::string place_of_base(const BaseModel& base, const std::string& change);
// The same, and the right one. std::runtime_error, naming both: there is no model, or its weights are others.
std::string find_base(const BaseModel& base, const std::string& change);

}  // namespace thaw
