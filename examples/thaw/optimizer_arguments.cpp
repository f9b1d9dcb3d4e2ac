// SPDX-License-Identifier: Apache-2.0
// The table of optimizers as options; rates as rules.
#include "examples/thaw/optimizer_arguments.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <algorithm>
#include <utility>

#include "examples/number_options.h"
#include "nn/matching.h"
#include "nn/name_pattern.h"
#include "tensor/check.h"
#include "tensor/dry_device.h"
#include "tensor/quote.h"

namespace thaw {
OptimizerArguments::OptimizerArguments() : name_(optimizer_names().front()) {
  for (const std::string& name : optimizer_names()) {
    std::unique_ptr<OptimizerChoice>& choice = choices_[name] = choose_optimizer(name);
    options_.add_entry(name, choice->options());
  }
}

void OptimizerArguments::add_rate(const std::string& text) {
  const auto refuse = [](const std::string& why) { throw CLI::ValidationError("--lr", why); };
  const size_t equals = text.rfind('=');
  double rate = 0;
  if (equals == std::string::npos || equals == 0 || !read_finite(text.substr(equals + 1), rate) || rate < 0)
    refuse(fmt::format("PATTERN=RATE was expected, as 'classifier.*=1e-3', not {}", quote(text)));
  const std::string pattern = text.substr(0, equals);
  try {
    const NamePattern valid(pattern);
  } catch (const std::invalid_argument& error) {
    refuse(error.what());
  }
  rates_.push_back({pattern, rate});
}

void OptimizerArguments::add_rates(const std::vector<FreezeMask::LearningRate>& of_rules) {
  std::vector<Rate> rates;
  for (const FreezeMask::LearningRate& rule : of_rules) rates.push_back({rule.pattern, rule.highest, false});
  rates_.insert(rates_.begin(), rates.begin(), rates.end());
}

void OptimizerArguments::add_options(CLI::App& command, const std::string& group) {
  add_word(command, "--optim", name_, optimizer_names(), "the optimizer; some options below are of one of them alone")
      ->default_str(name_)
      ->group(group);
  command
      .add_option_function<std::vector<std::string>>(
          "--lr",
          [this](const std::vector<std::string>& rules) {
            for (const std::string& rule : rules) add_rate(rule);
          },
          "the highest rate of what matches, e.g. 'classifier.*=1e-3', under the schedule of --learning-rate; the last "
          "that matches decides")
      ->type_name("PATTERN=RATE")
      ->trigger_on_parse()
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false)
      ->group(group);
  add_number(
      command, "--layer-decay", layer_decay_, NumberRange{.most = 1, .above = true},
      "each layer learns at so many times the rate of the one above it, embeddings the slowest, the head at full "
      "rate (1: all alike); --lr has the last word")
      ->default_str(fmt::format("{}", layer_decay_))
      ->group(group);
  options_.add_options(command, group);
}

void OptimizerArguments::choose(const CLI::App& command, double learning_rate) {
  learning_rate_ = learning_rate;
  if (learning_rate == 0 && !rates_.empty())
    throw CLI::ValidationError(rates_[0].to_text(), "the rates follow the schedule of --learning-rate, which is 0");
  options_.choose(command, name_);
  const DryDevice dry;
  ParameterStore empty(dry.device());
  choices_.at(name_)->make(empty);  // it checks its options
}

std::unique_ptr<Optimizer> OptimizerArguments::make(ParameterStore& store) const {
  ParameterRules rules;
  if (layer_decay_ != 1) rules.layer_decay(layer_decay_);
  for (const Rate& rate : rates_) {
    matching_parameters(store, NamePattern(rate.pattern), rate.to_text());
    rules.rate_factor(rate.pattern, rate.rate / learning_rate_);
  }
  return choices_.at(name_)->make(store, std::move(rules));
}

std::string OptimizerArguments::Rate::to_text() const {
  return is_option ? fmt::format("--lr {}={}", pattern, rate) : fmt::format("\"lr {} {}\"", pattern, rate);
}

std::vector<std::string> OptimizerArguments::notes(const ParameterStore& store) const {
  std::vector<std::string> notes;
  for (const Rate& rate : rates_) {
    const NamePattern pattern(rate.pattern);
    for (const std::string& note : tie_notes(store, pattern, rate.to_text())) notes.push_back(note);
    const auto is_trained = [&](size_t i) { return store.all()[i].changed().any() || !store.all()[i].frozen(); };
    if (std::ranges::none_of(matching_parameters(store, pattern, rate.to_text()), is_trained))
      notes.push_back(rate.to_text() + " has no effect: what it is about is frozen");
  }
  return notes;
}

std::vector<std::string> OptimizerArguments::rates() const {
  std::vector<std::string> rules;
  for (const Rate& rate : rates_)
    if (rate.is_option) rules.push_back(fmt::format("{}={}", rate.pattern, rate.rate));
  return rules;
}

}  // namespace thaw
