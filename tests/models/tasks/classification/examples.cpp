// SPDX-License-Identifier: Apache-2.0
// Parts of a step add up, weights come back bit for bit, and the model on the dry device is the same.
#include "models/tasks/classification/examples.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <vector>

#include "autograd/variable.h"
#include "models/bert/classification.h"
#include "models/tasks/classification/model.h"
#include "models/tasks/task_training.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

struct Opened {
  ScratchFolder folder;
  std::string file = folder.write("t.tsv", "text\tlabel\nthe cat\tlow\nbad film\thigh\nvery good play\tlow\n").string();
  ClassificationModel model = open();

  ClassificationModel open() {
    BertConfig config = small_bert_config();
    config.labels = {"high", "low"};
    write_small_model<BertForSequenceClassification>(folder / "model", config);
    return {folder / "model", TextClassifierOptions{{.device = Device::open("reference")}}, {}, {}, {}};
  }
};

}  // namespace

TEST_CASE("classification examples: micro-batches add up to the whole batch's loss and gradients") {
  Opened opened;
  const auto examples = opened.model.read(opened.file);
  const std::vector<int64_t> all{0, 1, 2}, one{1}, two{0, 2};
  const auto gradient_of = [&](const std::vector<std::vector<int64_t>>& parts, double& loss) {
    for (const Parameter& p : opened.model.store().all()) p.variable().clear_grad();
    loss = 0;
    for (const auto& part : parts) {
      const Variable y = examples->loss(part, examples->terms(all));
      loss += static_cast<double>(y.value().item());
      backward(y);
    }
    return opened.model.store().find("classifier.weight").variable().grad().to_host<float>();
  };
  double whole = 0, sum = 0;
  const std::vector<float> expected = gradient_of({all}, whole), found = gradient_of({one, two}, sum);
  CHECK(sum == doctest::Approx(whole));
  for (size_t i = 0; i < expected.size(); ++i) CHECK(found[i] == doctest::Approx(expected[i]).epsilon(1e-4));
  CHECK(examples->evaluate()->metrics().at("loss") == doctest::Approx(whole));
}

TEST_CASE("task training: weights that were saved come back bit for bit, those of another model do not") {
  Opened opened;
  opened.model.save(opened.folder / "saved");
  const Tensor& value = opened.model.store().all()[0].value();
  const std::vector<float> before = value.to_host<float>();
  value.copy_from(Tensor::zeros(value.shape(), value.dtype(), value.device()));
  load_weights(opened.model.store(), opened.folder / "saved");
  CHECK(value.to_host<float>() == before);
  CHECK_THROWS_AS(load_weights(opened.model.store(), opened.folder / "nowhere"), std::runtime_error);
}
