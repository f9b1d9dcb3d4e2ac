// SPDX-License-Identifier: Apache-2.0
// The rules of a freeze mask that put adapters on products, prompts before texts, and prefixes before keys.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "nn/freeze/rule.h"
#include "nn/parameter.h"

namespace thaw {

// Puts on what the rules say and is not there yet; of two rules for one kind on one product the later counts. Should
// anything be wrong, or this be destroyed before keep(), they are taken off again. std::invalid_argument, naming the
// rule: it matches no product or self-attention, or one that has another adapter of its kind; there is no place for a
// prompt.
class AddedAdapters {
 public:
  AddedAdapters(ParameterStore& store, std::span<const FreezeRule> rules);
  ~AddedAdapters();
  AddedAdapters(const AddedAdapters&) = delete;
  AddedAdapters& operator=(const AddedAdapters&) = delete;

  void keep() { kept_ = true; }
  // The rule that the parameter of an adapter is there by: its number; -1: none.
  int64_t rule_of(const Parameter& parameter) const;
  int64_t tensors_of(size_t rule) const;

 private:
  void add(Product& product, size_t number, const FreezeRule& rule);
  void add(AttentionPrefix& prefix, size_t number, const FreezeRule& rule);
  void add_prompts(std::span<const FreezeRule> rules);
  void take_off();

  ParameterStore& store_;
  struct Made {
    Parameter parameter;
    size_t rule;
    bool is_new;
  };
  std::vector<Made> made_;
  bool kept_ = false;
};

}  // namespace thaw
