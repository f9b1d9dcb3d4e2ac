// SPDX-License-Identifier: Apache-2.0
// peft's names for what an architecture is for.
#pragma once

#include <string>
#include <string_view>

namespace thaw {

// "SEQ_CLS" for "BertForSequenceClassification"; empty: peft has none.
std::string task_type_of(std::string_view architecture);
// How the architectures of a task type end: "ForSequenceClassification"; empty: not known.
std::string architecture_ending(std::string_view task_type);

}  // namespace thaw
