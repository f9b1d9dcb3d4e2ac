// SPDX-License-Identifier: Apache-2.0
// The names in ViT's checkpoints. The reference library, from its version 5 on, has others in memory
// ("vit.layers.N.attention.q_proj"), and writes these.
#include "models/vit/config.h"

namespace thaw {

CheckpointNames ViTConfig::checkpoint_names() const {
  CheckpointNames names;
  names.prefix = "vit.";
  names.bare = {"embeddings.*", "encoder.*", "layernorm.*", "pooler.*"};
  names.required = {"embeddings.*", "encoder.*", "layernorm.*", "vit.embeddings.*", "vit.encoder.*", "vit.layernorm.*"};
  return names;
}

void ViTConfig::settle(CheckpointSource& source) {
  if (source.first_weights() == FirstWeights::random) check_spread(json, "initializer_range");
}

}  // namespace thaw
