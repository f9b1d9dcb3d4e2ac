// SPDX-License-Identifier: Apache-2.0
// How every family is trained: frozen parts that are kept, checkpointing, adapters in files and side by side, runs that
// are stopped and gone on with while they thaw. Rules and costs are in tests/models/tuning.cpp.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "autograd/functions.h"
#include "autograd/tape.h"
#include "models/hub/base_model.h"
#include "models/tasks/task_training.h"
#include "nn/change/change_bank.h"
#include "nn/change/model_change.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/freeze/freeze_report.h"
#include "nn/freeze/freeze_schedule.h"
#include "nn/optim/adamw.h"
#include "nn/train/checkpoint.h"
#include "nn/train/trainer.h"
#include "tests/models/family_table/family_row.h"

using namespace thaw;

namespace {

constexpr int64_t plenty = std::numeric_limits<int64_t>::max();

// Freezes the groups up to the first layer, and the input layer of a frozen transformer, which is made behind its body.
void freeze_bottom(ParameterStore& store) {
  const std::vector<std::string> groups = freeze_groups(store);
  size_t first_layer = 0;
  const auto is_layer = [&](const std::string& group) {  // "...layer.0"
    const std::string last = group.substr(group.rfind('.') + 1);
    return !last.empty() && std::ranges::all_of(last, [](char c) { return c >= '0' && c <= '9'; });
  };
  while (first_layer < groups.size() && !is_layer(groups[first_layer])) ++first_layer;
  REQUIRE(first_layer < groups.size());
  std::set<std::string> bottom(groups.begin(), groups.begin() + static_cast<ptrdiff_t>(first_layer) + 1);
  for (size_t i = 0; i < groups.size(); ++i)
    if (bottom.contains(groups[i]) || groups[i].starts_with("in_net")) store.all()[i].freeze();
}

// A change by these rules, as a short training makes it.
ModelChange trained_by(const SmallFamily& small, const char* rules, std::vector<float>* outputs) {
  const OpenedFamily opened(small);
  FreezeMask::parse(rules, "rules").apply(opened.store());
  opened.train(3);
  *outputs = opened.outputs();
  return change_of(opened.store());
}

}  // namespace

TEST_CASE("every family: it learns, and a step with checkpointing has the same loss and gradients, dropout and all") {
  for (const FamilyRow& row : family_rows()) {
    INFO(name_of(row));
    const SmallFamily small(row, 0.1);
    std::map<std::string, Bytes> gradients[2];
    float losses[2];
    for (const bool checkpointing : {false, true}) {
      const OpenedFamily opened(small);
      opened.model->set_checkpointing(checkpointing);
      const TrainingMode training(opened.store().mode());
      opened.store().mode().random = RandomStreams(3);
      const Variable loss = opened.loss();
      losses[checkpointing] = loss.item();
      backward(loss);
      gradients[checkpointing] = gradients_of(opened.store());
    }
    CHECK(losses[0] == losses[1]);
    CHECK(gradients[0] == gradients[1]);
    const SmallFamily without_dropout(row);
    const std::vector<float> curve = OpenedFamily(without_dropout).train(20);
    CHECK(curve.back() < curve.front());
  }
}

TEST_CASE("every family: behind a frozen bottom that is kept a training has the same bits as one that keeps nothing") {
  for (const FamilyRow& row : family_rows()) {
    INFO(name_of(row));
    const SmallFamily small(row, 0.1);
    std::vector<float> losses[2];
    std::map<std::string, Bytes> values[2];
    for (const bool kept : {false, true}) {
      const OpenedFamily opened(small);
      freeze_bottom(opened.store());
      const KeptTexts told = opened.examples->keep_frozen({.bytes = kept ? plenty : 0, .passes = 6});
      CHECK(!told.part.empty());
      CHECK((told.kept > 0) == (kept && !row.draws_examples));
      losses[kept] = opened.train(6);
      values[kept] = values_of(opened.store());
    }
    CHECK(losses[0] == losses[1]);
    CHECK(values[0] == values[1]);
  }
}

TEST_CASE("every family: an adapter in files is read again behind its base, bit for bit") {
  for (const FamilyRow& row : family_rows())
    for (const std::string rules : {"lora r=2", "prefix n=2", "prompt n=2"}) {
      if (!row.reads_texts && rules.starts_with("prompt")) continue;
      INFO(name_of(row) << ", " << rules);
      const SmallFamily small(row);
      // The base has the row's head, and whatever else is new.
      OpenedFamily(small).model->save(small.folder / "base");
      const OpenedFamily tuned(small, small.folder / "base");
      FreezeMask::parse(rules, "rules").apply(tuned.store());
      tuned.train(3);
      const std::string base = small.folder / "base";
      tuned.model->save(small.folder / "adapter", {.base = BaseModel{base, weights_hash(base)}});
      const OpenedFamily again(small, small.folder / "adapter");
      CHECK(values_of(again.store()) == values_of(tuned.store()));
      CHECK(again.outputs() == tuned.outputs());
    }
}

TEST_CASE("every family: what was trained beside an adapter goes on being trained when that is opened again") {
  const auto trained_numbers = [](const ParameterStore& store) {
    std::map<std::string, int64_t> numbers;
    for (const Parameter& parameter : store.trained()) numbers[parameter.name()] = parameter.trained_numbers();
    return numbers;
  };
  for (const FamilyRow& row : family_rows())
    for (const std::string adapter : {"lora r=2", "prefix n=2", "prompt n=2"}) {
      if (!row.reads_texts && adapter.starts_with("prompt")) continue;
      INFO(name_of(row) << ", " << adapter);
      const SmallFamily small(row);
      const std::string base = small.folder / "base", change = small.folder / "change";
      OpenedFamily(small).model->save(base);
      const OpenedFamily tuned(small, base);
      std::string rules = adapter + "\ntrain {*LayerNorm*,*layernorm*,*layer_norm*,*ln_*}\n";
      if (row.task != "frozen" && row.reads_texts)
        rules += "train {*word_embeddings,*wte,*tokens_embed,shared}.weight rows 5:7\n";
      FreezeMask::parse(rules, "rules").apply(tuned.store());
      const std::map<std::string, int64_t> before = trained_numbers(tuned.store());
      tuned.train(1);
      tuned.model->save(change, {.base = BaseModel{base, weights_hash(base)}});
      const OpenedFamily again(small, change);
      FreezeMask().apply(again.store());
      CHECK(trained_numbers(again.store()) == before);
      FreezeMask::parse("freeze {*LayerNorm*,*layernorm*,*layer_norm*,*ln_*}", "rules").apply(again.store());
      CHECK(trained_numbers(again.store()).size() < before.size());
    }
}

TEST_CASE("every family: several adapters take turns on one base, which keeps its bits") {
  for (const FamilyRow& row : family_rows()) {
    INFO(name_of(row));
    const SmallFamily small(row);
    std::vector<float> of_lora, of_prefix;
    const ModelChange lora = trained_by(small, "lora r=2", &of_lora),
                      prefix = trained_by(small, "prefix n=2", &of_prefix);
    const OpenedFamily opened(small);
    const std::vector<float> of_base = opened.outputs();
    const std::map<std::string, Bytes> base = values_of(opened.store());
    CHECK(of_lora != of_base);
    CHECK(of_prefix != of_base);
    CHECK(of_lora != of_prefix);
    ChangeBank bank(opened.store());
    bank.add("lora", lora);
    bank.add("prefix", prefix);
    for (int turn = 0; turn < 2; ++turn) {
      bank.use("lora");
      CHECK(opened.outputs() == of_lora);
      bank.use("prefix");
      CHECK(opened.outputs() == of_prefix);
      bank.use("");
      CHECK(opened.outputs() == of_base);
    }
    CHECK(values_of(opened.store()) == base);
  }
}

TEST_CASE("every family: a run that thaws from the top and is stopped goes on to the same bits") {
  for (const FamilyRow& row : family_rows()) {
    INFO(name_of(row));
    const SmallFamily small(row, 0.1);
    struct Run {
      TrainingResult result;
      std::map<std::string, Bytes> values;
    };
    const auto run = [&](const std::string& output, int64_t stop_after, bool resume) {
      const OpenedFamily opened(small);
      FreezeSchedule schedule(FreezeMask::parse(row.unread, "unread"));
      schedule.unfreeze_every(FreezeSchedule::period("1"));
      std::vector<FreezeStage> stages = schedule.stages(opened.store());
      REQUIRE(stages.size() > 3);
      const int64_t numbers = freeze_report(opened.store()).trained;
      CHECK(stages.front().apply(opened.store()).trained < stages.back().apply(opened.store()).trained);
      CHECK(stages.back().apply(opened.store()).trained >= numbers);
      stages.front().apply(opened.store());
      TaskTraining task(*opened.model, *opened.examples, nullptr);
      TrainingOptions options;
      options.output_dir = output;
      options.max_steps = static_cast<int64_t>(stages.size()) + 2;
      options.batches.batch_size = 2;
      options.learning_rate = 1e-2;
      options.eval_strategy = Interval::never;
      options.save_strategy = Interval::never;
      options.progress = nullptr;
      options.freezing = follow_stages(opened.store(), stages);
      int64_t asked = 0;
      options.stop_requested = [&] { return ++asked == stop_after; };
      AdamW optimizer(opened.store(), {});
      std::optional<std::filesystem::path> checkpoint;
      if (resume) checkpoint = latest_checkpoint(output, [](const std::string& line) { FAIL(line); });
      Run ran;
      ran.result = thaw::train(task, opened.store(), optimizer, options, checkpoint);
      ran.values = values_of(opened.store());
      return ran;
    };
    const Run whole = run(small.folder / "whole", 0, false);
    const Run stopped = run(small.folder / "stopped", 3, false);
    CHECK(stopped.result.stopped);
    CHECK(stopped.result.steps == 3);
    const Run resumed = run(small.folder / "stopped", 0, true);
    CHECK(resumed.result.resumed_at == 3);
    CHECK(resumed.result.steps == whole.result.steps);
    CHECK(resumed.values == whole.values);
    CHECK(resumed.values != stopped.values);
  }
}
