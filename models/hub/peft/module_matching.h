// SPDX-License-Identifier: Apache-2.0
// Which modules an adapter's configuration is about, as peft (0.21) reads it: by Python's regular expressions and by
// the ends of names.
#pragma once

#include <optional>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "models/hub/peft/adapter_config.h"

namespace thaw {

class ModuleMatching {
 public:
  // `file` is named in errors: std::runtime_error for an expression that cannot be read.
  ModuleMatching(const AdapterConfig& config, const std::string& file);

  // target_modules is "all-linear".
  bool is_about_all() const { return all_; }
  // Is there an adapter on the module, going by its name alone? Where all are meant: may there be one?
  bool targets(const std::string& module) const;
  int64_t rank(const std::string& module) const;
  double alpha(const std::string& module) const;
  bool scales_input(const std::string& module) const;
  // Is the module one of modules_to_save, and so stored whole?
  bool saves(const std::string& module) const;
  // Is it the module that `ending` means, in the keys of trainable_token_indices?
  static bool ends_with(const std::string& module, const std::string& ending);

 private:
  using Numbers = std::vector<std::pair<std::regex, double>>;

  bool is_excluded(const std::string& module) const;
  bool is_in_layers(const std::string& module) const;

  AdapterConfig config_;
  bool all_ = false;
  std::optional<std::regex> targets_, excluded_, scaled_inputs_;
  std::vector<std::regex> not_below_;  // modules_to_save, which bear no adapter
  std::vector<std::regex> layers_;     // what the layer's number stands below
  Numbers ranks_, alphas_;
};

}  // namespace thaw
