// SPDX-License-Identifier: Apache-2.0
// Mixtures of tasks: rates, draws, and examples as the trainer meets them.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "models/t5/t5.h"
#include "models/tasks/task_table.h"
#include "models/tasks/task_training.h"
#include "models/tasks/text2text/mixture_draws.h"
#include "models/tasks/text2text/mixture_evaluation.h"
#include "models/tasks/text2text/mixture_labels.h"
#include "models/tasks/text2text/mixture_table.h"
#include "tests/error_of.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

namespace thaw {
namespace {

void check_rates(const std::vector<double>& rates, const std::vector<double>& expected) {
  REQUIRE(rates.size() == expected.size());
  for (size_t i = 0; i < rates.size(); ++i) CHECK(rates[i] == doctest::Approx(expected[i]).epsilon(1e-12));
}

}  // namespace

// By hand, of the formulas of section 3.5.2.
TEST_CASE("mixture: rates are proportional to examples, up to the cap, and evened out by temperature") {
  const std::vector<int64_t> sizes{100, 300, 10'000};
  check_rates(mixture_rates(sizes, 0, 1), {100.0 / 10'400, 300.0 / 10'400, 10'000.0 / 10'400});
  check_rates(mixture_rates(sizes, 600, 1), {0.1, 0.3, 0.6});
  check_rates(mixture_rates(sizes, 50, 1), {1.0 / 3, 1.0 / 3, 1.0 / 3});
  const double roots = 10 + std::sqrt(300.0) + 100;
  check_rates(mixture_rates(sizes, 0, 2), {10 / roots, std::sqrt(300.0) / roots, 100 / roots});
  const double capped = 10 + std::sqrt(300.0) + std::sqrt(900.0);
  check_rates(mixture_rates(sizes, 900, 2), {10 / capped, std::sqrt(300.0) / capped, 30 / capped});
  check_rates(shares_of({1, 3}), {0.25, 0.75});
}

TEST_CASE("mixture: tasks are drawn as often as their rates say") {
  const std::vector<double> rates{0.05, 0.25, 0.7};
  MixtureDraws draws({10, 20, 30}, rates, 100'000, 3);
  std::map<int64_t, int64_t> counts;
  for (const MixtureDraw& draw : draws.of_epoch(0)) ++counts[draw.task];
  for (int64_t task = 0; task < 3; ++task) {
    const double rate = rates[static_cast<size_t>(task)];
    const double deviation = std::sqrt(1e5 * rate * (1 - rate));
    CHECK(std::abs(static_cast<double>(counts[task]) - 1e5 * rate) < 5 * deviation);
  }
}

TEST_CASE("mixture: a task's examples are each there once before one is there twice, across epochs, too") {
  const std::vector<int64_t> sizes{7, 23};
  MixtureDraws draws(sizes, {0.5, 0.5}, 10, 5);
  std::vector<std::vector<int64_t>> drawn(2);
  for (int64_t epoch = 0; epoch < 20; ++epoch)
    for (const MixtureDraw& draw : draws.of_epoch(epoch)) drawn[static_cast<size_t>(draw.task)].push_back(draw.example);
  for (size_t task = 0; task < 2; ++task) {
    const auto size = static_cast<size_t>(sizes[task]);
    std::set<std::vector<int64_t>> orders;
    for (size_t begin = 0; begin + size <= drawn[task].size(); begin += size) {
      const auto first = drawn[task].begin() + static_cast<ptrdiff_t>(begin);
      std::vector<int64_t> pass(first, first + sizes[task]);
      orders.insert(pass);
      std::ranges::sort(pass);
      for (size_t i = 0; i < size; ++i) CHECK(pass[i] == static_cast<int64_t>(i));
    }
    CHECK(orders.size() >= drawn[task].size() / size);  // each pass has an order of its own
  }
}

TEST_CASE("mixture: an epoch's draws follow from seed and epoch, whatever was asked for before") {
  const auto of = [](MixtureDraws& draws, int64_t epoch) {
    std::vector<int64_t> all;
    for (const MixtureDraw& draw : draws.of_epoch(epoch)) {
      all.push_back(draw.task);
      all.push_back(draw.example);
    }
    return all;
  };
  const auto fresh = [](uint64_t seed) { return MixtureDraws({7, 23}, {0.3, 0.7}, 50, seed); };
  MixtureDraws in_order = fresh(5), late = fresh(5), back = fresh(5), other = fresh(6);
  of(in_order, 0);
  of(in_order, 1);
  const std::vector<int64_t> third = of(in_order, 2);
  CHECK(of(late, 2) == third);
  of(back, 4);
  CHECK(of(back, 2) == third);
  CHECK(of(back, 0) == of(late, 0));
  CHECK(of(in_order, 3) != third);
  CHECK(of(other, 2) != third);
}

namespace {

struct Opened {
  ScratchFolder folder;
  std::unique_ptr<Task> task = make_task("text2text");
  std::unique_ptr<TaskModel> model;
  std::string table;

  explicit Opened(const std::string& weights = "", int64_t max_length = 0) {
    folder.write("a.tsv", "source\ttarget\nthe cat\tgood dog\nthe dog\ta film\nthe mat\tgood\n");
    folder.write("b.tsv", "source\ttarget\nplay\tnot bad on the mat\n");
    table = folder
                .write("m.tsv", weights.empty() ? "name\tprefix\tfile\tvalidation_file\tmetric\n"
                                                  "first\tvery \ta.tsv\ta.tsv\texact_match\n"
                                                  "second\tnot \tb.tsv\tb.tsv\tbleu,token_error_rate\n"
                                                : weights)
                .string();
    T5Config config;
    config.vocab_size = small_vocabulary_size();
    config.d_model = 16;
    config.d_kv = 8;
    config.d_ff = 24;
    config.num_layers = config.num_decoder_layers = 1;
    config.num_heads = 2;
    config.dropout_rate = 0;
    config.eos_token_ids = {3};  // [SEP]
    write_small_model<T5ForConditionalGeneration>(folder / "model", config);
    folder.write("model/tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
    for (const OptionField& option : task->options(TaskUse::training))
      if (option.name == "mixture") {
        *std::get<std::string*>(option.field) = table;
      } else if (option.name == "max_length") {
        *std::get<int64_t*>(option.field) = max_length;
      }
    task->look_at(folder / "model", table);
    model = task->open(folder / "model", {.device = Device::open("reference"), .seed = 5});
  }
};

}  // namespace

TEST_CASE("mixture: examples have their task's prefix, file and line, and an epoch as many as count") {
  Opened opened;
  const OwnData own = opened.task->own_data();
  CHECK(own.train == opened.table);
  CHECK(own.has_validation);
  CHECK(own.files.size() == 4);
  const auto examples = opened.model->read(opened.table);
  REQUIRE(examples->size() == 4);
  std::set<std::string> seen;
  for (int64_t epoch = 0; epoch < 6; ++epoch) {
    examples->begin_epoch(epoch);
    for (int64_t i = 0; i < examples->size(); ++i) {
      const ShownExample shown = examples->show(i);
      const bool first = examples->part(i) == "first";
      CHECK(shown.text.starts_with(first ? "very the" : "not play"));
      CHECK(shown.where.find(first ? "a.tsv:" : "b.tsv:2") != std::string::npos);
      CHECK(examples->lengths()[static_cast<size_t>(i)] == std::ssize(shown.tokens));
      seen.insert(shown.where);
    }
  }
  CHECK(seen.size() == 4);
  const std::vector<std::string> notes = examples->notes();
  REQUIRE(notes.size() == 3);
  CHECK(notes[0] == "first: 3 examples of " + (opened.folder / "a.tsv") + ", 75.00 % of the mixture");
  CHECK(notes[2] == "an epoch of the mixture: 4 examples drawn");
}

TEST_CASE("mixture: a training is told the terms of each task, which are those of the task alone") {
  Opened opened;
  const auto examples = opened.model->read(opened.table);
  TaskTraining training(*opened.model, *examples, nullptr);
  training.begin_epoch(3);
  const std::vector<int64_t> all{2, 0, 3, 1};
  PartLosses parts;
  const double terms = training.weight(all);
  const Variable loss = training.loss_by_parts(all, terms, parts);
  CHECK(loss.item() == examples->loss(all, terms).item());
  const std::vector<float> losses = parts.terms.to_host<float>();
  REQUIRE(static_cast<double>(losses.size()) == terms);
  REQUIRE(parts.shares.size() == all.size());
  size_t next = 0;
  std::set<std::string> seen;
  for (size_t i = 0; i < all.size(); ++i) {
    seen.insert(parts.shares[i].part);
    CHECK(parts.shares[i].part == examples->part(all[i]));
    double sum = 0;
    for (int64_t t = 0; t < parts.shares[i].terms; ++t) sum += static_cast<double>(losses[next++]);
    const std::vector<int64_t> one{all[i]};
    CHECK(static_cast<double>(parts.shares[i].terms) == examples->terms(one));
    CHECK(sum == doctest::Approx(static_cast<double>(examples->loss(one, 1).item())).epsilon(1e-5));
  }
  CHECK(next == losses.size());
  CHECK(seen.size() == 2);

  // Data of one task have no parts.
  const auto alone = opened.model->read(opened.folder / "a.tsv");
  TaskTraining of_one(*opened.model, *alone, nullptr);
  PartLosses none;
  of_one.loss_by_parts(std::vector<int64_t>{0, 1}, 4, none);
  CHECK(none.shares.empty());
  CHECK_FALSE(none.terms.defined());
}

TEST_CASE("mixture: lengths change in place, and what is drawn of an epoch comes back with its number") {
  Opened opened;
  const auto examples = opened.model->read(opened.table);
  const std::span<const int64_t> lengths = examples->lengths();
  const std::vector<int64_t> all{0, 1, 2, 3};
  std::set<std::vector<int64_t>> different;
  std::map<int64_t, float> losses;
  for (int64_t epoch = 0; epoch < 8; ++epoch) {
    examples->begin_epoch(epoch);
    different.emplace(lengths.begin(), lengths.end());
    losses[epoch] = examples->loss(all, examples->terms(all)).item();
  }
  CHECK(examples->lengths().data() == lengths.data());
  CHECK(different.size() > 1);
  const auto again = opened.model->read(opened.table);
  again->begin_epoch(6);
  CHECK(again->loss(all, again->terms(all)).item() == losses[6]);
  CHECK(again->identity() == examples->identity());
}

TEST_CASE("mixture: each task is judged by its own metrics, as it would be alone") {
  Opened opened;
  const auto validation = opened.model->own_validation();
  REQUIRE(validation->size() == 4);
  const Metrics metrics = validation->evaluate()->metrics();
  std::vector<std::string> names;
  for (const auto& [name, value] : metrics) names.push_back(name);
  CHECK(names == std::vector<std::string>{"bleu/second", "exact_match/first", "loss", "loss/first", "loss/second",
                                          "token_error_rate/second"});
  CHECK(names == opened.model->metric_names());
  CHECK(names == opened.task->metric_names());
  const std::vector<int64_t> first{0, 1, 2}, second{3};
  const double of_first = validation->evaluate(first)->loss(), of_second = validation->evaluate(second)->loss();
  CHECK(metrics.at("loss/first") == doctest::Approx(of_first).epsilon(1e-6));
  CHECK(metrics.at("loss/second") == doctest::Approx(of_second).epsilon(1e-6));
  const double terms = validation->terms(first) + validation->terms(second);
  CHECK(metrics.at("loss") ==
        doctest::Approx((of_first * validation->terms(first) + of_second * validation->terms(second)) / terms)
            .epsilon(1e-6));
}

TEST_CASE("mixture: a task whose targets are labels is judged by them") {
  const std::string header = "name\tprefix\tfile\tvalidation_file\tmetric\tlabel_words\n";
  Opened given(
      header +
      "first\tvery \ta.tsv\ta.tsv\taccuracy,no_label_error\tgood,a film\nsecond\tnot \tb.tsv\tb.tsv\tbleu\t\n");
  const Metrics metrics = given.model->own_validation()->evaluate()->metrics();
  CHECK(given.model->metric_names() == std::vector<std::string>{"accuracy/first", "bleu/second", "loss", "loss/first",
                                                                "loss/second", "no_label_error/first"});
  CHECK(metrics.at("accuracy/first") == 0);  // it has learnt nothing
  CHECK(metrics.at("no_label_error/first") == 1);

  // As the writer's words are judged; the other task's targets are no labels.
  class Said final : public Evaluation {
   public:
    int64_t size() const override { return 4; }
    double loss() const override { return 0; }
    Metrics scores(std::span<const int64_t> which) const override {
      return {{"perplexity", 1}, {"bleu", static_cast<double>(which.size())}};
    }
    Judgement judgement(int64_t i) const override {
      const std::vector<Judgement> all{{"good", "good"}, {"a film", "good"}, {"good", "bad"}, {"good", "good"}};
      return all[static_cast<size_t>(i)];
    }
  };
  std::vector<MixtureTask> tasks = read_mixture_table(given.table, {});
  const MixtureEvaluation judged(tasks, {0, 0, 0, 1}, std::make_unique<Said>());
  const Metrics scores = judged.scores(std::vector<int64_t>{0, 1, 2, 3});
  CHECK(scores.at("accuracy/first") == doctest::Approx(1.0 / 3));
  CHECK(scores.at("no_label_error/first") == doctest::Approx(1.0 / 3));
  CHECK_FALSE(scores.contains("accuracy/second"));
  CHECK(judged.scores(std::vector<int64_t>{0, 0, 1}).at("accuracy/first") == doctest::Approx(2.0 / 3));
}

TEST_CASE("mixture: labels are found in what a task learns from, or asked for") {
  const ScratchFolder folder;
  std::string rows = "source\ttarget\n";
  for (int i = 0; i < 20; ++i) rows += i % 2 ? "the cat\tgood\n" : "the dog\tbad\n";
  folder.write("labels.tsv", rows);
  folder.write("texts.tsv", "source\ttarget\nthe cat\tgood dog\n");
  const std::string header = "name\tprefix\tfile\tvalidation_file\tmetric\n";
  const auto labels = [&](const std::string& row) {
    return labels_of(read_mixture_table(folder.write("m.tsv", header + row).string(), {})[0], {});
  };
  CHECK(labels("a\t\tlabels.tsv\ttexts.tsv\tbleu,accuracy\n") == std::vector<std::string>{"bad", "good"});
  CHECK(labels("a\t\tlabels.tsv\ttexts.tsv\tbleu\n").empty());
  const std::string said =
      error_of<std::runtime_error>([&] { labels("a\t\ttexts.tsv\tlabels.tsv\tno_label_error\n"); });
  CHECK(said.starts_with((folder / "m.tsv") + ":2: a metric counts labels, and the targets of " +
                         (folder / "texts.tsv") + " are none"));
}

TEST_CASE("mixture: a prefix that leaves no room for a source is refused with its row") {
  const auto said_by = [](const std::string& prefix) {
    return error_of<std::runtime_error>(
        [&] { Opened("name\tprefix\tfile\nfirst\tthe \ta.tsv\nsecond\t" + prefix + "\tb.tsv\n", 8); });
  };
  CHECK(said_by("the cat on the mat the dog play ")
            .ends_with("m.tsv:3: the prefix: its 10 tokens leave no room for a source within max_length, 8"));
  Opened fits("name\tprefix\tfile\nfirst\tthe \ta.tsv\nsecond\tthe cat \tb.tsv\n", 8);
  CHECK(fits.model->read(fits.table)->size() == 4);
}

TEST_CASE("mixture: tasks without validation data are told where others have some") {
  const std::string header = "name\tprefix\tfile\tvalidation_file\n";
  Opened some(header + "first\tvery \ta.tsv\ta.tsv\nsecond\tnot \tb.tsv\t\n");
  const std::vector<std::string> notes = some.model->read(some.table)->notes();
  CHECK(notes[0].ends_with(" % of the mixture"));
  CHECK(notes[1].ends_with(" % of the mixture; not judged: it has no validation file"));
  Opened none(header + "first\tvery \ta.tsv\t\nsecond\tnot \tb.tsv\t\n");
  CHECK(none.model->read(none.table)->notes()[1].ends_with(" % of the mixture"));
}

TEST_CASE("mixture: given weights are the rates") {
  Opened opened("name\tprefix\tfile\tweight\nfirst\tvery \ta.tsv\t1\nsecond\tnot \tb.tsv\t4\n");
  const auto examples = opened.model->read(opened.table);
  CHECK(examples->notes()[1].ends_with(", 80.00 % of the mixture"));
  CHECK_FALSE(opened.task->own_data().has_validation);
  for (const OptionField& option : opened.task->options(TaskUse::training))
    if (option.name == "mixture_temperature") *std::get<double*>(option.field) = 2;
  CHECK(error_of<std::runtime_error>([&] {
          opened.task->own_data();
        }).ends_with("m.tsv:2: has a weight, and mixture_temperature is 2: rates are by the one or by the other"));
}

TEST_CASE("mixture: columns that rows name for themselves are not held against those of the options") {
  const std::string header = "name\tprefix\tfile\tsource_column\ttarget_column\n";
  Opened opened(header + "first\tvery \ta.tsv\tsource\ttarget\nsecond\tnot \tb.tsv\tsource\ttarget\n");
  const auto error = [&](const std::string& column, const std::string& table) {
    for (const OptionField& option : opened.task->options(TaskUse::training)) {
      if (option.name == "source_column") *std::get<std::string*>(option.field) = column;
      if (option.name == "mixture") *std::get<std::string*>(option.field) = table;
    }
    return error_of<std::invalid_argument>([&] { opened.task->check_options(TaskUse::training); });
  };
  CHECK(error("target", opened.table) == "no error");
  CHECK(error("target", "") == "source_column, target_column: \"target\" is in both");
  CHECK(error("source", "") == "no error");
}

TEST_CASE("mixture: two tasks behind one prefix are a note of a training and a warning of the data") {
  Opened opened("name\tprefix\tfile\nfirst\tvery \ta.tsv\nsecond\tvery \tb.tsv\n");
  const std::string line = opened.table + ":3: the prefix \"very \" is that of first, second";
  CHECK(opened.task->notes()[0].starts_with("note: " + line));
  CHECK(opened.task->check_data(opened.folder / "model", {{"train", opened.table}}).warnings[0].starts_with(line));
}

TEST_CASE("mixture: a task of which the first epoch draws nothing is told") {
  Opened opened("name\tprefix\tfile\tweight\nfirst\tvery \ta.tsv\t1\nsecond\tnot \tb.tsv\t1e-6\n");
  const auto examples = opened.model->read(opened.table);
  CHECK(examples->notes().back() == "note: no example drawn in the first epoch: second (4e-06 by its share)");
  for (int64_t i = 0; i < examples->size(); ++i) CHECK(examples->part(i) == "first");
  Opened drawn;
  CHECK(drawn.model->read(drawn.table)->notes().back() == "an epoch of the mixture: 4 examples drawn");
}

TEST_CASE("mixture: texts that do not fit are counted task by task, each of a file once") {
  const std::string header = "name\tprefix\tfile\tvalidation_file\n";
  Opened opened(header + "first\tvery \ta.tsv\ta.tsv\nsecond\tnot \tb.tsv\tb.tsv\n", 5);
  const std::string a = opened.folder / "a.tsv", b = opened.folder / "b.tsv";
  opened.folder.write("a.tsv", "source\ttarget\nthe cat\tgood\nthe dog on the mat\ta film\nthe mat play\tgood\n");
  const auto count = [](const std::vector<std::string>& lines) {
    return std::ranges::count_if(lines, [](const std::string& line) { return line.starts_with("note: "); });
  };
  const std::vector<std::string> notes = opened.model->read(opened.table)->notes();
  CHECK(count(notes) == 1);
  CHECK(notes[1] == "note: " + a + ": first: 2 of 3 sources are too long: 4 tokens are cut off");
  CHECK(count(opened.model->own_validation()->notes()) == 1);
  opened.folder.write("b.tsv", "source\ttarget\nplay on the mat\tnot bad on the mat with the dog on the mat\n");
  const std::vector<std::string> both = opened.model->own_validation()->notes();
  CHECK(count(both) == 2);
  CHECK(both[3] == "note: " + b +
                       ": second: 1 of 1 sources is too long: 2 tokens are cut off; 1 of 1 targets is too "
                       "long: 6 tokens are cut off");
}

}  // namespace thaw
