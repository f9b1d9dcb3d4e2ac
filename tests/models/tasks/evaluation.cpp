// SPDX-License-Identifier: Apache-2.0
// What evaluation needs beside what training does.
#include "models/tasks/evaluation.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "autograd/variable.h"
#include "models/bert/classification.h"
#include "models/tasks/classification/examples.h"
#include "models/tasks/classification/model.h"
#include "models/tasks/selected_examples.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/mode.h"
#include "tensor/memory_stats.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

using namespace thaw;

TEST_CASE("evaluation: bounded by what training computes at once, it needs no more memory, and says the same") {
  const ScratchFolder folder;
  const BertConfig config = small_bert_config();
  write_small_model<BertForSequenceClassification>(folder.path().string(), config);
  for (const FreezeMask& mask : {FreezeMask::all_trained(), FreezeMask::all_frozen().train("classifier.*")}) {
    ClassificationModel model(folder.path().string(), TextClassifierOptions{{.device = {}}, {"high", "low"}}, {}, {},
                              {});
    mask.apply(model.store());
    ClassificationExamples::Data texts;
    for (int i = 0; i < 128; ++i) {
      Encoding text;
      text.ids.assign(8, 1 + i % 5);
      text.type_ids.assign(8, 0);
      texts.texts.add(std::move(text), i + 2);
      texts.targets.classes.push_back(i % 2);
    }
    const auto all = std::make_shared<ClassificationExamples>(
        model.classifier(), std::make_shared<const ClassificationExamples::Data>(std::move(texts)));

    MemoryStats& memory = model.store().device().backend().memory();
    memory.reset_peak();
    {
      const TrainingMode training(model.store().mode());
      backward(all->loss(std::vector<int64_t>{0, 1}, 2));
    }
    const uint64_t trained = memory.peak_bytes;
    for (const Parameter& parameter : model.store().trained()) parameter.variable().clear_grad();
    const auto peak = [&] {
      memory.reset_peak();
      const double loss = all->evaluate()->loss();
      return std::pair(loss, uint64_t{memory.peak_bytes});
    };
    const auto [loss, unbounded] = peak();
    CHECK(unbounded > trained);
    SelectedExamples(all, {3, 4}).bound_evaluation(16);
    const auto [bounded_loss, bounded] = peak();
    CHECK(bounded <= trained);
    CHECK(bounded_loss == doctest::Approx(loss));
  }
}
