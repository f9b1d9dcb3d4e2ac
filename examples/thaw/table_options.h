// SPDX-License-Identifier: Apache-2.0
// The options of all entries of a table (tasks, optimizers) on one command line. Where entries have one name for an
// option, it is one option; what is given goes to the field of the entry that is chosen.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nn/option_field.h"

namespace CLI {
class App;
}  // namespace CLI

namespace thaw {

// "--label-separator" for "label_separator".
std::string option_name(std::string_view field);

class TableOptions {
 public:
  // called: what precedes an entry's name in messages: "the task", "--optim".
  explicit TableOptions(std::string called) : called_(std::move(called)) {}

  // std::invalid_argument if another entry has one of these fields with another type.
  void add_entry(const std::string& name, std::vector<OptionField> fields);
  // Each option that an entry has; the help tells what it is to each, where that differs.
  void add_options(CLI::App& command, const std::string& group) const;
  // After the command line is read: what is given goes to the fields of this entry. Throws CLI::ValidationError on an
  // option that it has not, and on a number that only other entries take.
  void choose(const CLI::App& command, const std::string& name);

  // From now on the values that the fields of this entry have are their defaults: a model has brought its own.
  void take_defaults(const std::string& name);

  // After choose(): the fields whose values are not their defaults, as text.
  const std::map<std::string, std::string>& changed() const { return changed_; }
  // Is the value of such a field the path of a file?
  bool names_file(const std::string& field) const { return files_.contains(field); }
  // Is an option of the command line ("--label-column") a field of some entry?
  bool is_field(const std::string& option) const;

 private:
  struct Entry {
    std::string name;
    std::vector<OptionField> fields;
    std::map<std::string, std::string> defaults;  // of its fields, as text
  };
  std::string help_of(const OptionField& field) const;
  OptionRange range_of(const OptionField& field) const;

  std::string called_;
  std::vector<Entry> entries_;
  std::vector<OptionField> on_command_line_;  // of the first entry that has each: where a value given goes first
  std::map<std::string, std::string> changed_;
  std::set<std::string> files_;  // of these, the fields whose values are paths
};

}  // namespace thaw
