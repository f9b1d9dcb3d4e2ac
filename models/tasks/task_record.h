// SPDX-License-Identifier: Apache-2.0
// What a saved directory is for: thaw_task.json beside its config.json, which names the task and those of its options
// that belong to the model.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nn/option_field.h"
#include "tensor/io/json.h"

namespace thaw {

struct TaskRecord {
  std::string task;
  Json options = Json::object();  // field -> text, number or truth value
};

// The fields whose values a model keeps (OptionField::kept), as they are now; without those that are not given.
TaskRecord make_task_record(std::string_view task, const std::vector<OptionField>& fields);
// Gives fields the values of a record, but for those named in `passed_over`, and returns their names.
// std::runtime_error, naming its file, on an option that the task does not keep, and on a value that it cannot have.
std::vector<std::string> take_up(const TaskRecord& record, const std::vector<OptionField>& fields,
                                 const std::vector<std::string>& passed_over = {});

void write_task_record(const std::string& directory, const TaskRecord& record);
// Nothing if the directory has none: another program wrote it. std::runtime_error on what is no such file.
std::optional<TaskRecord> read_task_record(const std::string& directory);

}  // namespace thaw
