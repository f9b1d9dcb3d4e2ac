// SPDX-License-Identifier: Apache-2.0
// What a model can take of a text behind the prompts and prefixes that are on it then.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/text_model.h"
#include "nn/attention_prefix.h"
#include "nn/name_path.h"
#include "nn/soft_prompt.h"

namespace thaw {

// Rows that prompts and prefixes of the part of a model at that path ("decoder"; "": all of the model) have before each
// text now.
class RowsBefore {
 public:
  RowsBefore(const ParameterStore& store, std::string part)
      : part_(std::move(part)), prompts_(store.soft_prompts()), prefixes_(store.attention_prefixes()) {}
  int64_t operator()() const { return most_of(prompts_) + most_of(prefixes_); }

 private:
  template <typename Places>
  int64_t most_of(const Places& places) const {
    int64_t most = 0;
    for (const auto& place : places)
      if (part_.empty() || is_below(place->path, part_)) most = std::max(most, place->count());
    return most;
  }

  std::string part_;
  std::vector<std::shared_ptr<SoftPrompt>> prompts_;
  std::vector<std::shared_ptr<AttentionPrefix>> prefixes_;
};

// `limits` of a part of the model in the store: where it has positions, its prompts and prefixes take theirs of them,
// whenever it is asked. Where patches stand behind the text, positions are of words alone.
inline TextLimits behind_prompts(TextLimits limits, const ParameterStore& store, const std::string& part = {}) {
  if (limits.positions != TextLimits().positions && !limits.reads_files()) limits.taken = RowsBefore(store, part);
  return limits;
}

}  // namespace thaw
