// SPDX-License-Identifier: Apache-2.0
// An option of an optimizer, as whoever asks a user for it needs to know it: a program's command line, a file of
// options. The optimizers check the same ranges themselves.
#pragma once

#include <limits>
#include <string>
#include <variant>

namespace thaw {

struct OptimizerOption {
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  std::string name;                    // "adam_beta1"; optimizers that share a name share its meaning
  std::variant<double*, bool*> field;  // where its value goes; holds the default
  std::string help;
  // Of a number, which must be finite: the range [least, most], without its ends if they are open.
  double least = 0, most = infinity;
  bool least_open = false, most_open = false;
};

}  // namespace thaw
