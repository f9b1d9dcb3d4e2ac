// SPDX-License-Identifier: Apache-2.0
// Fields as JSON and back.
#include "models/tasks/task_record.h"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <variant>

#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr const char* file_name = "/thaw_task.json";

// Reads the value of a field, which may be an optional one.
class Reader {
 public:
  Reader(const OptionField& field, const Json& options) : field_(field), options_(options) {}

  template <class T>
  void operator()(std::optional<T>* value) const {
    (*this)(&value->emplace());
  }
  void operator()(std::string* text) const {
    *text = options_.get_string(field_.name);
    if (!field_.words.empty() && std::ranges::find(field_.words, *text) == field_.words.end())
      fail("{}: {} is none of {}", where(), quote(*text), listed(field_.words));
  }
  void operator()(bool* flag) const { *flag = options_.get_bool(field_.name); }
  void operator()(double* number) const {
    *number = options_.get_number(field_.name);
    if (!field_.range.holds(*number)) fail("{}: {} is not in {}", where(), *number, field_.range.to_text());
  }
  void operator()(int64_t* whole) const {
    double number = 0;
    (*this)(&number);
    *whole = options_.get_int(field_.name);
  }

 private:
  std::string where() const { return options_.where(field_.name); }

  const OptionField& field_;
  const Json& options_;
};

// The field's value; nothing of an optional one that has none.
std::optional<Json> value_of(const OptionField& field) {
  return std::visit(
      [](const auto* value) -> std::optional<Json> {
        if constexpr (requires { value->has_value(); })
          return value->has_value() ? std::optional<Json>(**value) : std::nullopt;
        else
          return *value;
      },
      field.field);
}

}  // namespace

TaskRecord make_task_record(std::string_view task, const std::vector<OptionField>& fields) {
  TaskRecord record{std::string(task)};
  for (const OptionField& field : fields) {
    if (!field.kept || record.options.find(field.name)) continue;
    if (std::optional<Json> value = value_of(field)) record.options.set(field.name, std::move(*value));
  }
  return record;
}

std::vector<std::string> take_up(const TaskRecord& record, const std::vector<OptionField>& fields,
                                 const std::vector<std::string>& passed_over) {
  std::vector<std::string> names;
  for (const JsonMember& member : record.options.members()) {
    const auto field = std::ranges::find_if(
        fields, [&](const OptionField& option) { return option.kept && option.name == member.key; });
    if (field == fields.end())
      fail("{}: no option that the task {} keeps", record.options.where(member.key), record.task);
    if (std::ranges::find(passed_over, field->name) != passed_over.end()) continue;
    std::visit(Reader(*field, record.options), field->field);
    names.push_back(field->name);
  }
  return names;
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
