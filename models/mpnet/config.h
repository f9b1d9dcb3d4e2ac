// SPDX-License-Identifier: Apache-2.0
// MPNetConfig: the sizes and switches of an MPNet model, read from config.json and written back.
#pragma once

#include <cstdint>
#include <string>

#include "models/bert/config.h"

namespace thaw {

// BERT's, without segment types. The reference library has the number of buckets, the longest distance that it tells
// from others and the padding's row in its code, whatever a file says.
struct MPNetConfig : BertConfig {
  static constexpr int64_t buckets = 32, max_distance = 128;
  static constexpr int32_t padding = 1;  // its row of words and of positions; a text's first position is the next one

  int64_t relative_attention_num_buckets = buckets;  // rows of the table of biases; only the first ones are read

  MPNetConfig();
  // Errors as in BertConfig.
  static MPNetConfig from_json(const Json& json);
  Json to_json(const std::string& architecture) const;
  CheckpointNames checkpoint_names() const;
  void settle(CheckpointSource& source);

  int64_t positions() const { return max_position_embeddings - padding - 1; }  // of a text
};

}  // namespace thaw
