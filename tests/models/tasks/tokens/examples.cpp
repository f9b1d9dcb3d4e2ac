// SPDX-License-Identifier: Apache-2.0
// Words to tokens and losses: first pieces, words that are cut or have no token, parts of a step.
#include "models/tasks/tokens/examples.h"

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "autograd/variable.h"
#include "models/bert/classification.h"
#include "models/bert/pretraining.h"
#include "models/tasks/task_table.h"
#include "models/tasks/tokens/evaluation.h"
#include "models/tasks/tokens/model.h"
#include "tensor/dry_device.h"
#include "tests/error_of.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

constexpr const char* rows =
    "{\"tokens\": [\"the\", \"cats\", \"sat\"], \"tags\": [\"O\", \"B-X\", \"I-X\"]}\n"
    "{\"tokens\": [\"\\u0001\", \"film\"], \"tags\": [\"O\", \"B-X\"]}\n"
    "{\"tokens\": [\"a\", \"very\", \"good\", \"play\"], \"tags\": [\"O\", \"O\", \"O\", \"B-X\"]}\n";

struct Opened {
  ScratchFolder folder;
  std::string file = folder.write("t.jsonl", rows).string();
  std::unique_ptr<TaskModel> model;
  std::unique_ptr<Examples> examples;

  explicit Opened(int64_t max_length = 0) {
    write_small_model<BertForPreTraining>(folder / "model", small_bert_config());
    const auto task = make_task("tokens");
    for (const OptionField& option : task->options(TaskUse::training))
      if (option.name == "max_length") *std::get<int64_t*>(option.field) = max_length;
    task->look_at(folder / "model", file);
    model = task->open(folder / "model", {.device = Device::open("reference")});
    examples = model->read(file);
  }
  const TokensEvaluation::Sentence& judged(const Evaluation& evaluation, int64_t example) const {
    return dynamic_cast<const TokensEvaluation&>(evaluation).sentence(example);
  }
};

}  // namespace

TEST_CASE("tokens examples: a word's first piece carries its label, a word without a token none") {
  const Opened opened;
  const std::vector<int64_t> all{0, 1, 2};
  CHECK(opened.examples->terms(all) == 8);
  const ShownExample shown = opened.examples->show(0);
  std::string text;
  for (const auto& token : shown.tokens) text += token.text + (token.has_loss ? "/" + token.label : "") + " ";
  CHECK(text == "[CLS] the/O cat/B-X ##s sat/I-X [SEP] ");
  CHECK(shown.where == opened.file + ":1");
  const auto evaluation = opened.examples->evaluate();
  CHECK(opened.judged(*evaluation, 1).said[0] == -1);
  CHECK(opened.judged(*evaluation, 1).said[1] >= 0);
  CHECK(opened.model->description() == "labels of words (3)");
}

TEST_CASE("tokens examples: words beyond the greatest length are counted as O, and said to be cut") {
  const Opened opened(5);
  CHECK(opened.examples->cut(0) == 1);
  CHECK(opened.examples->cut(1) == 0);
  CHECK(opened.examples->cut(2) == 1);
  const std::vector<int64_t> last{2};
  CHECK(opened.examples->terms(last) == 3);
  const auto evaluation = opened.examples->evaluate(last);
  CHECK(opened.judged(*evaluation, 0).said[3] == -1);
  CHECK(evaluation->metrics().at("recall") == 0);
  CHECK(opened.judged(*evaluation, 0).wrongness >= 1);
  REQUIRE(opened.examples->notes().size() == 2);
  CHECK(opened.examples->notes()[0].find("words that are cut off: 2; nothing is learnt") != std::string::npos);
  CHECK(opened.examples->notes()[1].find("words without a token: 1; ") != std::string::npos);
}

TEST_CASE("tokens examples: a trained model reads the numbers of its classes as well as their names") {
  const Opened trained;
  trained.model->save(trained.folder / "saved");
  const auto model =
      make_task("tokens")->open(trained.folder / "saved", {.device = Device::open("reference"), .trained = true});
  const auto truth = [&](const std::string& name, const std::string& text) {
    return model->read(trained.folder.write(name, text).string())->evaluate()->judgement(0).truth;
  };
  CHECK(truth("n.jsonl", "{\"tokens\": [\"the\", \"cats\"], \"tags\": [2, 0]}\n") == "O B-X");
  CHECK(truth("n.conll", "the 2\ncats 0\n") == "O B-X");
  CHECK(truth("names.conll", "the O\ncats I-X\n") == "O I-X");
  const std::string beyond = trained.folder.write("beyond.conll", "the 2\ncats 3\n").string();
  CHECK(error_of<std::runtime_error>([&] { model->read(beyond); }).find("beyond.conll:1: unknown label \"2\"") !=
        std::string::npos);
}

TEST_CASE("tokens examples: nothing within the greatest length is an error that says so") {
  CHECK(error_of<std::runtime_error>([] {
          const Opened opened(2);
        }).find("no word has a token among the 2 of max_length") != std::string::npos);
}

TEST_CASE("tokens examples: micro-batches add up to the whole batch's loss and gradients") {
  const Opened opened;
  const std::vector<int64_t> all{0, 1, 2}, one{1}, two{0, 2};
  const auto gradient_of = [&](const std::vector<std::vector<int64_t>>& parts, double& loss) {
    for (const Parameter& p : opened.model->store().all()) p.variable().clear_grad();
    loss = 0;
    for (const auto& part : parts) {
      const Variable y = opened.examples->loss(part, opened.examples->terms(all));
      loss += static_cast<double>(y.value().item());
      backward(y);
    }
    return opened.model->store().find("classifier.weight").variable().grad().to_host<float>();
  };
  double whole = 0, sum = 0;
  const std::vector<float> expected = gradient_of({all}, whole), found = gradient_of({one, two}, sum);
  CHECK(sum == doctest::Approx(whole));
  for (size_t i = 0; i < expected.size(); ++i) CHECK(found[i] == doctest::Approx(expected[i]).epsilon(1e-4));
  CHECK(opened.examples->evaluate()->loss() == doctest::Approx(whole));
}

TEST_CASE("tokens examples: on the dry device, made up, and known again") {
  const Opened opened;
  const DryDevice dry;
  const auto dry_model = opened.model->on_dry_device(dry.device());
  const auto dry_examples = opened.examples->read_by(*dry_model);
  const std::vector<int64_t> all{0, 1, 2};
  CHECK(dry_examples->loss(all, 8).shape() == Shape{});
  CHECK(dry_examples->identity() == opened.examples->identity());
  const auto longest = opened.model->longest(2);
  CHECK(longest->lengths()[1] == 32);
  const std::vector<int64_t> both{0, 1};
  CHECK(longest->terms(both) == 64);

  const Opened other;
  opened.folder.write("other.jsonl", "{\"tokens\": [\"the\", \"cats\", \"sat\"], \"tags\": [\"O\", \"O\", \"I-X\"]}\n");
  const auto changed = opened.model->read(opened.folder / "other.jsonl");
  CHECK(changed->identity() != opened.examples->identity());
  CHECK(other.examples->identity() == opened.examples->identity());
}

TEST_CASE("tokens examples: sentences without an entity are of one stratum") {
  const Opened opened;
  opened.folder.write("none.conll", "the O\ncat O\n\nsat B-X\n\na O\n");
  const auto examples = opened.model->read(opened.folder / "none.conll");
  CHECK(examples->stratum(0) == examples->stratum(2));
  CHECK(examples->stratum(0) != examples->stratum(1));
  CHECK(examples->kin(0) != examples->kin(2));
}

TEST_CASE("tokens: a label that training did not have names file, line and word") {
  const Opened opened;
  opened.folder.write("odd.jsonl", "{\"tokens\": [\"the\", \"cat\"], \"tags\": [\"O\", \"B-x\"]}\n");
  const std::string error = error_of<std::runtime_error>([&] { opened.model->read(opened.folder / "odd.jsonl"); });
  CHECK(error.find("odd.jsonl:1: tags[1]: unknown label \"B-x\"") != std::string::npos);
  CHECK(error.find("case") != std::string::npos);
}

TEST_CASE("tokens: a head for whole texts is not taken for one of words; one of the same labels stays") {
  Opened opened;
  opened.model->save(opened.folder / "saved");
  const auto task = make_task(task_of_directory(opened.folder / "saved"));
  CHECK(task->name() == "tokens");
  const auto again = task->open(opened.folder / "saved", {.device = Device::open("reference"), .trained = true});
  CHECK(again->report().initialised.empty());
  CHECK(again->read(opened.file)->evaluate()->loss() == doctest::Approx(opened.examples->evaluate()->loss()));

  BertConfig config = small_bert_config();
  config.labels = {"B-X", "I-X", "O"};
  write_small_model<BertForSequenceClassification>(opened.folder / "whole", config);
  const auto for_words = make_task("tokens");
  const std::string error = error_of<std::runtime_error>(
      [&] { for_words->open(opened.folder / "whole", {.device = Device::open("reference"), .trained = true}); });
  CHECK(error.find("has no head for words") != std::string::npos);
  for_words->look_at(opened.folder / "whole", opened.file);
  const auto model = for_words->open(opened.folder / "whole", {.device = Device::open("reference")});
  CHECK(model->report().initialised.size() == 2);
}
