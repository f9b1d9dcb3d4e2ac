// SPDX-License-Identifier: Apache-2.0
// thaw lr-find: which learning rate? A short training whose rate grows, and the curve of its loss.
#include <fmt/format.h>

#include <CLI/App.hpp>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "examples/charts/line_chart.h"
#include "examples/charts/text_chart.h"
#include "examples/number_options.h"
#include "examples/thaw/before_training.h"
#include "examples/thaw/commands.h"
#include "examples/thaw/output_file.h"
#include "examples/thaw/training_arguments.h"
#include "examples/thaw/training_run.h"
#include "models/tasks/task_training.h"
#include "nn/train/range_test.h"
#include "nn/train/training_checks.h"
#include "tensor/io/atomic_file.h"

namespace thaw {
namespace {

struct Arguments : TrainingArguments {
  RangeTestOptions range;
  std::string svg;
};

RangeTest try_rates(const Arguments& a, Task& task) {
  const FreezeSchedule schedule = a.freeze.schedule();
  look_at(task, a.model, a.data);
  const TrainingRun run = open_for_training(a, task, schedule);
  announce(run, a);

  ParameterStore& store = run.model->store();
  TaskTraining training(*run.model, *run.examples.train, nullptr, TaskArguments::option_names());
  const std::unique_ptr<Optimizer> optimizer = a.optimizer.make(store);
  int64_t steps = 0;
  return range_test(training, store, *optimizer, a.training, a.range, [&](const RangeTestPoint& point) {
    if (++steps % a.training.logging_steps == 0)
      fmt::print(stderr, "step {}/{}  lr {:.2e}  loss {:.4f}\n", steps, a.range.steps, point.rate, point.loss);
  });
}

// The last steps may lose the loss without its mean growing as much as ends the test.
bool is_lost(const RangeTest& test, double stop_factor) {
  const auto least = std::ranges::min_element(test.points, {}, &RangeTestPoint::loss);
  return test.diverged || std::any_of(least, test.points.end(), [&](const RangeTestPoint& point) {
           return point.loss > stop_factor * least->loss;
         });
}

std::string why_no_rate(bool lost, int64_t steps) {
  if (!lost) return "the loss did not fall: no rate can be suggested";
  return fmt::format(
      "the loss was lost before it fell for long: no rate can be suggested; try more than {} --num-steps", steps);
}

// Where the loss was lost it soon is so large that nothing else could be seen: both curves end where the smoothed one
// has risen by as much as it fell.
std::vector<ChartPoint> curve(const RangeTest& test, double RangeTestPoint::*loss) {
  const double first = test.points.front().smoothed;
  const auto least = std::ranges::min_element(test.points, {}, &RangeTestPoint::smoothed);
  const double highest = first + std::max(first - least->smoothed, 0.2 * std::abs(first));
  std::vector<ChartPoint> points;
  for (const RangeTestPoint& point : test.points) {
    if (point.rate > least->rate && point.smoothed > highest) break;
    points.push_back({point.rate, point.*loss <= highest ? point.*loss : std::numeric_limits<double>::quiet_NaN()});
  }
  return points;
}

std::string picture(const Arguments& a, const RangeTest& test, const std::optional<SuggestedRates>& rates) {
  const ChartSeries each{"of each step", curve(test, &RangeTestPoint::loss)};
  const ChartSeries smoothed{"smoothed", curve(test, &RangeTestPoint::smoothed)};
  LineChart chart{.title = "learning rates for " + a.model.model,
                  .x_title = "learning rate",
                  .panels = {{"loss", {each, smoothed}}},
                  .log_x = true};
  if (rates) chart.marks = {{rates->steepest, "falls fastest"}, {rates->below_minimum, "a tenth of the least's"}};
  return line_chart_svg(chart);
}

void lr_find(const Arguments& a, Task& task) {
  const RangeTest test = try_rates(a, task);
  const std::optional<SuggestedRates> rates = suggested_rates(test);
  const bool lost = is_lost(test, a.range.stop_factor);
  std::vector<double> marks;
  if (rates) marks = {rates->steepest, rates->below_minimum};
  fmt::print("\nthe loss, smoothed, over the learning rate\n{}",
             text_chart(curve(test, &RangeTestPoint::smoothed), marks, true));
  fmt::print("{} steps, {}\n", test.points.size(),
             lost ? "until the loss was lost" : "to the highest rate, without the loss being lost");
  if (rates) {
    fmt::print("the loss falls fastest at        {:.1e}\n", rates->steepest);
    fmt::print("a tenth of where it is least     {:.1e}\n", rates->below_minimum);
    fmt::print("try --learning-rate {:.1e}\n", std::min(rates->steepest, rates->below_minimum));
  } else {
    fmt::print("{}\n", why_no_rate(lost, a.range.steps));
  }
  if (!a.svg.empty()) write_file_atomically(a.svg, picture(a, test, rates));
}

}  // namespace

void add_lr_find(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("lr-find", "try learning rates: the curve of the loss, and a rate to begin with");
  add_training_arguments(*command, *a);
  const char* group = "The test";
  const NumberRange rate{.most = 1e4, .above = true};
  add_number(*command, "--start-lr", a->range.start_rate, rate, "rate of the first step")
      ->default_str("1e-7")
      ->group(group);
  add_number(*command, "--end-lr", a->range.end_rate, rate, "rate of the last step")->default_str("10")->group(group);
  add_number(*command, "--num-steps", a->range.steps, WholeRange{.least = 10, .most = 1'000'000},
             "steps from the one to the other; more give a smoother curve")
      ->default_str(fmt::format("{}", a->range.steps))
      ->group(group);
  command->add_option("--svg", a->svg, "also draw the curve into this file")->type_name("FILE")->group(group);
  command->footer(
      "The range test (Smith 2017): trains for some steps, in memory alone, while the rate grows from --start-lr to "
      "--end-lr, and ends\n"
      "when the loss is four times its least. Where it falls fastest is a good --learning-rate, a tenth of where it is "
      "least the upper\n"
      "end of what is worth trying; warm-up and a falling rate allow more than a constant one. Nothing is written but "
      "--svg.\n\n"
      "Takes the options of finetune, for the answer depends on what is trained, on the optimizer and the batch size; "
      "give it the same.\n"
      "Those on how long a run is, on its schedule, evaluations, checkpoints and --output-dir change nothing here. The "
      "rates of --lr\n"
      "and --layer-decay keep their ratio to --learning-rate.\n\n"
      "Examples:\n"
      "  thaw lr-find --model data/minilm --train-file train.tsv --svg rates.svg\n"
      "  thaw lr-find --model data/minilm --train-file train.tsv --freeze 'bert.*'   # the head alone takes more\n"
      "  thaw lr-find --config runs/all/options.txt --num-steps 200");
  command->callback([a, command] {
    Task& task = choose(*command, *a);
    a->rate_note.clear();  // rates are what is looked for
    take_own_data(*command, task, a->data);
    if (a->range.start_rate >= a->range.end_rate)
      throw CLI::ValidationError("--start-lr",
                                 fmt::format("{} is not below --end-lr {}", a->range.start_rate, a->range.end_rate));
    check_output_files(*command, {{"--svg", ".svg"}});
    check_options(a->training);
    a->training.output_dir.clear();
    lr_find(*a, task);
  });
}

}  // namespace thaw
