// SPDX-License-Identifier: Apache-2.0
// The table. A new optimizer is a line here.
#include "nn/optim/optimizer_table.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "nn/name_pattern.h"
#include "nn/optim/adafactor.h"
#include "nn/optim/adamw.h"
#include "nn/optim/sgd.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

template <typename T>
class Choice final : public OptimizerChoice {
 public:
  explicit Choice(typename T::Options options) : options_(options) {}
  std::vector<OptionField> options() override { return options_.fields(); }
  std::unique_ptr<Optimizer> make(ParameterStore& store, ParameterRules rules) const override {
    return std::make_unique<T>(store, options_, std::move(rules));
  }

 private:
  typename T::Options options_;
};

template <typename T>
std::unique_ptr<OptimizerChoice> choice(typename T::Options options = {}) {
  return std::make_unique<Choice<T>>(options);
}

struct Entry {
  std::string_view name;
  std::unique_ptr<OptimizerChoice> (*choose)();
};

constexpr Entry optimizers[] = {
    {AdamW::name, [] { return choice<AdamW>(); }},
    {Adafactor::name, [] { return choice<Adafactor>({.scale_parameter = false}); }},
    {Sgd::name, [] { return choice<Sgd>(); }},
};

}  // namespace

std::vector<std::string> optimizer_names() {
  std::vector<std::string> names;
  for (const Entry& entry : optimizers) names.emplace_back(entry.name);
  return names;
}

std::unique_ptr<OptimizerChoice> choose_optimizer(std::string_view name) {
  const auto found = std::ranges::find(optimizers, name, &Entry::name);
  check(found != std::end(optimizers), "{} is no optimizer; near names: {}", quote(name),
        near_names(NamePattern::literal(name), optimizer_names()));
  return found->choose();
}

}  // namespace thaw
