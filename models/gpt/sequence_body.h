// SPDX-License-Identifier: Apache-2.0
// GPT-1 and GPT-2 as bodies of rows (models/sequence_body.h): + positions, causal blocks, in GPT-2 the last norm.
#pragma once

#include <memory>

#include "models/gpt/config.h"
#include "models/sequence_body.h"
#include "nn/scope.h"

namespace thaw {

std::unique_ptr<SequenceBody> open_gpt_body(const Scope& scope, const Json& config, const BodyOptions& options);

// What of the configuration changes the numbers of a body.
Fingerprint switches_of_body(const GptConfig& config);

}  // namespace thaw
