// SPDX-License-Identifier: Apache-2.0
// Makes small GPT models for tests.
#include "tests/models/small_gpt.h"

namespace thaw {

GptConfig small_gpt_config(const std::string& model_type) {
  GptConfig config;
  config.model_type = model_type;
  config.vocab_size = small_vocabulary_size();
  config.n_positions = 32;
  config.n_embd = 16;
  config.n_layer = 3;
  config.n_head = 2;
  if (!config.is_gpt1()) config.n_inner = 24;
  config.activation_function = config.is_gpt1() ? "gelu" : "gelu_new";  // the same function
  config.resid_pdrop = config.embd_pdrop = config.attn_pdrop = 0;
  return config;
}

GptInput gpt_texts(const std::vector<std::vector<int32_t>>& texts, Device device) {
  std::vector<Encoding> encodings;
  for (const std::vector<int32_t>& ids : texts) encodings.emplace_back().ids = ids;
  return GptInput::from_encodings(encodings, device);
}

}  // namespace thaw
