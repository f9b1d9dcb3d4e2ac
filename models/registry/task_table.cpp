// SPDX-License-Identifier: Apache-2.0
// The table of tasks. A new task is a line here.
#include "models/tasks/task_table.h"

#include <algorithm>
#include <exception>

#include "models/tasks/classification/task.h"
#include "tensor/check.h"
#include "tensor/io/json.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

template <typename T>
std::unique_ptr<Task> make(FieldNames called) {
  return std::make_unique<T>(std::move(called));
}

struct Entry {
  std::string_view name;
  // How the architectures end that are this task's alone, of any family; empty: only the name asks for it.
  std::string_view architecture;
  std::unique_ptr<Task> (*make)(FieldNames);
};

constexpr Entry tasks[] = {
    {"classification", "ForSequenceClassification", make<ClassificationTask>},
};

}  // namespace

std::vector<std::string> task_names() {
  std::vector<std::string> names;
  for (const Entry& task : tasks) names.emplace_back(task.name);
  return names;
}

std::unique_ptr<Task> make_task(std::string_view name, FieldNames called) {
  const auto found = std::ranges::find(tasks, name, &Entry::name);
  check(found != std::end(tasks), "{} is no task; there are: {}", quote(name), listed(task_names()));
  return found->make(std::move(called));
}

std::string task_of_directory(const std::string& directory) try {
  const Json config = Json::read(directory + "/config.json");
  const Json* architectures = config.find("architectures");
  if (architectures && architectures->is_array())
    for (const Json& architecture : architectures->items())
      for (const Entry& task : tasks)
        if (!task.architecture.empty() && architecture.is_string() &&
            architecture.as_string().ends_with(task.architecture))
          return std::string(task.name);
  return std::string(tasks[0].name);
} catch (const std::exception&) {
  return std::string(tasks[0].name);
}

}  // namespace thaw
