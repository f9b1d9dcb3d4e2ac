// SPDX-License-Identifier: Apache-2.0
// Trainings on pictures read them ahead, whatever comes between their steps, and no more often than they need.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "autograd/variable.h"
#include "models/tasks/selected_examples.h"
#include "models/tasks/task_table.h"
#include "models/tasks/task_training.h"
#include "models/vit/classification.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/optim/adamw.h"
#include "nn/train/trainer.h"
#include "tests/models/small_pictures.h"
#include "tests/models/small_vit.h"
#include "tests/nn/train/small_task.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

constexpr int64_t epochs = 6, of_step = 6;  // pictures of a step; those of the last one are looked at again

// Pictures of which one in ten is larger, seen as they are; a small ViT for a task.
struct Lab {
  ScratchFolder folder;
  std::string table;
  std::unique_ptr<Task> task;
  std::unique_ptr<TaskModel> model;
  std::shared_ptr<Examples> examples;
  TrainingOptions options = small_training(folder.path() / "run");

  Lab(const std::string& name, const std::string& target, int64_t count) : task(make_task(name)) {
    ViTConfig config = small_vit_config();
    config.labels = {"0", "1", "2"};
    if (name == "ranking") {
      config.labels = {"LABEL_0"};
      config.problem_type = ProblemType::regression;
    }
    write_small_model<ViTForImageClassification>(folder / "model", config);
    folder.write("model/preprocessor_config.json",
                 R"({"image_processor_type": "ViTImageProcessor", "do_resize": false})");
    table = write_table("train", target, count);
    task->look_at(folder / "model", table);
    model = task->open(folder / "model", {});
    examples = model->read(table);
    options.num_train_epochs = epochs;
    options.eval_strategy = options.save_strategy = Interval::never;
  }

  std::string write_table(const std::string& name, const std::string& target, int64_t count) {
    std::string rows = "image\t" + target + "\n";
    for (int64_t i = 0; i < count; ++i) {
      const std::string file = fmt::format("{}{}.ppm", name, i);
      const int times = i % 10 == 3 ? 2 : 1;
      folder.write(file, ppm_bytes(12 * times, 8 * times, 200, static_cast<uint8_t>(5 * i), 20,
                                   static_cast<uint64_t>(i) + 100 * name.size()));
      rows += fmt::format("{}\t{}\n", file, i % 3);
    }
    return folder.write(name + ".tsv", rows).string();
  }

  void train(Examples& learnt, const Examples* judged) {
    TaskTraining training(*model, learnt, judged);
    AdamW optimizer(model->store(), {});
    thaw::train(training, model->store(), optimizer, options);
  }
};

std::vector<int64_t> numbers(int64_t from, int64_t to) {
  std::vector<int64_t> all(static_cast<size_t>(to - from));
  std::iota(all.begin(), all.end(), from);
  return all;
}

}  // namespace

TEST_CASE("reading ahead: a rehearsal of the largest batch costs no more than its own pictures") {
  Lab lab("image-classification", "label", 60);
  const std::span<const int64_t> lengths = lab.examples->lengths();
  lab.options.batches.bucket_steps = 1;
  const StepBatch largest = largest_step(lengths, lab.options.batches);
  const StepBatch first = epoch_steps(lengths, lab.options.batches, lab.options.seed, 0).at(0);
  REQUIRE(most_tokens(largest, lengths) > 1.1 * static_cast<double>(most_tokens(first, lengths)));
  lab.train(*lab.examples, nullptr);
  const ReadCounts counts = lab.examples->read_ahead();
  CHECK(counts.taken == 60 * epochs + std::ssize(largest.examples()) + of_step);
  CHECK(counts.missed == 0);
}

TEST_CASE("reading ahead: it goes on behind evaluations on a part of the same file, and on another file") {
  Lab lab("image-classification", "label", 60);
  lab.options.eval_strategy = Interval::steps;
  lab.options.eval_steps = 3;
  SelectedExamples learnt(lab.examples, numbers(0, 48)), judged(lab.examples, numbers(48, 60));
  lab.train(learnt, &judged);
  const ReadCounts counts = lab.examples->read_ahead();
  CHECK(counts.taken >= 48 * epochs + 12 * (48 / of_step * epochs / 3));
  CHECK(counts.missed == 0);

  const auto others = lab.model->read(lab.write_table("others", "label", 7));
  const auto again = lab.model->read(lab.table);
  lab.options.output_dir = lab.folder.path() / "again";
  lab.train(*again, others.get());
  CHECK(again->read_ahead().missed == 0);
  CHECK(again->read_ahead().read == 60);  // what was read when an evaluation came is not read again
  CHECK(others->read_ahead().missed == 0);
}

TEST_CASE("reading ahead: it goes on behind checkpoints, for which the loss of a step is computed again") {
  Lab lab("ranking", "score", 36);
  lab.options.save_strategy = Interval::steps;
  lab.options.save_steps = 4;
  lab.train(*lab.examples, nullptr);
  CHECK(lab.examples->read_ahead().missed == 0);
}

TEST_CASE("reading ahead: pictures whose frozen part is kept are taken once, and when that is trained each time") {
  Lab lab("image-classification", "label", 24);
  FreezeMask mask = FreezeMask::all_trained();
  mask.freeze("vit.*");
  mask.apply(lab.model->store());
  const auto judged = lab.model->read(lab.write_table("judged", "label", 5));
  for (Examples* examples : {lab.examples.get(), judged.get()})
    REQUIRE(examples->keep_frozen({.bytes = 1 << 20, .passes = epochs}).kept == examples->size());
  lab.options.eval_strategy = Interval::steps;
  lab.options.eval_steps = 4;
  bool thawed = false;
  SUBCASE("frozen to the end") {}
  SUBCASE("thawed in the middle of the fourth epoch") {
    lab.options.freezing = [&](const TrainingClock& now) {
      if (thawed || now.steps < 14) return false;
      thawed = true;
      FreezeMask::all_trained().apply(lab.model->store());
      return true;
    };
  }
  lab.train(*lab.examples, judged.get());
  const ReadCounts learnt = lab.examples->read_ahead();
  CHECK(learnt.missed == 0);
  CHECK(learnt.read == 24);
  CHECK(learnt.taken == 24 + (thawed ? 2 * of_step + 2 * 24 + of_step : 0));
  CHECK(judged->read_ahead().missed == 0);
  CHECK(judged->read_ahead().read == 5);
}

TEST_CASE("reading ahead: rows that are compared are read with their partners, and judged without them") {
  Lab lab("ranking", "score", 24);
  for (const bool learns : {true, false}) {  // no matter for what is expected
    const auto examples = lab.model->read(lab.table);
    std::optional<NoGrad> no_grad;
    if (!learns) no_grad.emplace();
    examples->expect(numbers(0, 24));
    examples->loss(numbers(0, 24), 24);
    CHECK(examples->read_ahead().taken == 2 * 24);
    examples->evaluate();
    CHECK(examples->read_ahead().taken == 3 * 24);
    CHECK(examples->read_ahead().read == 24);
    CHECK(examples->read_ahead().missed == 0);
  }
}
