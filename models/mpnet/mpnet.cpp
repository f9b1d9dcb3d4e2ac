// SPDX-License-Identifier: Apache-2.0
// The parts of MPNet.
#include "models/mpnet/mpnet.h"

namespace thaw {

MPNet::MPNet(const Scope& s, const MPNetConfig& config, Pooler with_pooler)
    : Bert(BertEmbeddings(s / "embeddings", config)) {
  embeddings.padding_id = embeddings.padding_position = MPNetConfig::padding;
  bias = RelativePositionBias(s / "encoder.relative_attention_bias",
                              {false, MPNetConfig::buckets, MPNetConfig::max_distance}, config.num_attention_heads,
                              Init::normal(config.initializer_range), config.relative_attention_num_buckets);
  const BertLayerNames names{"attention.attn", "q", "k", "v", "attention.attn.o", "attention.LayerNorm"};
  for (int i = 0; i < config.num_hidden_layers; ++i) layers.emplace_back(s / "encoder.layer" / i, config, names, bias);
  if (with_pooler == Pooler::with) take_pooler(s / "pooler", config);
  take_prompts(s, config.positions());
}

}  // namespace thaw
