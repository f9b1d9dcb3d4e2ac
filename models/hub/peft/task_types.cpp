// SPDX-License-Identifier: Apache-2.0
// One table, read both ways.
#include "models/hub/peft/task_types.h"

#include <array>
#include <utility>

namespace thaw {
namespace {

using Entry = std::pair<std::string_view, std::string_view>;
constexpr std::array<Entry, 6> of_architectures{{{"ForSequenceClassification", "SEQ_CLS"},
                                                 {"ForTokenClassification", "TOKEN_CLS"},
                                                 {"ForQuestionAnswering", "QUESTION_ANS"},
                                                 {"ForConditionalGeneration", "SEQ_2_SEQ_LM"},
                                                 {"EncoderDecoderModel", "SEQ_2_SEQ_LM"},
                                                 {"LMHeadModel", "CAUSAL_LM"}}};

}  // namespace

std::string task_type_of(std::string_view architecture) {
  for (const auto& [ending, type] : of_architectures)
    if (architecture.ends_with(ending)) return std::string(type);
  return {};
}

std::string architecture_ending(std::string_view task_type) {
  for (const auto& [ending, type] : of_architectures)
    if (task_type == type) return std::string(ending);
  return task_type == "FEATURE_EXTRACTION" ? "Model" : "";
}

}  // namespace thaw
