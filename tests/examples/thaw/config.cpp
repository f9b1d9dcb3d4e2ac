// SPDX-License-Identifier: Apache-2.0
// A run's options to a file and back, and what is said of files that cannot be meant.
#include "examples/thaw/config.h"

#include <doctest/doctest.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "examples/thaw/arguments.h"
#include "examples/thaw/optimizer_arguments.h"
#include "examples/thaw/recipe.h"
#include "examples/thaw/training_arguments.h"
#include "tests/error_of.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

using Words = std::vector<std::string>;

// What a command line comes to.
struct Settings {
  Fingerprint recipe;
  std::string file;  // the options as a file
  std::vector<std::string> rules;
  TrainingOptions training;
  ModelArguments model;
};

// Options as those of finetune, with nothing behind them.
struct Command : TrainingArguments {
  bool resume = false;
};

std::optional<Settings> settings_of(Words arguments) {
  std::optional<Settings> found;
  const auto make = [&found] {
    auto app = std::make_unique<CLI::App>("", "thaw");
    app->option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    const auto a = std::make_shared<Command>();
    CLI::App* command = app->add_subcommand("finetune");
    add_training_arguments(*command, *a);
    command->get_option("--output-dir")->required();
    command->add_flag("--resume", a->resume);
    command->callback([a, command, &found] {
      const Task& task = choose(*command, *a);
      found.emplace();
      found->recipe = recipe_of(*command, *a, task);
      const auto repeated = repeated_options(*a);
      for (const auto& [name, value] : repeated) found->rules.push_back(name + " " + value);
      found->file = options_text(*command, repeated, a->model.device);
      found->training = a->training;
      found->model = a->model;
    });
    app->add_subcommand("predict")->add_option("--top-k");
    return app;
  };
  arguments.insert(arguments.begin(), "finetune");
  if (run_command_line(make, arguments) != 0) return {};
  return found;
}

Words operator+(Words a, const Words& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

const Words required{"--model", "m", "--train-file", "t.tsv", "--output-dir", "out"};

// The line of the error that a file of options gives, without its folder; "none" if it is taken.
std::string config_error(const std::string& text, const Words& more = {}) {
  const ScratchFolder dir;
  dir.write("f", text);
  bool taken = false;
  const std::string error = error_of<std::runtime_error>([&] {
    taken = settings_of(Words{"--config", dir / "f"} + required + more).has_value();
    if (taken) throw std::runtime_error("none");
  });
  const size_t folder = error.rfind("/f:");
  return folder == std::string::npos ? error : error.substr(folder + 1);
}

}  // namespace

TEST_CASE("config: options to a file and back, twelve times") {
  const ScratchFolder folder;
  folder.write("mask", "freeze bert.*\ntrain *word_embeddings.weight rows 5:9\n");
  const std::vector<Words> sets{
      {},
      {"--seed", "18446744073709551615", "--max-steps", "3", "--learning-rate", "1e-3"},
      {"--freeze", "bert.*", "--train", "*LayerNorm*", "--freeze", "a", "--train", "classifier.*"},
      {"--train", "b.{0..11}.*", "--freeze", "[!0-3]*", "--mask-file", folder / "mask"},
      {"--lr", "classifier.*=1e-3", "--lr", "*=0.5", "--lr", "a=b=2", "--layer-decay", "0.9"},
      {"--optim", "sgd", "--momentum", "0.9", "--nesterov", "--lr-scheduler-type", "cosine", "--warmup-ratio", "0.1"},
      {"--optim", "adafactor", "--max-grad-norm", "0", "--warmup-steps", "7", "--lr-scheduler-type", "inverse_sqrt"},
      {"--adam-beta1", "0.8", "--adam-epsilon", "1e-6", "--weight-decay", "0.01", "--skip-nonfinite-steps"},
      {"--validation-file", "a b.tsv", "--test-file", "./#t.tsv", "--load-best-model-at-end", "--metric-for-best-model",
       "eval_macro_f1", "--early-stopping-patience", "3", "--eval-strategy", "steps", "--eval-steps", "11"},
      {"--label-separator", " ", "--label-column", "a # b", "--text-column", "\"t\"", "--text-pair-column", "'"},
      {"--label-separator", "\t", "--problem-type", "multi_label_classification", "--max-length", "17", "--task",
       "classification"},
      {"--device", "reference", "--gradient-checkpointing", "--batch-tokens", "300", "--bucket-steps", "1",
       "--per-device-train-batch-size", "4", "--gradient-accumulation-steps", "2", "--save-strategy", "no",
       "--logging-steps=1", "--num_train_epochs", "0.5", "--continue-after-failed-save", "true"},
  };
  CHECK(sets.size() == 12);
  for (const Words& set : sets) {
    const std::optional<Settings> given = settings_of(required + set);
    REQUIRE(given);
    const ScratchFolder dir;
    dir.write("f", given->file);
    const std::optional<Settings> again = settings_of({"--config", dir / "f", "--output-dir", "other"});
    CAPTURE(given->file);
    REQUIRE(again);
    CHECK(again->recipe == given->recipe);
    CHECK(again->rules == given->rules);
    CHECK(again->file == given->file);
    CHECK(again->model.device == given->model.device);
    CHECK(again->training.logging_steps == given->training.logging_steps);
    CHECK(again->training.output_dir == "other");
  }
}

TEST_CASE("config: each option that may be repeated is in the file") {
  CLI::App app;
  TrainingArguments arguments;
  add_training_arguments(app, arguments);
  int count = 0;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_multi_option_policy() != CLI::MultiOptionPolicy::TakeAll) continue;
    const std::string name = option->get_name();
    const bool is_rate = name == "--lr";
    const std::string value = is_rate ? "a.*=0.5" : name == "--rule" ? "ia3 a.*" : "a.*";
    const std::string other = is_rate ? "b=0.5" : value + "b";
    CAPTURE(name);
    const std::string file = settings_of(required + Words{name, value, name, other})->file;
    CHECK(file.find("\n" + name.substr(2) + " = " + value + "\n" + name.substr(2) + " = " + other) !=
          std::string::npos);
    ++count;
  }
  CHECK(count == 5);
  CLI::App command;
  command.add_option("--word")->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.parse("--word a");
  CHECK(error_of([&] { options_text(command, {}, ""); }) == "--word was given, but is not among the repeated options");
  CHECK(options_text(command, {{"--word", "a"}}, "").find("\nword = a\n") != std::string::npos);
}

TEST_CASE("config: a rate that is not given is that of the model's family, and the file holds it") {
  const ScratchFolder folder;
  folder.write("config.json", R"({"model_type": "t5"})");
  const Words t5{"--model", folder.path().string(), "--train-file", "t.tsv", "--output-dir", "out"};
  const auto usual = settings_of(t5);
  CHECK(usual->training.learning_rate == 3e-4);
  CHECK(usual->file.find("\nlearning-rate = 0.0003\n") != std::string::npos);
  CHECK(settings_of(t5 + Words{"--learning-rate", "3e-4"})->recipe == usual->recipe);
  CHECK(settings_of(t5 + Words{"--learning-rate", "5e-5"})->recipe != usual->recipe);
  CHECK(settings_of(t5 + Words{"--optim", "adafactor"})->training.learning_rate == 1e-3);
  CHECK(settings_of(t5 + Words{"--optim", "sgd"})->training.learning_rate == 5e-5);
  CHECK(settings_of(t5 + Words{"--learning-rate", "1"})->training.learning_rate == 1);
  folder.write("f", usual->file);
  CHECK(settings_of({"--config", folder / "f", "--output-dir", "other"})->recipe == usual->recipe);
}

TEST_CASE("config: a file holds what decides a run even where it was not given") {
  const std::string file = settings_of(required)->file;
  for (const char* line : {"\nseed = 42\n", "\noptim = adamw\n", "\nlearning-rate = 5e-05\n", "\nbatch-size = 32\n"})
    CHECK_MESSAGE(file.find(line) != std::string::npos, file);
  CHECK(file.find("output-dir =") == std::string::npos);
  CHECK(settings_of(required + Words{"--resume"})->file == file);
}

TEST_CASE("config: the command line has the last word") {
  const ScratchFolder dir;
  dir.write("f", "learning_rate = 1e-3\nmax-steps = 5\nfreeze = a\nlr = a=1\ngradient-checkpointing = true\n");
  const Words config{"--config", dir / "f"};
  const auto with = [&](const Words& before, const Words& after) { return *settings_of(before + required + after); };
  CHECK(with(config, {}).training.learning_rate == 1e-3);
  CHECK(with(config, {"--learning-rate", "2"}).training.learning_rate == 2);
  CHECK(with({"--learning-rate", "2"}, config).training.learning_rate == 2);
  CHECK(with(config, {"--learning-rate", "2"}).training.max_steps == 5);
  CHECK(with({"--train", "a", "--lr", "a=2"}, config).rules ==
        Words{"--freeze a", "--train a", "--lr a=1", "--lr a=2"});
  CHECK(with(config, {}).model.gradient_checkpointing);
  CHECK_FALSE(with(config, {"--gradient-checkpointing", "false"}).model.gradient_checkpointing);
  dir.write("g", "max-steps = 6\n");
  CHECK_FALSE(settings_of(config + required + Words{"--config", dir / "g"}));  // which one is not said
}

TEST_CASE("config: what excludes an option of the command line does not count") {
  const ScratchFolder dir;
  dir.write("f", "validation-split = 0.25\nresume = true\n");
  const Words config{"--config", dir / "f"};
  CHECK(settings_of(config + required)->file.find("validation-split") != std::string::npos);
  const std::optional<Settings> varied = settings_of(config + required + Words{"--validation-file", "v.tsv"});
  REQUIRE(varied);
  CHECK(varied->file.find("validation-split") == std::string::npos);
  CHECK(varied->file.find("\nvalidation-file = v.tsv\n") != std::string::npos);
  dir.write("f", "validation-file = v.tsv\n");
  const std::optional<Settings> split = settings_of(config + required + Words{"--validation-split", "0.5"});
  REQUIRE(split);
  CHECK(split->file.find("validation-file") == std::string::npos);
}

TEST_CASE("config: a rule of the file that matches nothing has its place") {
  const ScratchFolder dir;
  dir.write("f", "\nfreeze = a*\nlr = b*=1e-3\n");
  const auto make = [] {
    auto app = std::make_unique<CLI::App>("", "thaw");
    const auto model = std::make_shared<ModelArguments>();
    const auto freeze = std::make_shared<FreezeArguments>();
    const auto training = std::make_shared<TrainingOptions>();
    const auto optimizer = std::make_shared<OptimizerArguments>();
    CLI::App* command = app->add_subcommand("finetune");
    add_config_option(*command);
    add_model_options(*command, *model);
    add_freeze_options(*command, *freeze);
    add_training_options(*command, *training, *optimizer);
    command->callback([model, freeze, training, optimizer] {});
    return app;
  };
  const Config config(make, {"finetune", "--config", dir / "f"});
  CHECK(config.placed("\"freeze a*\" matches no parameter") == dir / "f" + ":2: \"freeze a*\" matches no parameter");
  CHECK(config.placed("--lr b*=0.001 matches no parameter") == dir / "f" + ":3: --lr b*=0.001 matches no parameter");
  CHECK(config.placed("\"freeze b*\" matches no parameter") == "\"freeze b*\" matches no parameter");
}

TEST_CASE("config: keys as on a command line") {
  CHECK(config_error("num_train_epochs = 2") == "none");
  CHECK(config_error("evaluation_strategy = no") == "none");
  CHECK(config_error("per-device-train-batch-size = 2") == "none");
  CHECK(config_error("output-dir = there") == "none");
}

TEST_CASE("config: bad files are told in one line, with their line and key") {
  CHECK(config_error("\nlearnig_rate = 1") ==
        "f:2: learnig_rate: not known; near: learning-rate (`thaw finetune --help` lists the options)");
  CHECK(config_error("top-k = 3") ==
        "f:1: top-k: not known; an option of: predict (`thaw finetune --help` lists the options)");
  CHECK(config_error("fp16 = true") == "f:1: fp16: not an option here: thaw computes in f32");
  CHECK(config_error("config = g") == "f:1: config: an option of the command line alone");
  CHECK(config_error("seed = 1\n\nseed = 2") == "f:3: seed: given before, in line 1");
  CHECK(config_error("batch-size = 2\nper_device_train_batch_size = 2") ==
        "f:2: per_device_train_batch_size: given before, in line 1");
  CHECK(config_error("batch-size = many") ==
        "f:1: batch-size: a whole number from 1 to 1000000 was expected, not \"many\"");
  CHECK(config_error("learning_rate = -1") == "f:1: learning_rate: a number of at least 0 was expected, not \"-1\"");
  CHECK(config_error("optim = sgdd").starts_with("f:1: optim: one of "));
  CHECK(config_error("freeze = bert.[0").starts_with("f:1: freeze: the pattern \"bert.[0\""));
  CHECK(config_error("lr = 5").starts_with("f:1: lr: PATTERN=RATE was expected"));
  CHECK(config_error("gradient-checkpointing = 5") ==
        "f:1: gradient-checkpointing: true or false was expected, not \"5\"");
  CHECK(config_error("mask-file = \"\"") == "f:1: mask-file: empty: a path was expected");
  CHECK(config_error("batch-size = many", {"--batch-size", "2"}).starts_with("f:1: batch-size: "));
}

TEST_CASE("config: options of another task, where the file is to blame") {
  CHECK(config_error("task = mlm\n\nlabel-column = l") == "f:3: label-column: no option of the task mlm");
  CHECK(config_error("mlm_probability = 0.2\ntask = tokens") == "f:1: mlm-probability: no option of the task tokens");
  CHECK(config_error("seed = 1\ndoc-stride = 8", {"--task", "classification"}) ==
        "f:2: doc-stride: no option of the task classification");
  CHECK(config_error("task = mlm", {"--label-column", "l"}) == "no error");  // wrong usage, told on stderr
}

TEST_CASE("config: options of another optimizer, where the file is to blame") {
  CHECK(config_error("seed = 1\nmomentum = 0.9") == "f:2: momentum: no option of --optim adamw");
  CHECK(config_error("optim = sgd\nadam-beta1 = 0.8") == "f:2: adam-beta1: no option of --optim sgd");
  CHECK(config_error("optim = sgd\nmomentum = 0.8", {"--optim", "adamw"}) ==
        "f:2: momentum: no option of --optim adamw");
  CHECK(config_error("optim = sgd", {"--adam-beta1", "0.8"}) == "no error");  // wrong usage, told on stderr
}
