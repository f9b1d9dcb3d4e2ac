// SPDX-License-Identifier: Apache-2.0
// BERT as a body of rows (models/sequence_body.h): + positions + type 0, the norm of embeddings, bidirectional layers.
#pragma once

#include <memory>

#include "models/bert/config.h"
#include "models/sequence_body.h"
#include "nn/scope.h"

namespace thaw {

std::unique_ptr<SequenceBody> open_bert_body(const Scope& scope, const Json& config, const BodyOptions& options);

// What of the configuration changes the numbers of a body.
Fingerprint switches_of_body(const BertConfig& config);

}  // namespace thaw
