// SPDX-License-Identifier: Apache-2.0
// Every optimizer of the table: its options are what it checks, tells of and works by.
#include "nn/optim/optimizer_table.h"

#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <stdexcept>
#include <variant>

#include "nn/init.h"
#include "nn/optim/adamw.h"
#include "nn/optim/sgd.h"

using namespace thaw;

namespace {

std::string message_of(const OptimizerChoice& choice, ParameterStore& store) {
  try {
    choice.make(store);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("optimizer table: each optimizer names itself and tells of its options") {
  ParameterStore store(Device::from_environment());
  store.parameter("a.weight", {2, 3}, Init::ones());
  for (const std::string& name : optimizer_names()) {
    CAPTURE(name);
    const auto choice = choose_optimizer(name);
    const auto optimizer = choice->make(store, ParameterRules().rate_factor("a.*", 2));
    CHECK(optimizer->identity().at("optim") == name);
    CHECK(optimizer->identity().at("parameter_rules") == "rate_factor a.* 2");
    CHECK(&optimizer->store() == &store);
    CHECK(choice->make(store)->identity().at("parameter_rules") == "none");
    for (const OptionField& option : choice->options()) {
      CAPTURE(option.name);
      CHECK_FALSE(option.help.empty());
      const std::string before = optimizer->identity().at(option.name);
      if (auto* const* flag = std::get_if<bool*>(&option.field)) {
        **flag = !**flag;
      } else {
        double& number = *std::get<double*>(option.field);
        number = number == 0.5 ? 0.25 : option.range.most > 0 ? 0.5 : -0.5;
      }
      if (message_of(*choice, store).empty()) CHECK(choice->make(store)->identity().at(option.name) != before);
    }
  }
}

TEST_CASE("optimizer table: an option out of its range is refused by its name") {
  ParameterStore store(Device::from_environment());
  for (const std::string& name : optimizer_names()) {
    for (const OptionField& option : choose_optimizer(name)->options()) {
      if (std::holds_alternative<bool*>(option.field)) continue;
      CAPTURE(option.name);
      const auto message = [&](double value) {
        const auto choice = choose_optimizer(name);
        for (const OptionField& own : choice->options())
          if (own.name == option.name) *std::get<double*>(own.field) = value;
        return message_of(*choice, store);
      };
      for (const double bad : {option.range.least - 1, option.range.most + 1, std::nan(""), OptionRange::infinity})
        CHECK(message(bad).starts_with(name + ": " + option.name + " "));
      CHECK(message(option.range.least).empty() == !option.range.least_open);
    }
  }
  CHECK_THROWS_WITH_AS(AdamW(store, {.beta1 = 1}), "adamw: adam_beta1 1: it must be in [0, 1)", std::invalid_argument);
  CHECK_THROWS_WITH_AS(AdamW(store, {.eps = 0}), "adamw: adam_epsilon 0: it must be in (0, inf)",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(choose_optimizer("adafactory")->make(store),
                       doctest::Contains("\"adafactory\" is no optimizer; near names: adafactor"),
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(Sgd(store, {.nesterov = true}), "sgd: nesterov needs a momentum", std::invalid_argument);
}
