// SPDX-License-Identifier: Apache-2.0
// The tasks there are, by name and by the architectures of the models they are for.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/tasks/task.h"

namespace thaw {

std::vector<std::string> task_names();

// std::invalid_argument, listing the tasks there are, if none has that name.
std::unique_ptr<Task> make_task(std::string_view name, FieldNames called = {});

// The name of the task that a directory's model is for: as the directory keeps it (task_record.h), else by
// `architectures` in its config.json; of an encoder that is for no task yet, or a directory without a readable
// config.json (opening it says what is wrong), the first task's. std::runtime_error on a damaged record, and on a task
// that there is not.
std::string task_of_directory(const std::string& directory);

// The tasks whose models write texts when they are asked to, by what `thaw generate` asks them: their options tell how.
// Their names are those of the tasks.
std::vector<std::string> writing_task_names();
std::unique_ptr<Task> make_writing_task(std::string_view name, FieldNames called = {});
// That of a directory; of one of another task the task of texts for texts, which says what is wrong with it.
std::string writing_task_of(const std::string& directory);

}  // namespace thaw
