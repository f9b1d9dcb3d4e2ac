// SPDX-License-Identifier: Apache-2.0
// An option of a task, as whoever asks a user for it needs to know it: a program's command line, a file of options.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace thaw {

// What a task is opened for: training (and looking at data before it), or predicting.
enum class TaskUse { training, prediction };

// Tasks may share a name; each has its own default and help.
struct TaskOption {
  std::string name;                                            // "text_column"
  std::variant<std::string*, int64_t*, double*, bool*> field;  // where its value goes; holds the default
  std::string help;
  std::vector<std::string> words = {};  // of a text: what it may be; empty: anything
  double least = 0, most = 1e12;        // of a number
};

// The field's value as text: numbers by their value, "true" or "false".
std::string value_text(const TaskOption& option);

}  // namespace thaw
