// SPDX-License-Identifier: Apache-2.0
// thaw finetune: trains a pretrained model, or the part of it that is not frozen, for a task.
#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>
#include <optional>
#include <sstream>
#include <string>

#include "examples/standard_streams.h"
#include "examples/stop_signals.h"
#include "examples/thaw/before_training.h"
#include "examples/thaw/changed_options.h"
#include "examples/thaw/commands.h"
#include "examples/thaw/config.h"
#include "examples/thaw/kept_texts.h"
#include "examples/thaw/newer_files.h"
#include "examples/thaw/recipe.h"
#include "examples/thaw/run_cost.h"
#include "examples/thaw/run_curves.h"
#include "examples/thaw/run_examples.h"
#include "examples/thaw/run_results.h"
#include "examples/thaw/training_arguments.h"
#include "examples/thaw/training_run.h"
#include "models/hub/change_directory.h"
#include "models/hub/change_file.h"
#include "models/hub/peft/write_adapter.h"
#include "models/tasks/task_training.h"
#include "nn/adapters.h"
#include "nn/change/since_base.h"
#include "nn/train/checkpoint.h"
#include "nn/train/other_run_error.h"
#include "nn/train/training_checks.h"
#include "tensor/check.h"
#include "tensor/counted.h"
#include "tensor/counters.h"
#include "tensor/io/atomic_file.h"

namespace thaw {
namespace {

struct Arguments : TrainingArguments {
  bool resume = false, resume_if_any = false;
  std::string save = "auto";
  const CLI::App* command = nullptr;
  Fingerprint recipe;  // what decides the results
};

// The checkpoint to go on from, if that is asked for.
std::optional<std::filesystem::path> checkpoint_to_resume(const Arguments& a) {
  if (!a.resume && !a.resume_if_any) return {};
  const auto found = latest_checkpoint(a.training.output_dir,
                                       [](const std::string& line) { fmt::print(stderr, "warning: {}\n", line); });
  if (!found && a.resume) fail("{}: there is no checkpoint to resume from", a.training.output_dir.string());
  return found;
}

// The model whose changes are to be saved; none if it changes as a whole, or begins with random numbers. Adapters are
// no part of a whole model, though all of it is trained beside them.
std::optional<BaseModel> base_of_run(const Arguments& a, const FreezeReport& frozen, bool adapted) {
  const bool asked = a.save == "change" || a.save == "adapter";
  if (a.model.from_scratch || (frozen.frozen == 0 && !asked && !adapted)) return {};
  return as_base(a.model.model);
}

// The whole model. What is kept compressed is in the base as it is: what changed of that is saved, and read onto it.
void save_whole(const std::string& directory, Task& task, TaskModel& model, const std::optional<BaseModel>& base) {
  if (compressed_weights(model.store()).tensors == 0) return model.save(directory);
  model.save(directory, {.base = base});
  task.open(directory, {.device = model.store().device(), .trained = true})->save(directory);
}

// What a prefix in peft's form cannot do in peft; empty without one.
std::string limits_of_peft(const ParameterStore& store) {
  const auto& prefixes = store.attention_prefixes();
  const auto is_there = [](const auto& prefix) { return prefix->count() > 0; };
  if (std::ranges::none_of(prefixes, is_there)) return {};
  if (std::ranges::any_of(prefixes, [](const auto& prefix) { return prefix->causal; }))
    return "the prefix is as peft has it, but generate of peft 0.21 with transformers 5.24 writes as if there were "
           "none";
  return "the prefix is as peft has it, but peft 0.21 with transformers 5.24 refuses one on an encoder that has a head";
}

// As --save says. What is a model with adapters on it cannot be a model without: `thaw merge` makes it one.
void save_trained(const Arguments& a, Task& task, TaskModel& model, const std::optional<BaseModel>& base) {
  const std::string directory = a.training.output_dir.string();
  const bool adapted = !adapter_parameters(model.store()).empty();
  const bool is_change = a.save == "change" || (a.save == "auto" && model.is_usually_a_change());
  if (!base || a.save == "model" || (a.save == "auto" && !adapted && !is_change))
    return save_whole(directory, task, model, base);
  if (is_change) return model.save(directory, {.base = base});
  try {
    model.save(directory, {.base = base, .as_peft = true});
    if (const std::string line = limits_of_peft(model.store()); !line.empty()) fmt::print("{}\n", line);
  } catch (const std::invalid_argument& error) {  // peft has no words for it
    model.save(directory, {.base = base});
    const std::string line =
        fmt::format("{}: saved in {}, which thaw alone reads: {}", directory, change_file_name, error.what());
    if (a.save == "adapter") fail("{}", line);
    fmt::print("{}\n", line);
  }
}

void check_save(const Arguments& a, bool adapted) {
  check(a.save != "model" || !adapted,
        "--save model: with adapters on it, it is no model of the reference library's: save the adapter, and let thaw "
        "merge make it a model");
  check(!a.model.from_scratch || !adapted,
        "--from-scratch: adapters are on a model that is there, not on random numbers");
  check(!a.model.from_scratch || a.save == "auto" || a.save == "model",
        "--save {}: a model from scratch has no base that it changes", a.save);
}

// What some stage trains is marked as changed.
void check_is_adapter(const Arguments& a, TaskModel& model) {
  if (a.save != "adapter") return;
  check(!model.is_usually_a_change(), "--save adapter: peft has no such models: what changes of one is for thaw alone");
  const ParameterStore& store = model.store();
  try {
    check_adapter(change_since_base(store), store);
  } catch (const std::invalid_argument& error) {
    fail("--save adapter: peft has no words for what is trained: {}", error.what());
  }
}

// Empty if it cannot be read.
std::string content_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

// What lies between two counts.
void tell_of_reading(const ReadCounts& before, const ReadCounts& after) {
  const int64_t ahead = after.taken - before.taken, missed = after.missed - before.missed;
  if (ahead + missed == 0) return;
  fmt::print("read ahead of training: {}, of which it waited for {}{}\n", counted(ahead, "file"),
             after.waited - before.waited, missed > 0 ? fmt::format("; not read ahead: {}", missed) : "");
}

// Ctrl-C finishes the step under way and saves; then there is no result.
TrainingResult train_until_stopped(const Arguments& a, TrainingOptions options, TrainingTask& task,
                                   const RunExamples& examples, ParameterStore& store,
                                   const std::optional<std::filesystem::path>& resumed) {
  const StopSignals signals;
  options.stop_requested = [] { return StopSignals::received() != 0; };
  const std::string own_options = options_text(*a.command, repeated_options(a), store.device().name());
  std::optional<RunCurves> curves;
  options.milestone = [&] {
    if (!curves) {  // the options lie in the directory from the first step on
      write_file_atomically((options.output_dir / options_file_name).string(), own_options);
      curves.emplace(options.output_dir);
    }
    curves->update();
  };
  const std::unique_ptr<Optimizer> optimizer = a.optimizer.make(store);
  TrainingResult result = [&] {
    try {
      return train(task, store, *optimizer, options, resumed);
    } catch (const OtherRunError& error) {  // what differs in the data has no name that anybody gave it
      const std::string changed = changed_options(content_of(options.output_dir / options_file_name), own_options);
      const std::string newer = resumed ? newer_files(examples, a.data, *resumed) : "";
      fail("{}{}{}{}{}", error.what(), changed.empty() ? "" : "; of its options ", changed,
           newer.empty() ? "" : "; newer than it: ", newer);
    }
  }();
  if (!result.stopped) return result;
  const StoppedBySignal stop{StopSignals::received()};
  if (!result.checkpoint.empty())
    std::fputs(fmt::format("stopped by signal {} after step {}; go on with the same command and --resume\n",
                           stop.signal, result.steps)
                   .c_str(),
               stderr);
  throw stop;
}

// Writes what the trained model scores; what is only found on the validation data is saved beside it. With frozen
// weights in `frozen` these are the scores of that model, and the one that is saved, over the base as it is, may have
// others.
void judge(TaskModel& model, const RunExamples& examples, const std::filesystem::path& directory, FrozenDType frozen,
           const RunResults& results) {
  if (examples.validation) {
    const std::unique_ptr<Evaluation> evaluation = examples.validation->evaluate();
    if (const std::string found = model.fit_after_training(*evaluation); !found.empty()) {
      model.save_record(directory.string());
      fmt::print("{}\n", found);
    }
    results.write_metrics("eval", evaluation->metrics(), evaluation->size(), frozen);
  }
  if (!examples.test) return;
  const std::unique_ptr<Evaluation> evaluation = examples.test->evaluate();
  results.write_metrics("test", evaluation->metrics(), evaluation->size(), frozen);
}

void finetune(const Arguments& a, Task& task) {
  outlive_standard_output();
  const RunResults results(a.training.output_dir);
  const bool finished = a.resume_if_any && results.is_finished(a.recipe);
  const std::string fault = finished ? results.fault(a.recipe, task) : "";
  if (finished && fault.empty()) {
    fmt::print("{}: finished before (remove it to train anew)\n", a.training.output_dir.string());
    results.print();
    return;
  }
  const auto resumed = checkpoint_to_resume(a);
  if (finished && !resumed)
    fail(
        "{}: holds a finished run that lost a part, and no checkpoint to make it from again ({}): remove it to train "
        "anew",
        a.training.output_dir.string(), fault);
  if (finished) fmt::print(stderr, "warning: a part of the finished run is made again: {}\n", fault);
  // A run that ended before its first checkpoint begins anew; by its log it is known.
  const bool begins_anew = a.resume_if_any && std::filesystem::exists(a.training.output_dir / "log.jsonl");
  if (!resumed && !begins_anew) {
    check_no_checkpoints(a.training.output_dir);
    results.check_new();
  }
  results.check_splits(a.data.has_validation(), a.data.has_test());
  const FreezeSchedule schedule = a.freeze.schedule();
  check_save(a, schedule.at_start().has_adapters());
  look_at(task, a.model, a.data);
  check_evaluation(a.training, task.metric_names(), a.data.has_validation());
  const TrainingRun run = open_for_training(a, task, schedule);
  const auto& [model, stages, reports, has_rules, examples, compressed] = run;
  const bool adapted = !adapter_parameters(model->store()).empty();
  check_save(a, adapted);
  check_is_adapter(a, *model);
  tell_of(examples, a.data);
  bound_evaluations(examples, a.training);
  const KeptTexts kept = announce(run, a, true);
  if (const std::string line = unused_cache_text(a.cache, kept, examples.train->words()); !line.empty())
    fmt::print(stderr, "warning: {}\n", line);

  const std::optional<BaseModel> base = base_of_run(a, reports[0], adapted);
  TaskTraining training(*model, *examples.train, examples.validation.get(), TaskArguments::option_names(), base);
  TrainingOptions options = a.training;
  if (schedule.changes()) options.freezing = follow_stages(model->store(), stages);
  options.awaited_stalls = awaited_stalls(stages);
  // Names and rows of what is trained do not tell the options of adapters.
  if (schedule.changes() || schedule.at_start().has_adapters())
    options.freezing_schedule = with_content_of_masks(schedule.to_text());
  counters().flops = 0;
  const ReadCounts before = examples.train->read_ahead();
  const TrainingResult result = train_until_stopped(a, options, training, examples, model->store(), resumed);
  const ReadCounts after = examples.train->read_ahead();

  // Of a run that was resumed a part of the arithmetic was another process's.
  const double flops = result.resumed_at == 0 ? counters().flops : std::numeric_limits<double>::quiet_NaN();
  const Device device = model->store().device();
  const bool in_memory = a.cache.folder.empty() && is_host(device);
  const int64_t kept_there = in_memory ? kept.bytes : 0;  // the device's own count knows tensors alone
  const double peak_memory_mb =
      static_cast<double>(device.backend().memory().peak_bytes + static_cast<uint64_t>(kept_there)) / 1e6;
  results.remove();
  save_trained(a, task, *model, base);
  judge(*model, examples, a.training.output_dir, compressed.dtype, results);
  results.write_training(a.recipe, result, freeze_report(model->store()), examples.train->size(),
                         {peak_memory_mb, flops});
  for (const auto& [part, count] : learnt_of_parts(*examples.train, a.training, result.steps))
    fmt::print("{}: {} learnt\n", part, counted(count, "example"));
  fmt::print("trained {} in {:.1f} s ({:.0f} {}/s); the model is in {}\n", counted(result.steps, "step"),
             result.seconds, result.tokens_per_second, training.parts(), a.training.output_dir.string());
  tell_of_reading(before, after);
  results.print();
}

}  // namespace

void add_finetune(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("finetune", "train a pretrained model, or a part of it, on your own data");
  a->command = command;
  add_training_arguments(*command, *a);
  command->get_option("--output-dir")->required();
  auto* resume =
      command->add_flag("--resume", a->resume, "go on from the newest checkpoint in --output-dir, bit for bit")
          ->group("Training");
  command
      ->add_flag("--resume-if-any", a->resume_if_any,
                 "the same, but begin if there is no checkpoint, and do nothing if the run is finished")
      ->group("Training")
      ->excludes(resume);
  command
      ->add_option(
          "--save", a->save,
          "of the trained model: all of it; what changed of --model alone (of its base, if it is an adapter, and with "
          "--adapter: that one, too); as an adapter that peft reads; auto: an adapter where the model has one on it, "
          "what changed where the task's models are usually kept so (frozen), else all of it. Checkpoints hold what "
          "changed")
      ->check(CLI::IsMember({"auto", "model", "change", "adapter"}))
      ->default_str("auto")
      ->group("Training");
  command
      ->add_flag("--other-plan", a->training.other_freezing,
                 "go on though what is frozen is another than in the checkpoint's run: what is trained in both keeps "
                 "its moments, all else (and trained rows) begins anew")
      ->group("Training");
  command->footer(
      "--output-dir receives the model as a Hugging Face directory, checkpoint-N directories, options.txt (the "
      "options, for\n"
      "--config), log.jsonl, TensorBoard events, curves.svg (drawn at each evaluation), and train_results.json, "
      "eval_results.json,\n"
      "test_results.json (a metric that is not a number: null). Ctrl-C finishes the step and saves; the\n"
      "exit status is then 128 + the signal's number.\n"
      "--resume wants the same data, labels, model and options, but for those that change no weight: device, batch "
      "tokens\n"
      "(but of pairs without scores), logs, checkpoints, and evaluations where they decide nothing. The results then "
      "tell of the\n"
      "whole run.\n\n"
      "What is frozen costs nothing: no gradient, no optimizer state, no activation kept for it.\n\n"
      "Examples:\n"
      "  thaw finetune --model data/minilm --train-file train.tsv --validation-file dev.tsv --output-dir runs/all\n"
      "  thaw finetune ... --validation-split 0.1                              # a tenth of train.tsv to validate by\n"
      "  thaw finetune ... --freeze 'bert.*' --learning-rate 1e-3              # the head alone\n"
      "  thaw finetune ... --freeze 'bert.*' --train '*LayerNorm*'            # head and norms\n"
      "  thaw finetune ... --unfreeze-every epoch                             # the head, then from the top\n"
      "  thaw finetune ... --layer-decay 0.9 --lr 'classifier.*=1e-3'         # lower layers change less\n"
      "  thaw finetune ... --text-column premise --text-pair-column hypothesis # pairs of texts\n"
      "  thaw finetune ... --label-separator '|'                               # several labels a row, or numbers\n"
      "  thaw finetune ... --label-separator '|' --threshold auto              # as many as give the best micro_f1\n"
      "  thaw finetune --task tokens --train-file train.conll ...              # a label for each word\n"
      "  thaw finetune --config runs/all/options.txt --seed 7 --output-dir runs/7 # that run, with another seed");
  command->callback([a, command] {
    Task& task = choose(*command, *a);
    take_own_data(*command, task, a->data);
    check_arguments(*command, a->model, a->data, a->training, task);
    if (a->training.other_freezing && !a->resume && !a->resume_if_any)
      throw CLI::RequiresError("--other-plan", "--resume");
    if (a->training.other_freezing && a->freeze.dtype != FrozenDType::f32)
      throw CLI::ValidationError("--other-plan", "not with --frozen-dtype: other weights would be rounded than before");
    a->recipe = recipe_of(*command, *a, task);
    finetune(*a, task);
  });
}

}  // namespace thaw
