// SPDX-License-Identifier: Apache-2.0
// Tells how AST's files name their tensors.
#include "models/ast/family.h"

#include "models/ast/config.h"

namespace thaw {

constinit const ModelFamily ast_family = {
    .model_type = "audio-spectrogram-transformer",
    .checkpoint_names = [](const Json& json) { return ASTConfig::from_json(json).checkpoint_names(); },
    .facts = nullptr,
    .open = nullptr,
};

}  // namespace thaw
