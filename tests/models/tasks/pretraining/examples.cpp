// SPDX-License-Identifier: Apache-2.0
// Texts to pretrain on as the trainer meets them; what is saved goes on to other tasks.
#include "models/tasks/pretraining/examples.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/bert/classification.h"
#include "models/bert/pretraining.h"
#include "models/hub/pretrained.h"
#include "models/mpnet/heads.h"
#include "models/tasks/epoch_draws.h"
#include "models/tasks/selected_examples.h"
#include "models/tasks/task_table.h"
#include "models/tasks/two_counts.h"
#include "tests/file_bytes.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

const std::string texts =
    "the cats sat. A dog sat on the mats. Very good!\n\nthe film. Not bad. Goodly, very goodly\n\nthe dog. A mat\n\n"
    "a b c d. E d c b a. On the mat\n\nvery bad film\n\ncats, dogs. The films\n";

template <typename Model = Bert>
struct Opened {
  ScratchFolder folder;
  std::string file;
  std::unique_ptr<Task> task = make_task("pretraining");
  std::unique_ptr<TaskModel> model;

  explicit Opened(const std::string& next_sentence = "on", const std::string& text = texts) {
    file = folder.write("t.txt", text).string();
    write_small_model<Model>(folder / "model", small_bert_config());
    for (const OptionField& option : task->options(TaskUse::training))
      if (option.name == "next_sentence") *std::get<std::string*>(option.field) = next_sentence;
    model = task->open(folder / "model", {.device = Device::open("reference"), .seed = 5});
  }
  std::unique_ptr<Examples> read() { return model->read(file); }
};

std::string sight(const Examples& examples, int64_t example) {
  const ShownExample shown = examples.show(example);
  std::string text = shown.truth + ": ";
  for (const ShownExample::Token& token : shown.tokens)
    text += token.text + (token.has_loss ? "=" + token.label : "") + " ";
  return text;
}

std::vector<int64_t> all_of(const Examples& examples) {
  std::vector<int64_t> all;
  for (int64_t i = 0; i < examples.size(); ++i) all.push_back(i);
  return all;
}

}  // namespace

TEST_CASE("two counts in one number: sums are exact") {
  double sum = 0;
  TwoCounts both;
  for (int64_t i = 1; i < 2000; ++i) {
    const TwoCounts one{i * 7 % 513, i % 3};
    sum += one.in_one();
    both.first += one.first;
    both.second += one.second;
  }
  CHECK(TwoCounts::of(sum).first == both.first);
  CHECK(TwoCounts::of(sum).second == both.second);
  const TwoCounts large{(1 << 26) - 1, (1 << 26) - 1};
  CHECK(TwoCounts::of(large.in_one()).first == large.first);
  CHECK(TwoCounts::of(large.in_one()).second == large.second);
  CHECK(TwoCounts::of(TwoCounts{}.in_one()).second == 0);
}

TEST_CASE("pretraining: an encoder gets both heads; heads that a checkpoint has stay") {
  Opened<> encoder;
  CHECK(encoder.model->description() == "masked words (15 % of a text's tokens, whole words) and next sentences");
  std::vector<std::string> expected{"cls.predictions.transform.dense.weight",
                                    "cls.predictions.transform.dense.bias",
                                    "cls.predictions.transform.LayerNorm.weight",
                                    "cls.predictions.transform.LayerNorm.bias",
                                    "cls.predictions.bias",
                                    "cls.seq_relationship.weight",
                                    "cls.seq_relationship.bias"};
  std::vector<std::string> found = encoder.model->report().initialised;
  std::ranges::sort(expected);
  std::ranges::sort(found);
  CHECK(found == expected);
  CHECK(Opened<BertForPreTraining>().model->report().initialised.empty());
  CHECK(Opened<BertForMaskedLM>("off").model->report().initialised.empty());
  found = Opened<BertForMaskedLM>().model->report().initialised;
  for (const char* own : {"cls.seq_relationship.weight", "cls.seq_relationship.bias"})
    CHECK(std::ranges::find(found, own) != found.end());
  for (const std::string& name : found) CHECK_FALSE(name.starts_with("cls.predictions"));
  found = Opened<BertForNextSentencePrediction>().model->report().initialised;
  CHECK(found.size() == 5);
  for (const std::string& name : found) CHECK(name.starts_with("cls.predictions"));
}

TEST_CASE("pretraining: other draws each epoch, the same again by its number; judged by the same at any time") {
  for (const char* next_sentence : {"on", "off"}) {
    Opened<> opened(next_sentence);
    const auto examples = opened.read();
    CHECK(examples->size() == 6);
    const std::string first = sight(*examples, 0);
    const std::vector<int64_t> lengths(examples->lengths().begin(), examples->lengths().end());
    const Metrics judged = examples->evaluate()->metrics();
    std::set<std::string> seen;
    for (int64_t epoch = 1; epoch < 12; ++epoch) {
      examples->begin_epoch(epoch);
      seen.insert(sight(*examples, 0));
      CHECK(examples->evaluate()->metrics() == judged);
      for (int64_t i = 0; i < examples->size(); ++i)
        CHECK(std::ssize(examples->show(i).tokens) == examples->lengths()[static_cast<size_t>(i)]);
    }
    CHECK(seen.size() > 8);
    examples->begin_epoch(0);
    CHECK(sight(*examples, 0) == first);
    CHECK(std::ranges::equal(lengths, examples->lengths()));
    for (const std::string& metric : opened.task->metric_names()) CHECK(judged.contains(metric));
    CHECK(judged.size() == opened.task->metric_names().size());
    CHECK(judged.contains("next_sentence_accuracy") == (next_sentence == std::string("on")));
  }
}

TEST_CASE("pretraining: a pair stands between the special tokens, masks are whole words and never special") {
  Opened<> opened;
  const auto examples = opened.read();
  const PretrainingTexts& own = dynamic_cast<const PretrainingExamples&>(*examples).texts();
  constexpr int32_t cls = 2, sep = 3;
  for (int64_t epoch = 0; epoch < 20; ++epoch)
    for (int64_t example = 0; example < examples->size(); ++example) {
      const PretrainingText text = own.drawn(example, epoch);
      CHECK(text.text.ids.front() == cls);
      CHECK(text.text.ids.back() == sep);
      CHECK(std::ranges::count(text.text.ids, sep) == 2);
      const auto middle = std::ranges::find(text.text.ids, sep) - text.text.ids.begin();
      for (size_t i = 0; i < text.text.size(); ++i)
        CHECK(text.text.type_ids[i] == (static_cast<ptrdiff_t>(i) > middle));
      // No word has a number that another has.
      for (size_t i = 1; i < text.words.size(); ++i)
        if (text.words[i] >= 0) CHECK(std::ranges::max(std::span(text.words).first(i)) <= text.words[i]);
      REQUIRE_FALSE(text.masks.empty());
      std::set<int32_t> places;
      for (const MaskedToken& mask : text.masks) {
        places.insert(mask.place);
        CHECK(text.words[static_cast<size_t>(mask.place)] >= 0);
        CHECK(mask.truth == text.text.ids[static_cast<size_t>(mask.place)]);
      }
      for (size_t i = 1; i < text.words.size(); ++i)
        if (text.words[i] >= 0 && text.words[i] == text.words[i - 1])
          CHECK(places.contains(static_cast<int32_t>(i)) == places.contains(static_cast<int32_t>(i - 1)));
    }
}

TEST_CASE("pretraining: micro-batches add up to the whole batch's loss, which is that of both means") {
  for (const char* next_sentence : {"on", "off"}) {
    Opened<> opened(next_sentence);
    const auto examples = opened.read();
    const std::vector<int64_t> all = all_of(*examples), some{1, 4}, rest{0, 2, 3, 5};
    const double count = examples->terms(all);
    CHECK(count == examples->terms(some) + examples->terms(rest));
    const auto loss = [&](const std::vector<int64_t>& of, double divisor) {
      return static_cast<double>(examples->loss(of, divisor).value().item());
    };
    CHECK(loss(some, count) + loss(rest, count) == doctest::Approx(loss(all, count)));
    // Of a single example the loss is its words' mean and its pair's: as it is judged.
    examples->begin_epoch(judging_epoch);
    const std::vector<int64_t> one{3};
    CHECK(examples->evaluate(one)->loss() == doctest::Approx(loss(one, examples->terms(one))));
  }
}

TEST_CASE("pretraining: a part that is held back is judged by its own texts alone, and learnt from by none") {
  Opened<> opened;
  const std::shared_ptr<Examples> all = opened.read();
  SelectedExamples train(all, {0, 1, 2}), validation(all, {3, 4, 5});
  const PretrainingTexts& own = dynamic_cast<const PretrainingExamples&>(*all).texts();
  const auto ids_of = [](const PretrainingText& text) {
    return std::set<int32_t>(text.text.ids.begin(), text.text.ids.end());
  };
  constexpr int32_t cat = 11, sat = 13, b = 6;  // of the first part; of the second
  const std::span<const int64_t> lengths = train.lengths(), lengths_of_all = all->lengths();  // they stay in place
  for (int64_t epoch = 0; epoch < 40; ++epoch) {
    train.begin_epoch(epoch);
    for (int64_t i = 0; i < 3; ++i) {
      CHECK(lengths[static_cast<size_t>(i)] == std::ssize(all->show(i).tokens));
      CHECK(lengths_of_all[static_cast<size_t>(i)] == lengths[static_cast<size_t>(i)]);
      CHECK_FALSE(ids_of(own.drawn(i, epoch)).contains(b));
      CHECK_FALSE(ids_of(own.drawn(3 + i, epoch)).contains(sat));
    }
  }
  CHECK(ids_of(own.drawn(0, 0)).contains(cat));
  CHECK_THROWS_AS(SelectedExamples(all, {3}), std::runtime_error);
}

TEST_CASE("pretraining: an evaluation tells what was masked, what was said, and of the pair") {
  Opened<> opened;
  const auto examples = opened.read();
  const auto evaluation = examples->evaluate();
  CHECK(evaluation->size() == 6);
  int next = 0;
  for (int64_t i = 0; i < 6; ++i) {
    const Evaluation::Judgement judged = evaluation->judgement(i);
    CHECK(judged.wrongness > 0);
    next += judged.truth.ends_with(" | next");
    CHECK((judged.truth.ends_with(" | next") || judged.truth.ends_with(" | not next")));
    CHECK((judged.said.ends_with(" | next") || judged.said.ends_with(" | not next")));
  }
  CHECK(next > 0);
  CHECK(next < 6);
  const std::vector<int64_t> second{1};
  const Metrics one = examples->evaluate(second)->metrics();
  for (const auto& [name, value] : evaluation->scores(second)) CHECK(one.at(name) == doctest::Approx(value));
}

TEST_CASE("pretraining: the saved model is of this task, fills masks, and goes on with either of its heads") {
  Opened<> opened;
  opened.model->save(opened.folder / "saved");
  CHECK(task_of_directory(opened.folder / "saved") == "pretraining");
  const std::string file = opened.folder.write("masks.txt", "the [MASK] sat\n").string();
  const TaskOpening to_predict{.device = Device::open("reference"), .trained = true};
  std::string lines, others;
  for (const char* name : {"pretraining", "mlm"}) {
    const auto model = make_task(name)->open(opened.folder / "saved", to_predict);
    CHECK(model->report().initialised.empty());
    const auto predictor = model->predictor({.file = file});
    REQUIRE(predictor->next(4, name == std::string("mlm") ? others : lines));
  }
  CHECK(lines == others);
  CHECK(std::ranges::count(lines, '\n') == 5);
  CHECK_THROWS_WITH_AS(opened.task->open(opened.folder / "model", to_predict),
                       doctest::Contains("has no trained head for masked words and next sentences"),
                       std::runtime_error);
}

TEST_CASE("pretraining: any head goes on from a checkpoint of pretraining, with its pooler") {
  const ScratchFolder folder;
  write_small_model<BertForPreTraining>(folder / "model", small_bert_config());
  Pretrained<BertForPreTraining> whole(folder / "model", Device::open("reference"));
  const auto pooler = [](ParameterStore& store) { return store.find("bert.pooler.dense.weight").value().to_bytes(); };
  for (const char* head : {"ForSequenceClassification", "ForTokenClassification", "ForQuestionAnswering", "ForMaskedLM",
                           "ForPreTraining", "Model"}) {
    INFO(head);
    const TextPipeline text(folder / "model", {head, "a test"}, {.device = Device::open("reference")});
    for (const std::string& missing : text.report().initialised) CHECK_FALSE(missing.starts_with("bert."));
  }
  Pretrained<BertForSequenceClassification> classifier(folder / "model", Device::open("reference"));
  CHECK(pooler(classifier.store()) == pooler(whole.store()));
}

TEST_CASE("pretraining: a family without a head for next sentences learns masked words of the same texts") {
  Opened<> off("off");
  const std::string directory = off.folder / "mpnet";
  MPNetConfig config;
  config.vocab_size = small_vocabulary_size();
  config.hidden_size = 16;
  config.num_hidden_layers = 2;
  config.num_attention_heads = 4;
  config.intermediate_size = 24;
  config.max_position_embeddings = 40;
  write_small_model<MPNetForMaskedLM>(directory, config);
  write_bytes(directory + "/tokenizer_config.json", "{\"tokenizer_class\": \"BertTokenizer\"}");
  const auto model = off.task->open(directory, {.device = Device::open("reference")});
  CHECK(model->report().initialised.empty());
  const auto examples = model->read(off.file);
  const std::vector<int64_t> all = all_of(*examples);
  CHECK(examples->evaluate()->metrics().at("word_accuracy") >= 0);
  CHECK(std::isfinite(examples->loss(all, examples->terms(all)).value().item()));
  CHECK_THROWS_WITH_AS(make_task("pretraining")->open(directory, {.device = Device::open("reference")}),
                       doctest::Contains("a model of \"mpnet\" has no head for next sentences; next_sentence: off"),
                       std::runtime_error);
}

TEST_CASE("pretraining: a model of segment type 0 alone takes no pairs, too little room is refused") {
  Opened<> opened;
  BertConfig config = small_bert_config();
  config.type_vocab_size = 1;
  write_small_model<Bert>(opened.folder / "untyped", config);
  const auto untyped = opened.task->open(opened.folder / "untyped", {.device = Device::open("reference")});
  CHECK_THROWS_WITH_AS(untyped->read(opened.file), doctest::Contains("it takes no pairs"), std::runtime_error);
  const std::string alone = opened.folder.write("alone.txt", "the cat. A dog\n").string();
  CHECK_THROWS_WITH_AS(opened.model->read(alone), doctest::Contains("has to come from another text"),
                       std::runtime_error);
}
