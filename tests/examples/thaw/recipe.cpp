// SPDX-License-Identifier: Apache-2.0
// A run is known again whichever way its options were spelled.
#include "examples/thaw/recipe.h"

#include <doctest/doctest.h>

#include <CLI/CLI.hpp>

#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

Fingerprint recipe_for(const std::string& options) {
  CLI::App app;
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  TrainingArguments arguments;
  add_training_arguments(app, arguments);
  app.parse("--model m " + options);
  const Task& task = arguments.tasks.chosen(app, arguments.model.model);
  return recipe_of(app, arguments, task);
}

}  // namespace

TEST_CASE("recipe: what has its default, and what changes no result, is not in it") {
  const Fingerprint none = recipe_for("");
  CHECK(none.size() == 1);
  for (const std::string same :
       {"--batch-size 32", "--per-device-train-batch-size 32", "--learning-rate 0.00005", "--seed 42", "--model ./m",
        "--logging-steps 3", "--device reference", "--save-steps 7", "--save-strategy no", "--save-total-limit 9",
        "--output-dir elsewhere", "--batch-tokens 5", "--eval-strategy no", "--continue-after-failed-save",
        "--eval-strategy steps --eval-steps 3", "--metric-for-best-model accuracy", "--gradient-checkpointing",
        "--task classification", "--label-column label"})
    CHECK_MESSAGE(recipe_for(same) == none, same);
  for (const std::string other :
       {"--batch-size 31", "--learning-rate 0.0001", "--seed 43", "--max-length 7", "--freeze a.*", "--train a.*",
        "--optim sgd", "--momentum 0.9", "--lr a=1", "--layer-decay 0.9", "--load-best-model-at-end",
        "--early-stopping-patience 2", "--problem-type regression", "--max-steps 2", "--label-column class"})
    CHECK_MESSAGE(recipe_for(other) != none, other);
  CHECK(recipe_for("--learning-rate +1e-3") == recipe_for("--learning-rate 0.001"));
  CHECK(recipe_for("--max-steps 007") == recipe_for("--max-steps 7"));
  CHECK(recipe_for("--seed 9007199254740993") != recipe_for("--seed 9007199254740992"));
  CHECK(recipe_for("--train *") == none);
  CHECK(recipe_for("--freeze a --train *") == none);
  CHECK(recipe_for("--train * --freeze a") == recipe_for("--freeze a"));
  CHECK(recipe_for("--max-steps -1") == none);
  CHECK(recipe_for("--max-steps 2 --num-train-epochs 7") == recipe_for("--max-steps 2"));
  CHECK(recipe_for("--warmup-steps 2 --warmup-ratio 0.5") == recipe_for("--warmup-steps 2"));
  CHECK(recipe_for("--freeze a --train b") != recipe_for("--train b --freeze a"));
  CHECK(recipe_for("--optim adamw --layer-decay 1") == none);
  CHECK(recipe_for("--lr a=1e-3") == recipe_for("--lr a=0.001"));
  for (const std::string rates : {"--rule 'lr a 1e-2'", "--rule 'lr a 1e-2' --train *"}) {
    CHECK_MESSAGE(recipe_for(rates) != none, rates);
    CHECK_MESSAGE(recipe_for(rates) != recipe_for("--rule 'lr a 1e-4' --train *"), rates);
  }
  CHECK(recipe_for("--stall-patience 3") == none);  // nothing waits for that
  CHECK(recipe_for("--lr a=1 --lr b=2") != recipe_for("--lr b=2 --lr a=1"));
  CHECK(recipe_for("--learning-rate 1e-3") == recipe_for("--learning-rate 0.5 --learning-rate 0.001"));
}

TEST_CASE("recipe: evaluations are in it where they decide") {
  const std::string best = "--load-best-model-at-end ";
  CHECK(recipe_for(best + "--eval-strategy epoch") == recipe_for(best));
  CHECK(recipe_for(best + "--eval-strategy steps") != recipe_for(best));
  CHECK(recipe_for(best + "--metric-for-best-model accuracy") != recipe_for(best));
  CHECK(recipe_for(best + "--metric-for-best-model eval_loss") == recipe_for(best));
}

TEST_CASE("recipe: a file of data counts by its content") {
  const ScratchFolder dir;
  dir.write("a.tsv", "text\tlabel\n");
  dir.write("b.tsv", "text\tlabel\n");
  CHECK(recipe_for("--train-file " + (dir / "a.tsv")) == recipe_for("--train-file " + (dir / "b.tsv")));
  const Fingerprint before = recipe_for("--train-file " + (dir / "a.tsv"));
  for (const std::string other : {"--validation-split 0.1", "--max-train-samples 5", "--max-eval-samples 5"})
    CHECK_MESSAGE(recipe_for("--train-file " + (dir / "a.tsv") + " " + other) != before, other);
  dir.write("weights", "x\t1\n");
  const Fingerprint weighted = recipe_for("--class-weights " + (dir / "weights"));
  CHECK(recipe_for("--class-weights " + (dir / "weights")) == weighted);
  dir.write("weights", "x\t2\n");
  CHECK(recipe_for("--class-weights " + (dir / "weights")) != weighted);
  CHECK(recipe_for("--class-weights balanced").at("--class-weights") == "balanced");
  dir.write("a.tsv", "text\tlabel\nx\ty\n");
  CHECK(recipe_for("--train-file " + (dir / "a.tsv")) != before);
}
