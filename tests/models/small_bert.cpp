// SPDX-License-Identifier: Apache-2.0
// Makes small BERT models for tests.
#include "tests/models/small_bert.h"

#include "models/text/encoding.h"
#include "tensor/random_key.h"

namespace thaw {

BertConfig small_bert_config() {
  BertConfig config;
  config.vocab_size = small_vocabulary_size();
  config.hidden_size = 16;
  config.num_hidden_layers = 3;
  config.num_attention_heads = 2;
  config.intermediate_size = 24;
  config.max_position_embeddings = 32;
  config.hidden_dropout_prob = 0;
  config.attention_probs_dropout_prob = 0;
  return config;
}

BertInput small_batch(const BertConfig& config, const std::vector<int32_t>& lengths, Device device, uint64_t seed) {
  std::vector<Encoding> texts;
  for (size_t b = 0; b < lengths.size(); ++b) {
    Encoding text;
    for (int32_t t = 0; t < lengths[b]; ++t) {
      const uint32_t word = random_words({seed, b}, static_cast<uint64_t>(t))[0];
      text.ids.push_back(static_cast<int32_t>(1 + word % static_cast<uint32_t>(config.vocab_size - 1)));
      text.type_ids.push_back(t > lengths[b] / 2 ? 1 : 0);
    }
    texts.push_back(std::move(text));
  }
  return BertInput::from_encodings(texts, device);
}

}  // namespace thaw
