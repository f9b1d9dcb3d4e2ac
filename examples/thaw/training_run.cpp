// SPDX-License-Identifier: Apache-2.0
// Opens, and tells.
#include "examples/thaw/training_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>

#include "examples/thaw/before_training.h"
#include "examples/thaw/freeze_stages.h"
#include "examples/thaw/kept_checks.h"
#include "examples/thaw/kept_texts.h"
#include "models/tasks/parallel_parts.h"
#include "tensor/counted.h"
#include "tensor/quote.h"

namespace thaw {

TrainingRun open_for_training(const TrainingArguments& a, Task& task, const FreezeSchedule& schedule) {
  TrainingRun run;
  run.model = task.open(
      a.model.model,
      {.device = open_device(a.model.device), .seed = a.training.seed, .first_weights = a.model.first_weights()});
  run.model->set_checkpointing(a.model.gradient_checkpointing);
  run.has_rules = !says_nothing(schedule);
  run.stages = schedule_for(schedule, *run.model).stages(run.model->store());
  run.reports = look_through(run.stages, run.model->store());
  const bool thaws = run.stages.size() > 1;
  if (thaws) run.stages.back().apply(run.model->store());  // a model warns of what is trained in no stage
  for (const std::string& line : run.model->warnings()) fmt::print(stderr, "warning: {}\n", one_line(line));
  if (thaws) run.stages.front().apply(run.model->store());
  run.examples = read_examples(*run.model, a.data, a.training.seed);
  run.base = compress_base(*run.model, *run.examples.train, run.stages, a.freeze.dtype);
  return run;
}

KeptTexts announce(const TrainingRun& run, const TrainingArguments& a, bool keeps) {
  check_micro_batches(*run.examples.train, a.training);
  const Device device = run.model->store().device();
  if (const std::string failed = failed_before(device); !failed.empty()) fmt::print(stderr, "warning: {}\n", failed);
  const int64_t left = rehearse(*run.model, run.stages, *run.examples.train, a.training, a.optimizer);
  const KeptTexts kept =
      keeps ? keep_frozen(run.examples, a.training, a.cache, std::min(a.cache.memory * 1'000'000, left))
            : keep_frozen(run.examples, a.training, {}, 0);
  const int64_t rows = run.examples.train->size(), examples = run.examples.train->groups();
  fmt::print("{} on {}: {}{}, {}\n", a.model.model, device.name(), counted(examples, "example"),
             rows > examples ? fmt::format(" in {} pieces", rows) : "", run.model->description());
  fmt::print("{}", run.model->report().to_text());
  if (!a.rate_note.empty()) fmt::print("{}\n", a.rate_note);
  const FreezeReport& frozen = run.reports[0];
  fmt::print("trained: {} of {} parameters ({:.2f} per mille)\n", frozen.trained, frozen.trained + frozen.frozen,
             frozen.per_mille());
  tell_of(frozen, run.has_rules, parallel_parts(*run.model));
  tell_of(run.stages, run.reports);
  if (const std::string line = run.base.to_text(); !line.empty()) fmt::print("{}\n", line);
  warn_of_late_stages(run.stages, a.training, rows);
  for (const std::string& note : a.optimizer.notes(run.model->store())) fmt::print("{}\n", note);
  if (const std::string line = to_text(kept, a.cache, run.examples.train->words()); !line.empty())
    fmt::print("{}\n", line);
  std::fflush(stdout);
  return kept;
}

}  // namespace thaw
