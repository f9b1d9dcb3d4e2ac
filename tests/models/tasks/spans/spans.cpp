// SPDX-License-Identifier: Apache-2.0
// The task of missing spans, from a file of texts to gaps that are filled: with a small T5 that reads bytes.
#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "autograd/variable.h"
#include "models/t5/t5.h"
#include "models/tasks/spans/model.h"
#include "models/tasks/task_table.h"
#include "nn/optim/adamw.h"
#include "tests/error_of.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

namespace thaw {
namespace {

T5Config small_byte_t5() {
  T5Config config;
  config.vocab_size = 384;
  config.d_model = 24;
  config.d_kv = 8;
  config.d_ff = 48;
  config.num_layers = config.num_decoder_layers = 2;
  config.num_heads = 3;
  config.dropout_rate = 0;
  return config;
}

constexpr const char* some_texts = "the cat sat on the mat\nvery good film\nx\ngaps <extra_id_3> of its own\nab\n";

struct Opened {
  ScratchFolder folder;
  std::string file;
  std::unique_ptr<Task> task = make_task("spans");
  std::unique_ptr<TaskModel> model;

  explicit Opened(const std::string& texts = some_texts, bool join = false, int64_t max_length = 16) {
    file = folder.write("t.txt", texts).string();
    write_small_model<T5ForConditionalGeneration>(folder / "model", small_byte_t5());
    folder.write("model/tokenizer_config.json", R"({"tokenizer_class": "ByT5Tokenizer"})");
    for (const OptionField& option : task->options(TaskUse::training)) {
      if (option.name == "join_texts") *std::get<bool*>(option.field) = join;
      if (option.name == "max_length") *std::get<int64_t*>(option.field) = max_length;
    }
    task->look_at(folder / "model", file);
    model = task->open(folder / "model", {.device = Device::open("reference"), .seed = 5});
  }
  std::string sight(const Examples& examples, int64_t example) const {
    std::string text;
    for (const ShownExample::Token& token : examples.show(example).tokens)
      text += (token.has_loss ? "=" : "") + token.text + " ";
    return text;
  }
};

}  // namespace

TEST_CASE("spans: long texts become examples, and what cannot lose a span is passed over and counted") {
  Opened opened;
  const auto examples = opened.model->read(opened.file);
  // 22 bytes are a piece of 17 (17 - 3 + 1 + 1 are 16 tokens) and one of 5; 14 and 2 bytes.
  REQUIRE(examples->size() == 4);
  CHECK(examples->lengths()[0] == 16 + 6);
  CHECK(examples->lengths()[3] == 3 + 4);
  CHECK(examples->kin(0) == examples->kin(1));
  CHECK(examples->kin(0) != examples->kin(2));
  const std::vector<std::string> notes = examples->notes();
  REQUIRE(notes.size() == 2);
  CHECK(notes[0].ends_with("t.txt: 1 text of more than 18 tokens: 2 examples were made of it"));
  CHECK(notes[1].find("2 texts have fewer than two tokens, or sentinels already: passed over, the first") !=
        std::string::npos);
  CHECK(notes[1].ends_with("t.txt:3"));
  CHECK(opened.sight(*examples, 3) == "a <extra_id_0> </s> =<extra_id_0> =b =<extra_id_1> =</s> ");
  CHECK(opened.model->description() == "missing spans (15 % of the tokens, 3 a span)");
}

TEST_CASE("spans: joined texts are cut into pieces of one length") {
  Opened opened("abcdefghij\nklmnop\nqrstuvwxyz\n", true);
  const auto examples = opened.model->read(opened.file);
  REQUIRE(examples->size() == 2);  // 26 bytes: 17 and 9
  CHECK(examples->show(0).text == "abcdefghijklmnopq");
  CHECK(examples->show(1).text == "rstuvwxyz");
  CHECK(examples->show(1).where.ends_with("t.txt:3"));
  CHECK(examples->notes().back().ends_with("t.txt: 3 texts joined make 2 examples"));
}

TEST_CASE("spans: another draw each epoch, the same again by its number; judged by the same at any time") {
  Opened opened("the cat sat on the mat and the dog ran very far away from it\n", false, 64);
  const auto examples = opened.model->read(opened.file);
  const std::string first = opened.sight(*examples, 0);
  const Metrics judged = examples->evaluate()->metrics();
  bool differs = false;
  for (int64_t epoch = 1; epoch < 5; ++epoch) {
    examples->begin_epoch(epoch);
    differs = differs || opened.sight(*examples, 0) != first;
    CHECK(examples->evaluate()->metrics() == judged);
  }
  CHECK(differs);
  examples->begin_epoch(0);
  CHECK(opened.sight(*examples, 0) == first);
  CHECK(judged.at("perplexity") == doctest::Approx(std::exp(judged.at("loss"))));
}

TEST_CASE("spans: parts of a step add up") {
  Opened opened;
  const auto examples = opened.model->read(opened.file);
  const std::vector<int64_t> all{0, 1, 2, 3}, one{1}, rest{0, 2, 3};
  const double count = examples->terms(all);
  CHECK(count == examples->terms(one) + examples->terms(rest));
  const auto loss = [&](const std::vector<int64_t>& which) {
    return static_cast<double>(examples->loss(which, count).item());
  };
  CHECK(loss(one) + loss(rest) == doctest::Approx(loss(all)).epsilon(1e-5));
}

TEST_CASE("spans: a text is learnt by heart, judged, and its gap is filled") {
  Opened opened("abcdefgh\n");
  const auto examples = opened.model->read(opened.file);
  const std::vector<int64_t> all{0};
  AdamW optimizer(opened.model->store());
  for (int64_t step = 0; step < 120; ++step) {
    examples->begin_epoch(step);
    backward(examples->loss(all, examples->terms(all)));
    optimizer.step(0.01);
    optimizer.clear_gradients();
  }
  const Metrics metrics = examples->evaluate()->metrics();
  CHECK(metrics.at("accuracy") == 1);
  CHECK(metrics.at("loss") < 0.3);
  const auto judgement = examples->evaluate()->judgement(0);
  CHECK(judgement.truth == judgement.said);
  std::istringstream gaps("abcdefg<extra_id_0>\n");
  const auto predictor = opened.model->predictor({.stream = &gaps, .as_json = true});
  std::string lines;
  CHECK(predictor->next(2, lines));
  CHECK(lines == R"({"source": "abcdefg<extra_id_0>", "text": "abcdefgh", "spans": {"<extra_id_0>": "h"}})"
                 "\n");
}

TEST_CASE("spans: what is wrong is said with its place") {
  Opened opened;
  const auto said_of = [&](const std::string& text) {
    return error_of<std::runtime_error>([&] {
      std::istringstream stream(text);
      std::string lines;
      opened.model->predictor({.stream = &stream})->next(2, lines);
    });
  };
  CHECK(said_of("no gap\n") == "standard input:1: the text has no sentinel (<extra_id_0>, ...): nothing is missing");
  CHECK(said_of("<extra_id_0> abcdefghijklmnop\n") ==
        "standard input:1: the text has 3 tokens more than max_length, 16");
  CHECK(error_of<std::runtime_error>([&] {
          opened.model->read(opened.folder.write("one.txt", "x\n").string());
        }).ends_with("one.txt: none of its 1 texts has two tokens and no sentinel"));
}

}  // namespace thaw
