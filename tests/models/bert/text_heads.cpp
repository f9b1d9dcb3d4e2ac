// SPDX-License-Identifier: Apache-2.0
// Heads as tasks find them: outputs of some tokens, a checkpoint of pretraining, the model without a head.
#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "autograd/functions.h"
#include "autograd/tape.h"
#include "models/bert/pretraining.h"
#include "models/families.h"
#include "models/tasks/text_pipeline.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

TextPipeline open(const std::string& directory, std::string_view architecture) {
  return {directory, TextPurpose{architecture, "a test"}, {.device = Device::open("reference")}};
}

}  // namespace

TEST_CASE("text heads: masked words, answers and hidden states of some tokens are rows of those of all") {
  const ScratchFolder folder;
  write_small_model<BertForPreTraining>(folder / "model", small_bert_config());
  for (const char* architecture : {"ForMaskedLM", "ForQuestionAnswering", "ForTokenClassification", "Model"}) {
    const TextPipeline text = open(folder / "model", architecture);
    const NoGrad no_grad;
    const Encoding first = text.encode("the cat sat"), second = text.encode("bad film");
    const std::vector<const Encoding*> batch{&first, &second};
    const std::vector<int32_t> tokens{6, 1, 1};
    const Tensor all = text.outputs(batch).value(), some = text.outputs_at(batch, tokens).value();
    CHECK(all.shape()[0] == 9);
    CHECK(some.shape() == Shape{3, all.shape()[1]});
    const std::vector<float> expected = all.to_host<float>(), found = some.to_host<float>();
    const auto width = static_cast<size_t>(all.shape()[1]);
    for (size_t i = 0; i < found.size(); ++i)
      CHECK(found[i] == doctest::Approx(expected[static_cast<size_t>(tokens[i / width]) * width + i % width]));
  }
}

TEST_CASE("text heads: the loss at some tokens is that of their rows") {
  const ScratchFolder folder;
  write_small_model<BertForPreTraining>(folder / "model", small_bert_config());
  for (const char* architecture : {"ForMaskedLM", "ForTokenClassification"}) {
    TextPipeline text = open(folder / "model", architecture);
    const Encoding first = text.encode("the cat sat"), second = text.encode("bad film");
    const std::vector<const Encoding*> batch{&first, &second};
    const std::vector<int32_t> tokens{6, 1, 1}, truths{1, 0, 1};
    const Variable loss = text.loss_at(batch, tokens, truths, 5);
    const Variable logits = text.outputs_at(batch, tokens);
    const Variable wanted = cross_entropy(logits, Indices(truths, logits.value().device()), {}, 5);
    CHECK(loss.item() == wanted.item());
    CHECK(loss.tracked());
    const NoGrad no_grad;
    CHECK(text.loss_at(batch, {}, {}, 5).item() == 0);
  }
}

TEST_CASE("text heads: a checkpoint of pretraining has a head for masked words, one of answers has none for words") {
  const ScratchFolder folder;
  write_small_model<BertForPreTraining>(folder / "model", small_bert_config());
  TextPipeline words = open(folder / "model", "ForMaskedLM");
  CHECK(words.report().initialised.empty());
  words.save(folder / "words");
  CHECK(open(folder / "words", "ForMaskedLM").report().initialised.empty());
  const std::vector<std::string> missing = open(folder / "words", "ForQuestionAnswering").report().initialised;
  CHECK(std::ranges::find(missing, "qa_outputs.weight") != missing.end());
}
