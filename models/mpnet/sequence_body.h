// SPDX-License-Identifier: Apache-2.0
// MPNet as a body of rows (models/sequence_body.h): as BERT without types, at positions from 2 on.
#pragma once

#include <memory>

#include "models/sequence_body.h"
#include "nn/scope.h"
#include "tensor/io/json.h"

namespace thaw {

std::unique_ptr<SequenceBody> open_mpnet_body(const Scope& scope, const Json& config, const BodyOptions& options);

}  // namespace thaw
