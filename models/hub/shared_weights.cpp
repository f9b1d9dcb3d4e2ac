// SPDX-License-Identifier: Apache-2.0
// The one that lives.
#include "models/hub/shared_weights.h"

#include <atomic>

#include "tensor/check.h"

namespace thaw {
namespace {

std::atomic<SharedWeights*> living = nullptr;

}  // namespace

SharedWeights::SharedWeights() {
  SharedWeights* none = nullptr;
  check(living.compare_exchange_strong(none, this), "weights are shared already");
}

SharedWeights::~SharedWeights() { living = nullptr; }

SharedWeights* SharedWeights::current() { return living; }

}  // namespace thaw
