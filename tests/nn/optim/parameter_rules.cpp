// SPDX-License-Identifier: Apache-2.0
// Rates and decay by rules over names: against torch's parameter groups, and what a rule may not be.
#include "nn/optim/parameter_rules.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "autograd/functions.h"
#include "nn/init.h"
#include "nn/optim/adafactor.h"
#include "nn/optim/adamw.h"
#include "nn/optim/sgd.h"
#include "tensor/counters.h"

using namespace thaw;

namespace {

// The gradient of each parameter is its value.
void make_gradients(const ParameterStore& store) {
  for (const Parameter& p : store.trained()) {
    p.variable().clear_grad();
    backward(sum_all(scale(square(p.variable()), 0.5)));
  }
}

struct Lab {
  explicit Lab(const std::vector<std::string>& names) : store(Device::from_environment(), DType::f32, 1) {
    for (const std::string& name : names) store.parameter(name, {2}, Init::uniform(1, 2));
  }
  std::map<std::string, double> factors(const ParameterRules& rules) const {
    std::map<std::string, double> factors;
    const auto values = rules.of(store);
    for (size_t i = 0; i < values.size(); ++i) factors[store.all()[i].name()] = values[i].rate_factor;
    return factors;
  }
  ParameterStore store;
};

uint64_t launches_of(Optimizer& optimizer, const ParameterStore& store, const std::string& kernel) {
  make_gradients(store);
  const uint64_t before = counters().by_name[kernel];
  optimizer.step(0.1);
  return counters().by_name[kernel] - before;
}

}  // namespace

TEST_CASE("parameter rules: torch's numbers with parameter groups under a schedule") {
  ParameterStore store(Device::from_environment());
  const std::map<std::string, std::vector<float>> start{{"a.weight", {1, 2}}, {"b.weight", {-1, 0.5}}, {"c.bias", {3}}};
  for (const auto& [name, values] : start) {
    const Shape shape{static_cast<int64_t>(values.size())};
    store.parameter(name, shape, Init::zeros()).value().copy_from(Tensor::from_host(values, shape, store.device()));
  }
  // AdamW, rate 0.05, decay 0.1; b's rate 0.2, c's decay 0.5; LambdaLR 1 - t / 4.
  AdamW optimizer(store, {.weight_decay = 0.1},
                  ParameterRules().rate_factor("b.*", 0.2 / 0.05).weight_decay("c.*", 0.5));
  for (int step = 0; step < 3; ++step) {
    make_gradients(store);
    optimizer.step(0.05 * (1 - step / 4.0));
  }
  const std::map<std::string, std::vector<double>> expected{{"a.weight", {0.876875254112836, 1.865573661003462}},
                                                            {"b.weight", {-0.5176407840772481, 0.054425376328689434}},
                                                            {"c.bias", {2.72392492754601}}};
  for (const auto& [name, values] : expected) {
    const std::vector<float> got = store.find(name).value().to_host<float>();
    for (size_t i = 0; i < values.size(); ++i) CHECK(std::abs(got[i] - values[i]) < 1e-6);
  }
}

TEST_CASE("parameter rules: the last that matches decides, of each kind on its own") {
  Lab lab({"a.weight", "a.bias", "b.weight"});
  const auto values = ParameterRules()
                          .rate_factor("*", 2)
                          .weight_decay("*", 0.1)
                          .rate_factor("a.*", 3)
                          .weight_decay("*bias", 0)
                          .of(lab.store);
  CHECK(values[0].rate_factor == 3);
  CHECK(values[1].rate_factor == 3);
  CHECK(values[2].rate_factor == 2);
  CHECK(values[0].weight_decay == 0.1);
  CHECK(values[1].weight_decay == 0);
  CHECK_FALSE(ParameterRules().of(lab.store)[0].weight_decay.has_value());
}

TEST_CASE("parameter rules: those of one rate stay one launch, and a rule of no effect adds none") {
  Lab lab({"a.weight", "b.weight", "c.weight"});
  AdamW plain(lab.store), same(lab.store, {}, ParameterRules().rate_factor("b.*", 1).weight_decay("a.*", 0.3)),
      two(lab.store, {}, ParameterRules().rate_factor("b.*", 0.1));
  CHECK(launches_of(plain, lab.store, "adamw") == 1);
  CHECK(launches_of(same, lab.store, "adamw") == 1);
  CHECK(launches_of(two, lab.store, "adamw") == 2);
}

TEST_CASE("parameter rules: layers learn the more slowly the lower they are") {
  Lab lab({"bert.embeddings.word_embeddings.weight", "bert.encoder.layer.0.output.bias",
           "bert.encoder.layer.1.output.bias", "bert.encoder.layer.10.x.3.bias", "bert.encoder.rel_embeddings.weight",
           "bert.pooler.dense.weight", "classifier.weight"});
  const std::map<std::string, double> expected{{"bert.embeddings.word_embeddings.weight", std::pow(0.5, 12)},
                                               {"bert.encoder.layer.0.output.bias", std::pow(0.5, 11)},
                                               {"bert.encoder.layer.1.output.bias", std::pow(0.5, 10)},
                                               {"bert.encoder.layer.10.x.3.bias", 0.5},
                                               {"bert.encoder.rel_embeddings.weight", std::pow(0.5, 12)},
                                               {"bert.pooler.dense.weight", 1},
                                               {"classifier.weight", 1}};
  CHECK(lab.factors(ParameterRules().layer_decay(0.5)) == expected);
  CHECK(lab.factors(
            ParameterRules().layer_decay(0.5).rate_factor("*layer.1.*", 7))["bert.encoder.layer.1.output.bias"] == 7);

  // What precedes the first layer, and two stacks of different depth.
  Lab other({"wte.weight", "encoder.h.0.w", "encoder.h.1.w", "decoder.block.0.w", "ln_f.weight"});
  const std::map<std::string, double> stacks{{"wte.weight", 0.125},
                                             {"encoder.h.0.w", 0.25},
                                             {"encoder.h.1.w", 0.5},
                                             {"decoder.block.0.w", 0.5},
                                             {"ln_f.weight", 1}};
  CHECK(other.factors(ParameterRules().layer_decay(0.5)) == stacks);
  CHECK_THROWS_WITH_AS(ParameterRules().layer_decay(0.5).of(Lab({"0.weight", "head.weight"}).store),
                       doctest::Contains("no parameter's name has the number of a layer"), std::invalid_argument);
}

TEST_CASE("parameter rules: mistakes") {
  Lab lab({"classifier.weight", "classifier.bias"});
  CHECK_THROWS_WITH_AS(Sgd(lab.store, {}, ParameterRules().rate_factor("clasifier.*", 2)),
                       "\"rate_factor clasifier.* 2\" matches no parameter; near names: classifier.weight, "
                       "classifier.bias",
                       std::invalid_argument);
  for (const double bad : {-1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    CHECK_THROWS_AS(ParameterRules().rate_factor("*", bad), std::invalid_argument);
    CHECK_THROWS_AS(ParameterRules().weight_decay("*", bad), std::invalid_argument);
  }
  for (const double bad : {0.0, 1.5, std::nan("")})
    CHECK_THROWS_AS(ParameterRules().layer_decay(bad), std::invalid_argument);
  CHECK_THROWS_AS(ParameterRules().rate_factor("a[", 1), std::invalid_argument);
  CHECK(ParameterRules().layer_decay(0.9).rate_factor("a.*", 20).weight_decay("*bias", 0.1).to_text() ==
        "layer_decay 0.9; rate_factor a.* 20; weight_decay *bias 0.1");
}

TEST_CASE("parameter rules: a factor scales Adafactor's own rate, too") {
  const auto moved = [](double factor) {
    Lab lab({"a.weight"});
    Adafactor optimizer(lab.store, {.relative_step = true}, ParameterRules().rate_factor("*", factor));
    const float before = lab.store.all()[0].value().to_host<float>()[0];
    make_gradients(lab.store);
    optimizer.step(123);
    return before - lab.store.all()[0].value().to_host<float>()[0];
  };
  CHECK(moved(3) == doctest::Approx(3 * moved(1)).epsilon(1e-3));
}
