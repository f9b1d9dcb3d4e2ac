// SPDX-License-Identifier: Apache-2.0
// Why a change of a base is not on the model that was to have it.
#pragma once

#include <stdexcept>

namespace thaw {

// It cannot be read as a change of that model: whoever knows what it was trained as, and what is asked of it, can say
// more.
struct ChangeMisfit : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace thaw
