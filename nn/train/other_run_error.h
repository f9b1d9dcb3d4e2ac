// SPDX-License-Identifier: Apache-2.0
// A checkpoint that a run with other options wrote: what differs may be called otherwise where options have names.
#pragma once

#include <stdexcept>

namespace thaw {

struct OtherRunError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace thaw
