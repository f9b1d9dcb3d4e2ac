// SPDX-License-Identifier: Apache-2.0
// The golden model of question answering through the task: logits, and losses of a training. golden_trace.json is what
// transformers 5.24 computed in float64 of goldens/bert_qa and golden_questions.jsonl, whose words are token ids: three
// batches of four questions of one length each, so that padding plays no part.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "autograd/tape.h"
#include "models/tasks/qa/model.h"
#include "models/tasks/task_table.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/optim/adamw.h"
#include "nn/optim/clip.h"
#include "nn/optim/schedule.h"
#include "tensor/io/json.h"
#include "tests/scratch_folder.h"
#include "tests/source_folder.h"

using namespace thaw;

namespace {

const std::filesystem::path here() { return source_folder() / "tests/models/tasks/qa"; }
std::string questions_file() { return (here() / "golden_questions.jsonl").string(); }

struct Opened {
  ScratchFolder folder;
  std::unique_ptr<Task> task = make_task("qa");
  std::unique_ptr<TaskModel> model = open();
  std::unique_ptr<Examples> examples = model->read(questions_file());

  std::unique_ptr<TaskModel> open() {
    const auto golden = source_folder() / "tests/goldens/bert_qa";
    for (const char* file : {"config.json", "model.safetensors"})
      std::filesystem::copy_file(golden / file, folder.path() / file);
    std::ofstream words(folder / "vocab.txt");
    words << "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n";
    for (int id = 5; id < 211; ++id) words << "w" << id << "\n";
    words.close();
    task->look_at(folder.path().string(), questions_file());
    return task->open(folder.path().string(), {.device = Device::from_environment(), .trained = true});
  }
};

std::vector<int64_t> batch(size_t number) {
  const auto first = static_cast<int64_t>(4 * number);
  return {first, first + 1, first + 2, first + 3};
}

}  // namespace

TEST_CASE("question answering, golden: logits of the questions are the reference's") {
  Opened opened;
  const Json expected = Json::read((here() / "golden_trace.json").string());
  TextPipeline& text = dynamic_cast<QaModel&>(*opened.model).text();
  const NoGrad no_grad;
  std::ifstream file(questions_file());
  std::string line;
  for (size_t i = 0; i < 4 && std::getline(file, line); ++i) {
    const Json row = Json::parse(line, "row");
    const Encoding encoding = text.encode(row.get_string("question"), row.get_string("context"));
    const Encoding* one = &encoding;
    const std::vector<double> logits = text.outputs({&one, 1}).value().to_host<double>();
    const Json& numbers = expected.get_array("logits").get_array(i);
    REQUIRE(logits.size() == numbers.size());
    for (size_t k = 0; k < logits.size(); ++k) CHECK(logits[k] == doctest::Approx(numbers.get_number(k)).epsilon(1e-4));
  }
  CHECK(opened.model->description() == "question answering (a context may have no answer)");
}

TEST_CASE(
    "question answering, golden: losses of twelve steps are the reference's, with all trained and with the head") {
  const Json expected = Json::read((here() / "golden_trace.json").string());
  const Json& o = expected.get_object("optimizer");
  for (const char* mode : {"full", "head"}) {
    INFO(mode);
    Opened opened;
    ParameterStore& store = opened.model->store();
    if (std::string(mode) == "head") FreezeMask::all_frozen().train("qa_outputs.*").apply(store);
    AdamW optimizer(store, {o.get_array("betas").get_number(0), o.get_array("betas").get_number(1), o.get_number("eps"),
                            o.get_number("weight_decay")});
    const Schedule schedule = make_schedule("linear", o.get_number("lr"), o.get_int("warmup"), o.get_int("steps"));
    const Json& losses = expected.get_object("traces").get_array(mode);
    for (size_t step = 0; step < losses.size(); ++step) {
      const Variable loss = opened.examples->loss(batch(step % 3), 4);
      optimizer.clear_gradients();
      backward(loss);
      const GradientNorm norm = clip_gradients(store, o.get_number("clip"));
      optimizer.step(schedule(static_cast<int64_t>(step)), norm.scale);
      CHECK(loss.value().item<double>() == doctest::Approx(losses.get_number(step)).epsilon(2e-5));
    }
  }
}
