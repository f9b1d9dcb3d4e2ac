// SPDX-License-Identifier: Apache-2.0
// Declares the shared options; the help texts are meant to teach.
#include "examples/thaw/arguments.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <map>

#include "examples/number_options.h"
#include "nn/name_pattern.h"
#include "nn/optim/schedule.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

void add_model_options(CLI::App& command, ModelArguments& a) {
  command
      .add_option("--model", a.model,
                  "Hugging Face directory: config.json, model.safetensors, vocab.txt or tokenizer.json")
      ->required()
      ->type_name("DIR");
  a.adapter.add_option(command);
  command
      .add_option("--device", a.device,
                  "where to compute: a name that `thaw devices` prints (default: $THAW_DEVICE, else cpu)")
      ->type_name("NAME");
  command
      .add_flag("--from-scratch", a.from_scratch,
                "begin with random weights, drawn by --seed as the model's authors began: --model needs no more than "
                "config.json and a tokenizer (weights that it has are not read)")
      ->excludes(command.get_option("--adapter"));
  command.add_flag("--gradient-checkpointing", a.gradient_checkpointing,
                   "keep less for the gradients and compute it again: less memory, more time");
}

Device open_device(const std::string& name) { return name.empty() ? Device::from_environment() : Device::open(name); }

std::vector<DataSplit> DataArguments::splits() const {
  std::vector<DataSplit> given;
  for (const DataSplit& split :
       {DataSplit{"train", train_file}, DataSplit{"validation", validation_file}, DataSplit{"test", test_file}})
    if (!split.file.empty()) given.push_back(split);
  return given;
}

void add_data_options(CLI::App& command, DataArguments& a, TaskArguments& task) {
  const char* group = "Data (TSV, CSV or JSONL by extension, with column names; and what the task reads besides)";
  command.add_option("--train-file", a.train_file, "examples to learn from")->type_name("FILE")->group(group);
  command.add_option("--validation-file", a.validation_file, "examples to choose the best model by")
      ->type_name("FILE")
      ->group(group);
  command.add_option("--test-file", a.test_file, "examples for the final score; never looked at before")
      ->type_name("FILE")
      ->group(group);
  task.add_options(command, group);
}

void add_sample_options(CLI::App& command, DataArguments& a) {
  const char* group = "Some of the data";
  add_number(command, "--validation-split", a.validation_split, NumberRange{.most = 0.9, .above = true},
             "hold back this share of --train-file to validate by: of each label, drawn by --seed; texts of the same "
             "tokens stay on one side")
      ->group(group)
      ->excludes(command.get_option("--validation-file"));
  add_number(command, "--max-train-samples", a.max_train_samples, WholeRange{.least = 1},
             "train on so many examples, drawn by --seed")
      ->group(group);
  add_number(command, "--max-eval-samples", a.max_eval_samples, WholeRange{.least = 1},
             "validate by so many examples, drawn by --seed; a test file is always taken whole")
      ->group(group);
}

std::string pattern_error(const std::string& pattern) {
  try {
    const NamePattern valid(pattern);
    return "";
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

namespace {

// An option that is a kind of rule: what a rule of a mask file has before the option's value.
struct RuleOption {
  const char *name, *action, *type, *help;
};
constexpr RuleOption rule_options[] = {
    {"--freeze", "freeze ", "PATTERN", "freeze what matches, e.g. 'bert.embeddings.*'"},
    {"--train", "train ", "PATTERN",
     "train what matches, e.g. 'classifier.*', or some rows of it, '*word_embeddings.weight rows 7,97:100', or single "
     "numbers, '* mask FILE' (thaw mask)"},
    {"--lora", "lora ", "[PATTERN] [r=8] [alpha=8] [dropout=0] [rs] [dora]",
     "LoRA on the products that match, '' for queries and values; all else but new parts and heads is frozen then"},
    {"--rule", "", "RULE", "any rule of a mask file, e.g. 'ia3', 'adapter size=64', 'prompt n=20' or 'prefix n=20'"},
};

std::string rule_error(const std::string& line) try {
  FreezeMask().add(line);
  return {};
} catch (const std::exception& error) {
  return error.what();
}

std::string period_error(const std::string& text) try {
  FreezeSchedule::period(text);
  return {};
} catch (const std::exception& error) {
  return error.what();
}

}  // namespace

CLI::Option* add_frozen_dtype(CLI::App& command, FrozenDType& dtype, const std::string& help) {
  std::map<std::string, FrozenDType> words;
  for (const FrozenDType each : {FrozenDType::f32, FrozenDType::bf16, FrozenDType::int8})
    words.emplace(name_of(each), each);
  return add_choice(command, "--frozen-dtype", dtype, words, help)->default_str("f32");
}

void add_freeze_options(CLI::App& command, FreezeArguments& a) {
  const char* group =
      "Freezing (patterns over parameter names: * ? [0-3] {a,b} {0..11}; the last rule that matches decides; at first "
      "all is trained)";
  command
      .add_option(
          "--mask-file", a.mask_file,
          "rules, one a line: freeze PATTERN, train PATTERN, train PATTERN rows 7,97:100, train PATTERN columns 0:64, "
          "train PATTERN mask FILE, lr PATTERN 1e-3, lora [PATTERN] [r=8] [alpha=8] [dropout=0] [rs] [dora], ia3 "
          "[PATTERN] [input], adapter [PATTERN] [size=64] [act=gelu] [after=both|attention|outer], prompt [n=20], "
          "prefix [PATTERN] [n=20]; behind a line \"from epoch N\", \"from step N\" or \"from stall N\" those that "
          "come behind all others when N of them are done")
      ->type_name("FILE")
      ->group(group);
  command
      .add_option(
          "--unfreeze-every", a.unfreeze_every,
          "epoch, stall (of validation, --stall-patience), or a number of steps: unfreeze what the rules train from "
          "the top, one part more each time; at "
          "first what lies above the layers (heads, poolers), or if that is frozen the topmost part; parts are "
          "those that plan lists: layers, embeddings")
      ->type_name("epoch|stall|N")
      ->check([](const std::string& value) { return period_error(value); })
      ->group(group);
  add_frozen_dtype(command, a.dtype,
                   "numbers that the frozen weights of products are kept as; bf16 takes half the memory, int8 (with a "
                   "scale for each output) a quarter, and both round: the training sees the rounded model, what is "
                   "saved is about --model as it is; arithmetic stays f32")
      ->excludes(command.get_option("--from-scratch"))
      ->group(group);
  for (const RuleOption& option : rule_options) {
    command
        .add_option_function<std::vector<std::string>>(
            option.name,
            [&a, option](const std::vector<std::string>& values) {
              for (const std::string& value : values) a.rules.push_back({option.name, value, option.action + value});
            },
            option.help)
        ->type_name(option.type)
        ->check([option](const std::string& value) { return rule_error(option.action + value); })
        ->trigger_on_parse()
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->allow_extra_args(false)
        ->group(group);
  }
}

void add_cache_options(CLI::App& command, CacheArguments& a) {
  const char* group =
      "Keeping what a frozen part gives (the lower layers, a whole encoder: it runs once for each text)";
  CLI::Option* const memory =
      add_number(
          command, "--cache-memory", a.memory, WholeRange{.least = 0, .most = 1'000'000'000},
          "MB of memory for what the frozen part at the bottom of the model gives for the examples: it runs once "
          "for each, not in each epoch; examples that do not fit are computed each time (0: all)")
          ->default_str(fmt::format("{}", a.memory))
          ->each([&a](const std::string&) { a.asks_for_memory = true; })
          ->group(group);
  CLI::Option* const folder =
      command.add_option("--cache", a.folder, "keep it in files of this directory, for other runs, too")
          ->type_name("DIR")
          ->excludes(memory)
          ->group(group);
  add_number(command, "--cache-bytes", a.folder_megabytes, WholeRange{.least = 1, .most = 1'000'000'000},
             "MB that the files of --cache may take (default: half of what they take and the disk has free); what was "
             "not used for the longest time goes first")
      ->needs(folder)
      ->group(group);
  add_choice(command, "--cache-dtype", a.dtype,
             std::map<std::string, DType>{{"f32", DType::f32}, {"bf16", DType::bf16}},
             "numbers it is kept as; bf16 takes half the room, and rounds")
      ->default_str("f32")
      ->group(group);
}

FreezeSchedule FreezeArguments::schedule() const {
  FreezeSchedule schedule = mask_file.empty() ? FreezeSchedule() : FreezeSchedule::read(mask_file);
  for (const Rule& rule : rules) schedule.add_at_start(rule.line);
  if (unfreeze_every.empty()) return schedule;
  if (schedule.changes()) fail("--unfreeze-every: {} says already when what is trained", mask_file);
  return schedule.unfreeze_every(FreezeSchedule::period(unfreeze_every));
}

void add_training_options(CLI::App& command, TrainingOptions& o, OptimizerArguments& optimizer) {
  const char* group = "Training";
  const std::map<std::string, Interval> intervals{
      {"no", Interval::never}, {"epoch", Interval::epoch}, {"steps", Interval::steps}};
  const WholeRange positive{.least = 1}, not_negative{.least = 0};
  // Examples of a step, and of a bucket of steps, must be counted, too.
  const WholeRange batch{.least = 1, .most = 1'000'000};
  const NumberRange any_rate{}, share{.most = 1};
  const auto number = [&](const char* names, auto& value, const auto& range, const char* help) {
    add_number(command, names, value, range, help)->default_str(fmt::format("{}", value))->group(group);
  };
  const auto interval = [&](const char* names, Interval& value, const char* help) {
    add_choice(command, names, value, intervals, help)->default_str("epoch")->group(group);
  };
  command.add_option("--output-dir", o.output_dir, "where the model, checkpoints and logs go")
      ->type_name("DIR")
      ->group(group);
  number("--num-train-epochs", o.num_train_epochs, NumberRange{.most = 1e6, .above = true},
         "times through the training data");
  number("--max-steps", o.max_steps, WholeRange{.least = -1}, "stop after so many optimizer steps instead");
  number("--batch-size,--per-device-train-batch-size", o.batches.batch_size, batch, "examples of a batch");
  number("--batch-tokens", o.batches.batch_tokens, not_negative,
         "cut a batch into parts of at most so many tokens: bounds memory; the same result but for rounding and, where "
         "the model has dropout, its draws, but not of pairs without scores: they find partners within a part (0: no "
         "limit)");
  number("--gradient-accumulation-steps", o.batches.accumulation, batch, "batches of an optimizer step");
  number("--bucket-steps", o.batches.bucket_steps, batch,
         "texts of like length come together within so many steps (1: batches are purely random)");
  number("--learning-rate", o.learning_rate, any_rate,
         "highest rate; small for whole models, larger for heads alone (1e-3). Where it is not given, that of the "
         "model's family is taken and told: of T5 3e-4 with adamw, 1e-3 with adafactor; else 5e-5");
  add_word(command, "--lr-scheduler-type", o.lr_scheduler_type, schedule_names(), "how the rate falls")
      ->default_str(o.lr_scheduler_type)
      ->group(group);
  number("--warmup-ratio", o.warmup_ratio, share, "share of the steps in which the rate rises from 0");
  number("--warmup-steps", o.warmup_steps, not_negative, "number of such steps instead");
  optimizer.add_options(command, group);
  number("--max-grad-norm", o.max_grad_norm, any_rate, "scale gradients down to this norm (0: never)");
  add_number(command, "--seed", o.seed, "of the head's first values, the order of examples and dropout")
      ->default_str(fmt::format("{}", o.seed))
      ->group(group);
  number("--logging-steps", o.logging_steps, positive, "steps between lines of the log");
  interval("--eval-strategy", o.eval_strategy, "when to evaluate: no, epoch, steps");
  number("--eval-steps", o.eval_steps, positive, "steps between evaluations");
  interval("--save-strategy", o.save_strategy, "when to write a checkpoint: no, epoch, steps");
  number("--save-steps", o.save_steps, positive, "steps between checkpoints");
  number("--save-total-limit", o.save_total_limit, not_negative,
         "newest checkpoints that are kept, besides the best (0: all)");
  command
      .add_option("--metric-for-best-model", o.metric_for_best_model,
                  "validation metric that decides which model is best: one that the evaluations of the task print "
                  "(loss, accuracy, f1, perplexity, ...; eval_ may stand before it); another is an error that names "
                  "them")
      ->capture_default_str()
      ->group(group);
  command
      .add_flag("--load-best-model-at-end", o.load_best_model_at_end,
                "end with the best model's weights instead of the last; needs validation data, and saves each better "
                "model, whatever --save-strategy says")
      ->group(group);
  number("--early-stopping-patience", o.early_stopping_patience, not_negative,
         "stop after so many evaluations without a better one; needs validation data (0: never)");
  number("--stall-patience", o.stall_patience, positive,
         "validation has stalled after so many evaluations without a better one: for rules that unfreeze then");
  command
      .add_flag("--skip-nonfinite-steps", o.skip_nonfinite_steps,
                "leave out steps whose loss or gradient is not finite instead of stopping")
      ->group(group);
  command
      .add_flag("--continue-after-failed-save", o.continue_after_failed_save,
                "go on when a checkpoint cannot be written (disk full)")
      ->group(group);
}

}  // namespace thaw
