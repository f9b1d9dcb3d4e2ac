// SPDX-License-Identifier: Apache-2.0
// What is trained and what is frozen, in numbers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nn/parameter.h"

namespace thaw {

// For a table: numbers by group (the part of the name up to a layer or module).
struct FreezeReport {
  struct Group {
    std::string name;
    int64_t trained = 0, frozen = 0;  // numbers
    bool is_ruled = false;            // by the mask's rules, not by what adapters leave as it is
  };
  std::vector<Group> groups;  // in the order of construction
  int64_t trained = 0, frozen = 0;
  int64_t gradient_bytes = 0, optimizer_bytes = 0;  // with AdamW's two moments
  struct Rule {
    std::string text;
    int64_t tensors = 0;  // that it is about
  };
  std::vector<Rule> rules;         // of the mask that was applied
  std::vector<std::string> notes;  // one line each: rules about another name of a parameter
  // Names of parameters whose first, random numbers would stay: of heads, and of prompts and prefixes just put on.
  std::vector<std::string> new_and_frozen;
  std::vector<std::string> unread;  // names that the rules would train, and that nothing reads (FreezeSchedule)
  double per_mille() const {
    return trained + frozen ? 1000.0 * static_cast<double>(trained) / static_cast<double>(trained + frozen) : 0;
  }
};

// The group of each parameter of the store.
std::vector<std::string> freeze_groups(const ParameterStore& store);

// What the store's parameters are now.
FreezeReport freeze_report(const ParameterStore& store);

// One line for each kind of adapter that is on some products as it begins, and frozen.
std::vector<std::string> adapters_without_effect(const ParameterStore& store);

// One line for each part of the model that rules freeze as a whole and that reads what a trained part below it gives:
// it was made for other inputs. Parts are the report's groups; what was constructed earlier is below. parallel: of each
// side that reads nothing but data and itself, what its groups' names begin with.
std::vector<std::string> frozen_above_trained(const FreezeReport& report,
                                              const std::vector<std::vector<std::string>>& parallel = {});

}  // namespace thaw
