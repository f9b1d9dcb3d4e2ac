// SPDX-License-Identifier: Apache-2.0
// The task of writing texts, from a file to what is written: with a small T5 that learns three sentences.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "autograd/variable.h"
#include "models/t5/t5.h"
#include "models/tasks/task_table.h"
#include "models/tasks/text2text/model.h"
#include "nn/mode.h"
#include "nn/optim/adamw.h"
#include "tensor/counters.h"
#include "tensor/memory_stats.h"
#include "tests/error_of.h"
#include "tests/models/small_model.h"
#include "tests/models/tasks/text2text/training_peak.h"
#include "tests/scratch_folder.h"

namespace thaw {
namespace {

T5Config small_t5_config() {
  T5Config config;
  config.vocab_size = small_vocabulary_size();
  config.d_model = 24;
  config.d_kv = 8;
  config.d_ff = 48;
  config.num_layers = config.num_decoder_layers = 2;
  config.num_heads = 3;
  config.dropout_rate = 0;
  config.scale_decoder_outputs = false;
  config.eos_token_ids = {3};  // [SEP]
  return config;
}

constexpr const char* rows =
    "source\ttarget\tother\nthe cat sat\tgood dog\tbad dog\nthe dog\ta very good film\t\nnot a mat\tplay on\tcat\n";

struct Opened {
  ScratchFolder folder;
  std::string file;
  std::unique_ptr<Task> task = make_task("text2text");
  std::unique_ptr<TaskModel> model;

  explicit Opened(const std::string& text = rows, Device device = Device::open("reference")) {
    file = folder.write("t.tsv", text).string();
    write_small_model<T5ForConditionalGeneration>(folder / "model", small_t5_config());
    folder.write("model/generation_config.json", R"({"max_length": 40, "mine": [1]})");
    folder.write("model/tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
    task->look_at(folder / "model", file);
    model = task->open(folder / "model", {.device = device});
  }
  std::string written(const std::string& input, bool as_json) const {
    std::istringstream stream(input);
    const auto predictor = model->predictor({.stream = &stream, .as_json = as_json});
    std::string all = predictor->header(), lines;
    while (predictor->next(2, lines)) all += lines;
    return all;
  }
};

void set(Task& task, TaskUse use, const std::string& name, const std::string& value) {
  for (const OptionField& option : task.options(use))
    if (option.name == name) {
      if (auto* const* text = std::get_if<std::string*>(&option.field)) **text = value;
      if (auto* const* number = std::get_if<int64_t*>(&option.field)) **number = std::stoll(value);
      if (auto* const* real = std::get_if<double*>(&option.field)) **real = std::stod(value);
      if (auto* const* flag = std::get_if<bool*>(&option.field)) **flag = value == "true";
      if (auto* const* maybe = std::get_if<std::optional<int64_t>*>(&option.field)) **maybe = std::stoll(value);
      return;
    }
  FAIL(name);
}

}  // namespace

TEST_CASE("text2text: what a model reads, has to write, and is asked for") {
  const Opened opened;
  CHECK(opened.task->notes() == std::vector<std::string>{"max_target_length: 6, from the training data"});
  CHECK(opened.model->description() == "texts for texts (of at most 6 tokens for 512)");
  const auto examples = opened.model->read(opened.file);
  CHECK(examples->size() == 3);
  CHECK(std::vector<int64_t>(examples->lengths().begin(), examples->lengths().end()) == std::vector<int64_t>{9, 10, 9});
  const std::vector<int64_t> all{0, 1, 2};
  CHECK(examples->terms(all) == 14);
  const ShownExample shown = examples->show(0);
  std::string sight;
  for (const ShownExample::Token& token : shown.tokens) sight += (token.has_loss ? "=" : "") + token.text + " ";
  CHECK(sight == "[CLS] the cat sat [SEP] =[CLS] =good =dog =[SEP] ");
  CHECK(shown.truth == "good dog");
}

TEST_CASE("text2text: parts of a step add up, and the loss is the mean over tokens of the targets") {
  const Opened opened;
  const auto examples = opened.model->read(opened.file);
  const std::vector<int64_t> all{0, 1, 2}, one{1}, others{2, 0};
  const double count = examples->terms(all);
  const auto value = [&](const std::vector<int64_t>& which, double divisor) {
    return static_cast<double>(examples->loss(which, divisor).value().item<float>());
  };
  CHECK(value(one, count) + value(others, count) == doctest::Approx(value(all, count)).epsilon(1e-5));
  const auto evaluation = examples->evaluate(all);
  CHECK(evaluation->loss() == doctest::Approx(value(all, count)).epsilon(1e-5));
  const Metrics metrics = evaluation->metrics();
  CHECK(metrics.at("perplexity") == doctest::Approx(std::exp(evaluation->loss())));
  std::vector<std::string> names;
  for (const auto& [name, number] : metrics)
    if (name != "copied_words") names.push_back(name);  // it is no quality
  CHECK(names == opened.task->metric_names());
}

TEST_CASE("text2text: three sentences are learnt by heart, then written, saved and written again") {
  const Opened opened(rows, Device::from_environment());
  const auto examples = opened.model->read(opened.file);
  const std::vector<int64_t> all{0, 1, 2};
  AdamW adamw(opened.model->store(), {});
  for (int step = 0; step < 150; ++step) {
    adamw.clear_gradients();
    backward(examples->loss(all, 0));
    adamw.step(5e-3);
  }
  const Metrics metrics = examples->evaluate(all)->metrics();
  CHECK(metrics.at("exact_match") == 1);
  CHECK(metrics.at("bleu") == doctest::Approx(100));
  CHECK(metrics.at("token_error_rate") == 0);
  CHECK(examples->evaluate(all)->judgement(1).said == "a very good film");
  const std::string lines = opened.written("not a mat\nthe dog\nthe cat sat\n", false);
  CHECK(lines == "text\tsource\nplay on\tnot a mat\na very good film\tthe dog\ngood dog\tthe cat sat\n");

  opened.model->save(opened.folder / "saved");
  CHECK(Json::read((opened.folder / "saved/generation_config.json")) ==
        Json::read((opened.folder / "model/generation_config.json")));
  auto task = make_task("text2text");
  task->take_up_options(opened.folder / "saved", TaskUse::prediction);
  set(*task, TaskUse::prediction, "num_beams", "3");
  set(*task, TaskUse::prediction, "num_return_sequences", "2");
  const auto again = task->open(opened.folder / "saved", {.device = Device::from_environment(), .trained = true});
  CHECK(again->description() == opened.model->description());
  std::istringstream stream("the dog\n");
  const auto predictor = again->predictor({.stream = &stream, .as_json = true});
  std::string line;
  CHECK(predictor->next(8, line));
  const Json json = Json::parse(line, "line");
  CHECK(json.get_string("source") == "the dog");
  REQUIRE(json.get_array("texts").size() == 2);
  CHECK(json.get_array("texts").get_object(0).get_string("text") == "a very good film");
  CHECK(json.get_array("texts").get_object(0).get_number("score") >
        json.get_array("texts").get_object(1).get_number("score"));
  // All references are right.
  auto judged = make_task("text2text");
  const std::string others =
      opened.folder.write("o.tsv", "source\ttarget\tother\nthe dog\ta very good film\tbad\n").string();
  judged->take_up_options(opened.folder / "saved", TaskUse::evaluation);
  set(*judged, TaskUse::evaluation, "target_column", "other,target");
  CHECK(judged->open(opened.folder / "saved", {.device = Device::from_environment(), .trained = true})
            ->read(others)
            ->evaluate()
            ->metrics()
            .at("exact_match") == 1);
}

TEST_CASE("text2text: a model with more embeddings than there are tokens writes all the same") {
  const ScratchFolder folder;
  T5Config config = small_t5_config();
  config.vocab_size += 400;
  write_small_model<T5ForConditionalGeneration>(folder / "model", config);
  folder.write("model/tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
  auto task = make_task("text2text");
  set(*task, TaskUse::prediction, "num_beams", "5");
  const auto model = task->open(folder / "model", {.device = Device::open("reference"), .trained = true});
  std::istringstream stream("the cat\nthe dog sat\n");
  const auto predictor = model->predictor({.stream = &stream});
  std::string lines;
  CHECK(predictor->next(8, lines));
  CHECK(std::ranges::count(lines, '\n') == 2);
}

TEST_CASE("text2text: what is wrong is said with its place") {
  const auto error = [](const std::string& text) {
    return error_of<std::runtime_error>([&] { const Opened opened(text); });
  };
  CHECK(error("source\ttarget\nthe cat\t \n").ends_with("t.tsv:2: \"target\" is empty: there is nothing to write"));
  CHECK(error("source\ttext\nthe cat\tdog\n").find("target") != std::string::npos);
  CHECK(error("source\ttarget\n").ends_with("t.tsv: has no rows below its header"));
  const Opened opened;
  auto task = make_task("text2text");
  set(*task, TaskUse::prediction, "max_length", "4");
  const auto model = task->open(opened.folder / "model", {.device = Device::open("reference"), .trained = true});
  std::istringstream stream("the cat\nthe cat sat on the mat\n");
  const auto predictor = model->predictor({.stream = &stream});
  std::string lines;
  CHECK(predictor->next(8, lines));  // what stands before the row
  CHECK(error_of<std::runtime_error>([&] { predictor->next(8, lines); }) ==
        "standard input:2: the source has 4 tokens more than max_length, 4: truncate cuts its end, max_length takes "
        "more");
  set(*task, TaskUse::prediction, "top_k", "5");
  const auto drawing = task->open(opened.folder / "model", {.device = Device::open("reference"), .trained = true});
  CHECK(error_of<std::invalid_argument>([&] { drawing->predictor({.stream = &stream}); }) ==
        "top_k 5: without do_sample nothing is drawn");
  const auto error_of_prefix = [&](const std::string& prefix) {
    auto prefixed = make_task("text2text");
    set(*prefixed, TaskUse::prediction, "max_length", "6");
    set(*prefixed, TaskUse::prediction, "source_prefix", prefix);
    return error_of<std::invalid_argument>(
        [&] { prefixed->open(opened.folder / "model", {.device = Device::open("reference")}); });
  };
  CHECK(error_of_prefix("the cat sat on ") ==
        "source_prefix: its 6 tokens leave no room for a source within max_length, 6");
  CHECK(error_of_prefix("\xFF").starts_with("source_prefix: "));
}

TEST_CASE("text2text: rows before one whose numbers overflow are written, and its place is told") {
  const Opened opened;
  // Of tokens that are 7 places apart, which short sources do not have.
  const Parameter bias =
      opened.model->store().find("encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight");
  std::vector<float> values = bias.value().to_host<float>();
  const auto heads = static_cast<size_t>(bias.value().shape()[1]);
  for (size_t head = 0; head < heads; ++head) values[7 * heads + head] = std::nanf("");
  bias.value().copy_from(Tensor::from_host(values, bias.value().shape(), bias.value().device()));
  std::istringstream stream("the cat\nthe dog\nthe cat sat on the mat not a dog\nthe mat\n");
  const auto predictor = opened.model->predictor({.stream = &stream});
  std::string lines;
  CHECK(predictor->next(8, lines));
  CHECK(std::ranges::count(lines, '\n') == 2);
  CHECK(error_of<std::runtime_error>([&] {
          predictor->next(8, lines);
        }).starts_with("standard input:3: the model's numbers for this source overflow"));
  const std::string file =
      opened.folder.write("long.tsv", "source\ttarget\na dog\tcat\nthe cat sat on the mat not a dog\tcat\n").string();
  CHECK(error_of<std::runtime_error>([&] { opened.model->read(file)->evaluate(); }).find("long.tsv:3: ") !=
        std::string::npos);
}

TEST_CASE("text2text: an evaluation bounded by training's batches writes as many texts at once, in less memory") {
  const Opened opened;
  auto task = make_task("text2text");
  set(*task, TaskUse::training, "max_target_length", "30");
  task->look_at(opened.folder / "model", opened.file);
  const auto model = task->open(opened.folder / "model", {.device = Device::open("reference")});
  const auto examples = model->read(opened.file);
  const std::vector<int64_t> all{0, 1, 2};
  const uint64_t trained = training_peak(*model, *examples, all);
  MemoryStats& memory = model->store().device().backend().memory();
  const auto attentions = [&] {
    counters() = {};
    memory.reset_peak();
    examples->evaluate(all);
    return counters().by_name["attention"];
  };
  const uint64_t unbounded = attentions();
  examples->bound_evaluation(40);  // what these three have, with room for padding
  CHECK(attentions() == unbounded);
  CHECK(memory.peak_bytes <= trained);
  examples->bound_evaluation(10);
  CHECK(attentions() > unbounded);
}

TEST_CASE("text2text: what is found in the training data is found anew by the next training") {
  const Opened opened;
  opened.model->save(opened.folder / "saved");
  auto task = make_task("text2text");
  task->take_up_options(opened.folder / "saved", TaskUse::training);
  CHECK(task->open(opened.folder / "saved", {.device = Device::open("reference")})->description() ==
        "texts for texts (of at most 6 tokens for 512)");
  const std::string longer =
      opened.folder.write("long.tsv", "source\ttarget\na dog\tthe cat sat on the mat play on\n").string();
  task->look_at(opened.folder / "saved", longer);
  CHECK(task->notes() == std::vector<std::string>{"max_target_length: 10, from the training data"});
  // What was given stays.
  set(*task, TaskUse::training, "max_target_length", "4");
  task->open(opened.folder / "saved", {.device = Device::open("reference")})->save(opened.folder / "given");
  auto next = make_task("text2text");
  next->take_up_options(opened.folder / "given", TaskUse::training);
  next->look_at(opened.folder / "given", longer);
  CHECK(next->notes().empty());
  CHECK(next->warnings().empty());
  set(*next, TaskUse::training, "max_target_length", "100000");
  next->look_at(opened.folder / "given", longer);
  CHECK(next->warnings() ==
        std::vector<std::string>{"max_target_length 100000: no target of the training data has more than 10 tokens; "
                                 "evaluations are slow where a model writes on and on"});
}

TEST_CASE("text2text: what a model of the family is not for is told in words, with what it is for") {
  const Opened opened;
  for (const auto& [task, words] : {std::pair{"classification", "whole texts"}, {"mlm", "masked words"}})
    CHECK(error_of<std::runtime_error>([&] { make_task(task)->open(opened.folder / "model", {}); })
              .ends_with(std::string("model: a model of \"t5\" has no head for ") + words +
                         "; it writes texts for texts, labels as words among them (task text2text), and gives vectors "
                         "of texts (task embed)"));
}

TEST_CASE("text2text: start tokens that differ are told, keys that are not known in one line") {
  const Opened opened;
  opened.folder.write("model/generation_config.json", R"({"decoder_start_token_id": 7, "mine": [1], "too": 2})");
  const auto model = make_task("text2text")->open(opened.folder / "model", {.device = Device::open("reference")});
  REQUIRE(model->report().notes.size() == 2);
  CHECK(model->report().notes[0].ends_with("generation_config.json: not known, without effect: mine, too"));
  CHECK(
      model->report().notes[1].ends_with("generation_config.json: decoder_start_token_id is 7, in config.json 0: texts "
                                         "begin with the first, training with the second"));
}

TEST_CASE("text2text: sources and targets that are cut are told apart") {
  const Opened opened;
  auto task = make_task("text2text");
  set(*task, TaskUse::training, "max_length", "4");
  set(*task, TaskUse::training, "max_target_length", "5");
  const auto model = task->open(opened.folder / "model", {.device = Device::open("reference")});
  const auto parts = model->read(opened.file)->cut_parts(1);
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].name == "source");
  CHECK(parts[0].tokens == 0);
  CHECK(parts[1].name == "target");
  CHECK(parts[1].tokens == 1);
}

TEST_CASE("text2text: texts begin with the target prefix, and come in parts that are the whole") {
  const Opened opened;
  const auto written = [&](const std::string& prefix, bool in_parts) {
    auto task = make_task("text2text");
    set(*task, TaskUse::prediction, "target_prefix", prefix);
    set(*task, TaskUse::prediction, "max_new_tokens", "5");
    const auto model = task->open(opened.folder / "model", {.device = Device::open("reference"), .trained = true});
    std::istringstream stream("the cat sat\nthe dog\n");
    PredictionRequest request{.stream = &stream, .as_text = true};
    std::string all, lines;
    if (in_parts) request.on_text = [&](std::string_view part) { all += part; };
    const auto predictor = model->predictor(request);
    CHECK(predictor->header().empty());
    while (predictor->next(1, lines)) all += lines;
    return all;
  };
  const std::string whole = written("a very good", false);
  CHECK(whole.starts_with("a very good"));
  CHECK(whole.find("\na very good") != std::string::npos);
  CHECK(written("a very good", true) == whole);
  CHECK(written("", true) == written("", false));
}

}  // namespace thaw
