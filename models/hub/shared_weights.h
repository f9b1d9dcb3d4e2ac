// SPDX-License-Identifier: Apache-2.0
// One copy in memory of what several models have in common: changes of one base, opened side by side.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "tensor/tensor.h"

namespace thaw {

// While one lives, models opened from directories of changes have the tensors of their base in common that none of
// them changes. They compute as if each had its own; but none may be trained, nor be given other weights. One at a
// time.
class SharedWeights {
 public:
  SharedWeights();
  ~SharedWeights();
  SharedWeights(const SharedWeights&) = delete;
  SharedWeights& operator=(const SharedWeights&) = delete;

  // The one that lives; null if none does.
  static SharedWeights* current();

  // The tensor of that key (file, name, type, device), or what `load` gives, from then on.
  template <typename F>
  Tensor of(const std::string& key, F load) {
    const std::lock_guard lock(mutex_);
    const auto found = tensors_.find(key);
    return found != tensors_.end() ? found->second : tensors_.emplace(key, load()).first->second;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, Tensor> tensors_;
};

}  // namespace thaw
