// SPDX-License-Identifier: Apache-2.0
// How metrics are written as JSON, which has no form for a number that is not finite: as null, everywhere.
#pragma once

#include "nn/train/metrics.h"
#include "tensor/io/json.h"

namespace thaw {

// The number, or null if it is not finite.
Json metric_json(double value);
// An object: NAME: number or null.
Json metrics_json(const Metrics& metrics);

// The number back; null: NaN. Throws std::runtime_error on anything else, naming file and key.
double metric_of(const Json& value);
Metrics metrics_of(const Json& object);

}  // namespace thaw
