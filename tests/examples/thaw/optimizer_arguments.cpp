// SPDX-License-Identifier: Apache-2.0
// The optimizer that a command line asks for, with its options and rates, and what is refused in words of options.
#include "examples/thaw/optimizer_arguments.h"

#include <doctest/doctest.h>

#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "examples/thaw/option_words.h"
#include "nn/init.h"

using namespace thaw;

namespace {

struct Lab {
  Lab() : store(Device::from_environment()) {
    for (const char* name : {"embeddings.weight", "layer.0.weight", "layer.1.weight", "classifier.weight"})
      store.parameter(name, {2}, Init::ones());
    app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    arguments.add_options(app, "Training");
  }
  std::unique_ptr<Optimizer> make(const std::string& line, double learning_rate = 1e-3) {
    app.parse(line);
    arguments.choose(app, learning_rate);
    return arguments.make(store);
  }
  std::map<std::string, std::string> identity(const std::string& line) { return make(line)->identity(); }
  CLI::App app;
  ParameterStore store;
  OptimizerArguments arguments;
};

std::string refusal(const std::string& line, double learning_rate = 1e-3) {
  try {
    Lab().make(line, learning_rate);
  } catch (const std::exception& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("optimizer arguments: a rate by another name of a tensor is told") {
  Lab lab;
  lab.store.find("embeddings.weight").also_call("lm_head.weight");
  const auto optimizer = lab.make("--lr lm_head.*=1e-2 --lr classifier.*=2e-3 --lr *weight=1e-3");
  CHECK(lab.arguments.notes(lab.store) ==
        std::vector<std::string>{
            "--lr lm_head.*=0.01 is about embeddings.weight, too: lm_head.weight is the same tensor"});
}

TEST_CASE("optimizer arguments: each optimizer takes its own options") {
  CHECK(Lab().identity("").at("optim") == "adamw");
  CHECK(Lab().identity("--adam-beta2 0.98 --weight-decay 0.1").at("adam_beta2") == "0.98");
  CHECK(Lab().identity("--adam-beta2 0.98 --weight-decay 0.1").at("weight_decay") == "0.1");
  const auto sgd = Lab().identity("--optim sgd --momentum 0.9 --nesterov --weight-decay 0.1");
  CHECK(sgd.at("optim") == "sgd");
  CHECK(sgd.at("momentum") == "0.9");
  CHECK(sgd.at("nesterov") == "true");
  CHECK(sgd.at("weight_decay") == "0.1");
  const auto adafactor = Lab().identity("--optim adafactor --decay-rate -0.7 --clip-threshold 2 --beta1 0.5");
  CHECK(adafactor.at("decay_rate") == "-0.7");
  CHECK(adafactor.at("scale_parameter") == "false");
}

TEST_CASE("optimizer arguments: what belongs to another optimizer, or to none, is refused and never ignored") {
  CHECK(refusal("--optim sgd --adam-beta1 0.8") == "--adam-beta1: no option of --optim sgd");
  CHECK(refusal("--momentum 0.9") == "--momentum: no option of --optim adamw");
  CHECK(refusal("--optim adafactor --nesterov") == "--nesterov: no option of --optim adafactor");
  CHECK(refusal("--optim adamm").find(" was expected, not \"adamm\"") != std::string::npos);
  CHECK(refusal("--optim sgd --nesterov") == "sgd: nesterov needs a momentum");
  CHECK(refusal("--adam-beta1 1") == "--adam-beta1: a number of at least 0, below 1 was expected, not \"1\"");
}

TEST_CASE("optimizer arguments: rates by name, layer decay below them") {
  Lab lab;
  const auto rules = lab.make("--layer-decay 0.5 --lr classifier.*=2e-3 --lr layer.1.*=1e-4")->identity();
  CHECK(rules.at("parameter_rules") == "layer_decay 0.5; rate_factor classifier.* 2; rate_factor layer.1.* 0.1");
  CHECK(lab.arguments.rates() == std::vector<std::string>{"classifier.*=0.002", "layer.1.*=0.0001"});
  CHECK(Lab().identity("--layer-decay 1").at("parameter_rules") == "none");
  CHECK(refusal("--lr 1e-3").find("--lr: PATTERN=RATE was expected, as 'classifier.*=1e-3', not \"1e-3\"") == 0);
  for (const char* bad : {"--lr a=", "--lr =1", "--lr a=x", "--lr a=-1", "--lr a=nan", "--lr a[=1"})
    CHECK_MESSAGE(refusal(bad).starts_with("--lr: "), bad);
  CHECK(refusal("--lr clasifier.*=1e-3").starts_with("--lr clasifier.*=0.001 matches no parameter; near names: class"));
  CHECK(refusal("--lr *=1", 0) == "--lr *=1: the rates follow the schedule of --learning-rate, which is 0");
}

TEST_CASE("option words: fields of the library are told as options, and nothing else is") {
  CLI::App app;
  for (const char* name : {"--max-grad-norm", "--adam-beta1", "--seed", "--output-dir", "--batch-tokens"})
    app.add_option(name);
  CHECK(in_option_words("adamw: adam_beta1 1: it must be in [0, 1)", app) ==
        "adamw: --adam-beta1 1: it must be in [0, 1)");
  CHECK(in_option_words("max_grad_norm, seed and output_dir", app) == "--max-grad-norm, seed and --output-dir");
  CHECK(in_option_words("which batch_tokens bounds, 3", app) == "which --batch-tokens bounds, 3");
  CHECK(in_option_words("it has not: batch_tokens; it is 3", app) == "it has not: --batch-tokens; it is 3");
  CHECK(in_option_words("m/config.json: batch_tokens: is less than batch_tokens", app) ==
        "m/config.json: batch_tokens: is less than --batch-tokens");
  CHECK(in_option_words(R"(the text "a (b batch_tokens \" seed" has batch_tokens)", app) ==
        R"(the text "a (b batch_tokens \" seed" has --batch-tokens)");
  CHECK(in_option_words("a rate in [0, 1) and a share in (0, 1], or batch_tokens", app) ==
        "a rate in [0, 1) and a share in (0, 1], or --batch-tokens");
  for (const char* same : {"a.tsv: has no column \"output_dir\" (it has: max_grad_norm, batch_tokens, output_dir)",
                           "the label \"my batch_tokens here\" is unknown (known: [batch_tokens, x)",
                           "macro_f1 is best", "a/max_grad_norm: no", "\"max_grad_norm\" was read", "--max-grad-norm 1",
                           "max_grad_norm.txt", "", " ", "a  b "})
    CHECK(in_option_words(same, app) == same);
}
