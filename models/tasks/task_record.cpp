// SPDX-License-Identifier: Apache-2.0
// Fields as JSON and back.
#include "models/tasks/task_record.h"

#include <algorithm>
#include <filesystem>
#include <variant>

#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr const char* file_name = "/thaw_task.json";

void set(const OptionField& field, const Json& options) {
  const std::string where = options.where(field.name);
  if (auto* const* text = std::get_if<std::string*>(&field.field)) {
    **text = options.get_string(field.name);
    if (!field.words.empty() && std::ranges::find(field.words, **text) == field.words.end())
      fail("{}: {} is none of {}", where, quote(**text), listed(field.words));
  } else if (auto* const* flag = std::get_if<bool*>(&field.field)) {
    **flag = options.get_bool(field.name);
  } else {
    const double number = options.get_number(field.name);
    if (!field.range.holds(number)) fail("{}: {} is not in {}", where, number, field.range.to_text());
    if (auto* const* whole = std::get_if<int64_t*>(&field.field)) {
      **whole = options.get_int(field.name);
    } else {
      *std::get<double*>(field.field) = number;
    }
  }
}

}  // namespace

TaskRecord make_task_record(std::string_view task, const std::vector<OptionField>& fields) {
  TaskRecord record{std::string(task)};
  for (const OptionField& field : fields)
    if (field.kept && !record.options.find(field.name))
      std::visit([&](const auto* value) { record.options.set(field.name, *value); }, field.field);
  return record;
}

void take_up(const TaskRecord& record, const std::vector<OptionField>& fields) {
  for (const JsonMember& member : record.options.members()) {
    const auto field = std::ranges::find_if(
        fields, [&](const OptionField& option) { return option.kept && option.name == member.key; });
    if (field == fields.end())
      fail("{}: no option that the task {} keeps", record.options.where(member.key), record.task);
    set(*field, record.options);
  }
}

void write_task_record(const std::string& directory, const TaskRecord& record) {
  Json::object().set("task", record.task).set("options", record.options).write(directory + file_name, {.indent = 2});
}

std::optional<TaskRecord> read_task_record(const std::string& directory) {
  const std::string file = directory + file_name;
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return {};
  const Json json = Json::read(file);
  return TaskRecord{json.get_string("task"), json.get_object("options")};
}

}  // namespace thaw
