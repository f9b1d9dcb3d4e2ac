// SPDX-License-Identifier: Apache-2.0
// Fields as options.
#include "examples/thaw/table_options.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <algorithm>
#include <optional>
#include <type_traits>
#include <variant>

#include "examples/number_options.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

WholeRange whole_range(const OptionRange& range) {
  const auto most = static_cast<double>(WholeRange().most);
  return {static_cast<int64_t>(std::max(range.least, -most)), static_cast<int64_t>(std::min(range.most, most))};
}

NumberRange number_range(const OptionRange& range) {
  return {range.least, std::min(range.most, NumberRange().most), range.least_open, range.most_open};
}

class FieldAdder {
 public:
  FieldAdder(CLI::App& command, const OptionField& option, const std::string& help)
      : command_(command), option_(option), help_(help) {}

  CLI::Option* operator()(std::string* text) const {
    if (option_.is_file) return command_.add_option(name_, *text, help_)->type_name("FILE");
    return option_.words.empty() ? command_.add_option(name_, *text, help_)
                                 : add_word(command_, name_, *text, option_.words, help_);
  }
  CLI::Option* operator()(bool* flag) const { return command_.add_flag(name_, *flag, help_); }
  CLI::Option* operator()(std::optional<bool>* flag) const {  // the library would give it a value that nobody gave
    return command_
        .add_flag_function(
            name_, [flag](int64_t times) { *flag = times > 0; }, help_)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }
  CLI::Option* operator()(int64_t* number) const { return add_whole(*number); }
  CLI::Option* operator()(std::optional<int64_t>* number) const { return add_whole(*number); }
  CLI::Option* operator()(double* number) const { return add_real(*number); }
  CLI::Option* operator()(std::optional<double>* number) const { return add_real(*number); }

 private:
  template <class Value>
  CLI::Option* add_whole(Value& value) const {
    return add_number(command_, name_, value, whole_range(option_.range), help_);
  }
  template <class Value>
  CLI::Option* add_real(Value& value) const {
    return add_number(command_, name_, value, number_range(option_.range), help_);
  }

  CLI::App& command_;
  const OptionField& option_;
  const std::string& help_;
  std::string name_ = option_name(option_.name);
};

// Of a number outside its range; empty: it is within.
std::string expected_instead(const OptionField& given, const OptionRange& range) {
  return std::visit(
      [&](const auto* field) -> std::string {
        const std::optional value(*field);
        using Number = typename decltype(value)::value_type;
        if constexpr (std::is_same_v<Number, int64_t>)
          return !value || range.holds(static_cast<double>(*value)) ? "" : expected_text(whole_range(range));
        else if constexpr (std::is_same_v<Number, double>)
          return !value || range.holds(*value) ? "" : expected_text(number_range(range));
        else
          return "";
      },
      given.field);
}

// Of a field whose help tells what happens if it is not given: nothing.
std::string shown_default(const OptionField& option) {
  const std::string text = value_text(option);
  const bool is_none =
      std::holds_alternative<bool*>(option.field) || (std::holds_alternative<int64_t*>(option.field) && text == "0");
  return is_none ? "" : text;
}

}  // namespace

std::string option_name(std::string_view field) {
  std::string name = "--" + std::string(field);
  std::ranges::replace(name, '_', '-');
  return name;
}

void TableOptions::add_entry(const std::string& name, std::vector<OptionField> fields) {
  Entry entry{name, std::move(fields), {}};
  for (const OptionField& field : entry.fields) {
    entry.defaults[field.name] = value_text(field);
    const auto known = std::ranges::find(on_command_line_, field.name, &OptionField::name);
    if (known == on_command_line_.end()) {
      on_command_line_.push_back(field);
      continue;
    }
    check(are_of_one_type(*known, field), "option {}: {} {} has it of another type", field.name, called_, name);
  }
  entries_.push_back(std::move(entry));
}

// Empty if entries have it for different things: each tells its own then.
std::string TableOptions::help_of(const OptionField& field) const {
  std::string all;
  bool differs = false;
  for (const Entry& entry : entries_) {
    const auto own = std::ranges::find(entry.fields, field.name, &OptionField::name);
    if (own == entry.fields.end()) continue;
    const std::string shown = shown_default(*own);
    differs = differs || own->help != field.help || shown != shown_default(field);
    all += fmt::format("{}{}: {}", all.empty() ? "" : "; ", entry.name, own->help);
    if (!shown.empty()) all += fmt::format(" (default: {})", shown);
  }
  return differs ? all : "";
}

// Any number where entries differ: choose() holds it to the range of the one that is chosen.
OptionRange TableOptions::range_of(const OptionField& field) const {
  for (const Entry& entry : entries_) {
    const auto own = std::ranges::find(entry.fields, field.name, &OptionField::name);
    if (own != entry.fields.end() && own->range != field.range) return {.least = -OptionRange::infinity};
  }
  return field.range;
}

void TableOptions::add_options(CLI::App& command, const std::string& group) const {
  for (OptionField field : on_command_line_) {
    const std::string each = help_of(field), given_default = shown_default(field);
    const std::string& help = each.empty() ? field.help : each;
    field.range = range_of(field);
    CLI::Option* added = std::visit(FieldAdder(command, field, help), field.field);
    added->group(group);
    if (field.is_file && field.words.empty()) added->type_name("FILE");
    if (each.empty() && !given_default.empty()) added->default_str(given_default);
  }
}

void TableOptions::choose(const CLI::App& command, const std::string& name) {
  const Entry& entry = *std::ranges::find(entries_, name, &Entry::name);
  for (const OptionField& given : on_command_line_) {
    if (command.count(option_name(given.name)) == 0) continue;
    const auto own = std::ranges::find(entry.fields, given.name, &OptionField::name);
    if (own == entry.fields.end())
      throw CLI::ValidationError(option_name(given.name), fmt::format("no option of {} {}", called_, name));
    if (const std::string expected = expected_instead(given, own->range); !expected.empty())
      throw CLI::ValidationError(option_name(given.name),
                                 fmt::format("{} was expected, not {}", expected, quote(value_text(given))));
    copy_value(given, *own);
    const std::string value = value_text(*own);
    if (value == entry.defaults.at(own->name)) continue;
    changed_[own->name] = value;
    if (own->is_file && std::ranges::find(own->words, value) == own->words.end()) files_.insert(own->name);
  }
}

void TableOptions::take_defaults(const std::string& name) {
  Entry& entry = *std::ranges::find(entries_, name, &Entry::name);
  for (const OptionField& field : entry.fields) entry.defaults[field.name] = value_text(field);
}

bool TableOptions::is_field(const std::string& option) const {
  return std::ranges::any_of(on_command_line_, [&](const auto& known) { return option_name(known.name) == option; });
}

}  // namespace thaw
