// SPDX-License-Identifier: Apache-2.0
// thaw evaluate: how good is a fine-tuned model, where does it fail, and how sure are the numbers?
#include <fmt/format.h>

#include <CLI/App.hpp>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "examples/charts/confusion_chart.h"
#include "examples/number_options.h"
#include "examples/thaw/adapter_arguments.h"
#include "examples/thaw/arguments.h"
#include "examples/thaw/before_training.h"
#include "examples/thaw/commands.h"
#include "examples/thaw/compressed_base.h"
#include "examples/thaw/evaluation_report.h"
#include "examples/thaw/output_file.h"
#include "examples/thaw/predictions.h"
#include "examples/thaw/run_examples.h"
#include "examples/thaw/task_arguments.h"
#include "models/hub/model_directory.h"
#include "models/metrics/classes.h"
#include "models/tasks/task_record.h"
#include "tensor/check.h"
#include "tensor/counted.h"
#include "tensor/io/atomic_file.h"
#include "tensor/io/json.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

struct Arguments {
  std::string model, device, test_file, confusion, output;
  int64_t max_eval_samples = 0;  // 0: all
  FrozenDType dtype = FrozenDType::f32;
  ReportOptions report;
  AdapterArguments adapter;
  TaskArguments tasks{TaskUse::evaluation};
};

std::string drawing(const ConfusionMatrix& matrix, const std::vector<std::string>& names, const std::string& title) {
  std::vector<std::vector<int64_t>> counts(names.size(), std::vector<int64_t>(names.size()));
  for (int32_t truth = 0; truth < matrix.classes(); ++truth)
    for (int32_t said = 0; said < matrix.classes(); ++said)
      counts[static_cast<size_t>(truth)][static_cast<size_t>(said)] = matrix.at(truth, said);
  return confusion_svg(names, counts, title);
}

void evaluate(const Arguments& a, Task& task) {
  const std::unique_ptr<TaskModel> model = task.open(a.model, {.device = open_device(a.device), .trained = true});
  for (const std::string& note : model->report().notes) fmt::print(stderr, "note: {}\n", one_line(note));
  for (const std::string& line : task.notes()) fmt::print(stderr, "note: {}\n", one_line(line));
  for (const std::string& line : task.warnings()) fmt::print(stderr, "warning: {}\n", one_line(line));
  for (const std::string& line : model->warnings()) fmt::print(stderr, "warning: {}\n", one_line(line));
  warn_if_untrained(*model, a.model);
  const OwnData own = task.own_data();
  if (!a.test_file.empty()) check_data_file(a.test_file);
  const std::string test = a.test_file.empty() ? own.train : a.test_file;
  const std::shared_ptr<Examples> all = a.test_file.empty() ? model->own_test() : model->read(a.test_file);
  const uint64_t seed = a.report.bootstrap.seed;
  const std::shared_ptr<Examples> examples = sample(all, a.max_eval_samples, seed);
  const bool is_sample = examples->groups() < all->groups();
  fmt::print("{} on {}: {}{} of {}{}, {}\n", a.model, model->store().device().name(),
             is_sample ? fmt::format("{} of ", examples->groups()) : "", counted(all->groups(), "example"), test,
             is_sample ? fmt::format(" (drawn by seed {})", seed) : "", model->description());
  tell_of_notes(*all);
  tell_of_cuts("test", *examples);
  // Of no examples there is such a table all the same.
  if (!a.confusion.empty() && !examples->evaluate(std::span<const int64_t>())->confusion())
    fail("--confusion: what this model says of an example is not one class of several");
  // What the model's own training changed of its base is no part of that, as it was not then.
  for (const Parameter& parameter : model->store().all()) parameter.freeze();
  const CompressedBase base = compress_base(*model, *examples, {}, a.dtype);
  if (const std::string line = base.to_text(); !line.empty()) fmt::print("{}\n", line);
  std::fflush(stdout);
  const EvaluationReport report(*examples, *examples->evaluate(), a.report);
  fmt::print("\n{}", report.to_text());
  if (!a.output.empty()) {
    Json json = report.to_json();
    if (a.dtype != FrozenDType::f32) json.set("frozen_dtype", std::string(name_of(a.dtype)));
    if (is_sample) json.set("drawn_from", all->groups()).set("seed", seed);
    write_file_atomically(a.output, json.set("model", a.model).set("test_file", test).dump({.indent = 2}) + "\n");
  }
  if (a.confusion.empty()) return;
  if (!report.confusion())
    fail("--confusion {}: is not drawn: there are examples of none of the classes that the model knows", a.confusion);
  write_file_atomically(a.confusion, drawing(*report.confusion(), report.class_names(), a.model));
}

// What is missing of the model is told first, for it could have told of a task that makes its own examples.
[[noreturn]] void fail_without_data(const std::string& model) {
  check_model_directory(model);
  if (read_task_record(model)) throw CLI::RequiredError("--test-file");
  const std::string what = "--test-file is required: " + model + " has no thaw_task.json, which tells what it is for";
  throw CLI::RequiredError(what, CLI::ExitCodes::RequiredError);
}

}  // namespace

void add_evaluate(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("evaluate", "how good a fine-tuned model is on labelled data, and where it fails");
  command->add_option("--model", a->model, "directory that `thaw finetune` (or the reference library) wrote")
      ->required()
      ->type_name("DIR");
  a->adapter.add_option(*command);
  command
      ->add_option("--device", a->device,
                   "where to compute: a name that `thaw devices` prints (default: $THAW_DEVICE, else cpu)")
      ->type_name("NAME");
  add_frozen_dtype(*command, a->dtype,
                   "numbers that the weights of products are kept as, but for those that training changed: with what "
                   "finetune had, the metrics are those that it told");
  command
      ->add_option("--test-file", a->test_file,
                   "examples with their labels, as finetune reads them; needed but where the task makes its own")
      ->type_name("FILE");
  a->tasks.add_options(*command, "Task");
  const char* group = "What is told";
  add_number(*command, "--worst", a->report.worst, WholeRange{.most = 1'000'000},
             "so many of the examples that are most wrong (0: none)")
      ->default_str(fmt::format("{}", a->report.worst))
      ->group(group);
  add_number(*command, "--bootstrap-samples", a->report.bootstrap.samples, WholeRange{.most = 1'000'000},
             "draw the examples anew so often, with repetition, for the intervals (0: no intervals)")
      ->default_str(fmt::format("{}", a->report.bootstrap.samples))
      ->group(group);
  add_number(*command, "--max-eval-samples", a->max_eval_samples, WholeRange{.least = 1},
             "judge by so many examples, drawn by --seed: with finetune's seed the same ones as there")
      ->group(group);
  add_number(*command, "--seed", a->report.bootstrap.seed, "of these draws")
      ->default_str(fmt::format("{}", a->report.bootstrap.seed))
      ->group(group);
  command->add_option("--confusion", a->confusion, "draw which class was taken for which, as SVG, into this file")
      ->type_name("FILE")
      ->group(group);
  command->add_option("--output", a->output, "write all of it into this file, as JSON")
      ->type_name("FILE")
      ->group(group);
  command->footer(
      "The metrics are those of finetune: for its directory and test file the same numbers as in test_results.json. "
      "An interval\n"
      "tells how far a metric may be off because the examples are few (percentile bootstrap, 95 %). Two models whose "
      "intervals\n"
      "overlap widely are not told apart by these data.\n"
      "Precision: how many of those said to be of a class are. Recall: how many of a class were found. Support: how "
      "many there are.\n"
      "The most wrong texts often show labels that are wrong themselves. How wrong: by how much likelier what was said "
      "is than the\n"
      "truth; of several labels the sum over those that are wrong; of numbers how far off they are.\n"
      "A label that the model does not know is an error that names file and line. Several labels or numbers a row are "
      "joined as in\nthe training, or by --label-separator.\n\n"
      "Examples:\n"
      "  thaw evaluate --model runs/quickstart --test-file data/topics/test.tsv\n"
      "  thaw evaluate --model runs/quickstart --test-file test.tsv --confusion confusion.svg --output test.json\n"
      "  thaw evaluate --model runs/several --test-file test.tsv --label-separator ';' --worst 50");
  command->callback([a, command] {
    a->model = a->adapter.directory(a->model);
    Task& task = a->tasks.chosen(*command, a->model);
    if (a->test_file.empty() && !task.own_data().has_test) fail_without_data(a->model);
    check_output_files(*command, {{"--output", ".json"}, {"--confusion", ".svg"}});
    evaluate(*a, task);
  });
}

}  // namespace thaw
