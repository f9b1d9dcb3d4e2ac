// SPDX-License-Identifier: Apache-2.0
// Prefixes known again by all that decides their numbers.
#pragma once

#include "models/prefix/frozen_prefix.h"
#include "models/prefix/key.h"
#include "nn/parameter.h"
#include "nn/train/fingerprint.h"
#include "tensor/dtype.h"

namespace thaw {

// Of the frozen stages' weights, the model's switches, the device that computes (its kernels, libraries and threads),
// and the type that rows are kept as.
Key128 prefix_key(const FrozenPrefix& prefix, const ParameterStore& store, const Fingerprint& switches, DType kept_as);

}  // namespace thaw
