// SPDX-License-Identifier: Apache-2.0
// Freezing by rules over parameter names: the last rule that matches decides.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "nn/name_pattern.h"
#include "nn/parameter.h"

namespace thaw {

// What apply() did, for a table: numbers by group (the part of the name up to a layer or module).
struct FreezeReport {
  struct Group {
    std::string name;
    int64_t trained = 0, frozen = 0;  // numbers
  };
  std::vector<Group> groups;  // in the order of construction
  int64_t trained = 0, frozen = 0;
  int64_t gradient_bytes = 0, optimizer_bytes = 0;  // with AdamW's two moments
  std::vector<std::string> notes;                   // one line each: rules about another name of a parameter
  double per_mille() const {
    return trained + frozen ? 1000.0 * static_cast<double>(trained) / static_cast<double>(trained + frozen) : 0;
  }
};

class FreezeMask {
 public:
  static FreezeMask all_frozen();
  static FreezeMask all_trained();

  // Patterns (name_pattern.h) match the whole name; std::invalid_argument if it is none.
  FreezeMask& train(const std::string& pattern);
  FreezeMask& freeze(const std::string& pattern);
  FreezeMask& train_rows(const std::string& pattern, int64_t begin, int64_t end);

  // The same as text, in which all is trained at first, one rule a line: "train PATTERN", "freeze PATTERN", "train
  // PATTERN rows 5:9"; "#" begins a comment. Errors name origin and line.
  static FreezeMask parse(std::string_view text, const std::string& origin);
  static FreezeMask read(const std::filesystem::path& path);
  std::string to_text() const;

  // Freezes and thaws the store's parameters; can be applied again and again (gradual unfreezing). A rule that matches
  // nothing is an error that lists near names. So are rules about other names of one parameter that contradict each
  // other, unless one about its own name stands behind them.
  FreezeReport apply(ParameterStore& store) const;

 private:
  enum class Action { train, freeze, train_rows };
  struct Rule {
    Action action;
    NamePattern pattern;
    int64_t begin = 0, end = 0;
    std::string place = {};  // "FILE:LINE: " if it was read, for errors
  };
  FreezeMask& add(Rule rule);
  static std::string to_text(const Rule& rule);
  // The rule that decides about a parameter, if any, and what there is to say of it.
  const Rule* rule_of(const Parameter& parameter, std::vector<std::string>& notes) const;

  std::vector<Rule> rules_;
};

// What the store's parameters are now.
FreezeReport freeze_report(const ParameterStore& store);

}  // namespace thaw
