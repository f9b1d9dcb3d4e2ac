// SPDX-License-Identifier: Apache-2.0
// The small models of the table's rows: as small_bert.h and its like have them, with a dropout and three classes.
#pragma once

#include <string>

#include "models/bert/config.h"
#include "models/gpt/config.h"
#include "models/mpnet/config.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_gpt.h"
#include "tests/models/small_mpnet.h"
#include "tests/models/tuning_plans.h"

namespace thaw {

inline BertConfig row_bert_config(double dropout) {
  BertConfig c = small_bert_config();
  c.num_hidden_layers = 4;
  c.hidden_dropout_prob = c.attention_probs_dropout_prob = dropout;
  c.labels = {"a", "b", "c"};
  return c;
}

inline MPNetConfig row_mpnet_config(double dropout) {
  MPNetConfig c = small_mpnet_config();
  c.num_hidden_layers = 4;
  c.hidden_dropout_prob = c.attention_probs_dropout_prob = dropout;
  c.labels = {"a", "b", "c"};
  return c;
}

inline GptConfig row_gpt_config(const std::string& model_type, double dropout) {
  GptConfig c = small_gpt_config(model_type);
  c.resid_pdrop = c.embd_pdrop = c.attn_pdrop = dropout;
  c.labels = {"a", "b", "c"};
  c.pad_token_id = 0;
  return c;
}

template <typename Config>
TunedSizes sizes_of(const Config& c, int64_t numbers) {
  return {c.hidden_size, c.intermediate_size, c.num_hidden_layers, c.vocab_size, numbers};
}

inline TunedSizes sizes_of(const GptConfig& c, int64_t numbers) {
  return {c.n_embd, c.inner_size(), c.n_layer, c.vocab_size, numbers};
}

}  // namespace thaw
