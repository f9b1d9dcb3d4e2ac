// SPDX-License-Identifier: Apache-2.0
// The options of all optimizers on a command line, the optimizer that is asked for, and its rates by name.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "examples/thaw/table_options.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/optim/optimizer_table.h"

namespace CLI {
class App;
}  // namespace CLI

namespace thaw {

class OptimizerArguments {
 public:
  OptimizerArguments();

  // --optim, --lr, --layer-decay, and each option that an optimizer of the table has.
  void add_options(CLI::App& command, const std::string& group);
  // After the command line is read: settles what is asked for. learning_rate: that of what --lr does not name. Throws
  // CLI::ValidationError on an option that the optimizer has not, std::invalid_argument on options out of their range
  // or that contradict each other.
  void choose(const CLI::App& command, double learning_rate);

  // Rates by rules of a freeze mask: before those of --lr, which have the last word.
  void add_rates(const std::vector<FreezeMask::LearningRate>& of_rules);

  const std::string& name() const { return name_; }
  // std::invalid_argument: a rule matches no parameter.
  std::unique_ptr<Optimizer> make(ParameterStore& store) const;
  // The same as a function, which must not outlive this.
  std::function<std::unique_ptr<Optimizer>(ParameterStore&)> maker() const {
    return [this](ParameterStore& store) { return make(store); };
  }
  // One line each: rates about another name of a parameter, or about what no stage trains (which marks it as changed).
  std::vector<std::string> notes(const ParameterStore& store) const;
  // The rules of --lr as given, numbers by their value.
  std::vector<std::string> rates() const;

 private:
  struct Rate {
    std::string pattern;
    double rate;
    bool is_option = true;        // --lr, or a rule
    std::string to_text() const;  // as it is given
  };
  void add_rate(const std::string& text);

  std::string name_;
  std::map<std::string, std::unique_ptr<OptimizerChoice>> choices_;
  TableOptions options_{"--optim"};
  std::vector<Rate> rates_;
  double layer_decay_ = 1, learning_rate_ = 0;
};

}  // namespace thaw
