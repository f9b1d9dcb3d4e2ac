// SPDX-License-Identifier: Apache-2.0
// The task of the frozen transformer, on a small BERT: what is trained, saved, kept, and what its body costs.
#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "models/bert/bert.h"
#include "models/hub/change_directory.h"
#include "models/hub/change_file.h"
#include "models/tasks/frozen/model.h"
#include "models/tasks/task_table.h"
#include "models/tasks/unread_parameters.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/freeze/freeze_schedule.h"
#include "nn/optim/adamw.h"
#include "tensor/counters.h"
#include "tests/error_of.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

template <typename Value>
void set(Task& task, const std::string& name, Value value) {
  for (const OptionField& option : task.options(TaskUse::training)) {
    if (option.name != name) continue;
    std::visit(
        [&](auto* field) {
          if constexpr (std::is_same_v<std::decay_t<decltype(*field)>, Value> ||
                        std::is_same_v<std::decay_t<decltype(*field)>, std::optional<Value>>)
            *field = value;
          else
            FAIL(name << ": its value is of another type");
        },
        option.field);
    return;
  }
  FAIL("no option " << name);
}

struct Opened {
  ScratchFolder folder;
  std::string body = folder / "body";
  std::unique_ptr<Task> task = make_task("frozen");
  std::unique_ptr<TaskModel> model;

  explicit Opened(const std::string& numbers = "pretrained", double dropout = 0) {
    write_small_model<Bert>(body, small_bert_config());
    set(*task, "problem", std::string("bit-xor"));
    set(*task, "body", numbers);
    set(*task, "body_dropout", dropout);
    model = open(*task, body, 5);
  }
  static std::unique_ptr<TaskModel> open(Task& task, const std::string& directory, uint64_t seed) {
    task.look_at(directory, "bit-xor");
    return task.open(directory, {.device = Device::from_environment(), .seed = seed});
  }
  void apply_usual() const { FreezeMask::parse(model->usual_rules(), "usual").apply(model->store()); }
  BaseModel base() const { return as_base(body); }
  // One step of Adam.
  void train(const Examples& examples) const {
    for (const Parameter& p : model->store().trained()) p.mark_changed();
    AdamW adam(model->store());
    backward(examples.loss(std::vector<int64_t>{0, 1, 2, 3}, 20));
    adam.step(1e-2);
    adam.clear_gradients();
  }
};

std::vector<float> outputs(const Examples& examples) { return examples.outputs(std::vector<int64_t>{0, 7}); }

}  // namespace

TEST_CASE("frozen transformer: by its usual rules new layers, norms and the positions in use are trained, no more") {
  const Opened opened;
  opened.apply_usual();
  ParameterStore& store = opened.model->store();
  const BertConfig config = small_bert_config();
  const int64_t c = config.hidden_size, norms = 2 * (1 + 2 * config.num_hidden_layers) * c;
  int64_t trained = 0;
  for (const Parameter& p : store.trained()) trained += p.trained_numbers();
  CHECK(trained == (c + c) + norms + 10 * c + (2 * c + 2));
  const Parameter positions = store.find("sequence_model.embeddings.position_embeddings.weight");
  CHECK(positions.trained_rows().value() == RowRanges(0, 10));
  CHECK(opened.model->description() ==
        "frozen transformer (rows of 1 number, 5 answers of 2 classes in the last 5 rows)");
  const std::vector<std::string> fresh{"in_net.0.weight", "in_net.0.bias", "out_net.0.weight", "out_net.0.bias"};
  CHECK(opened.model->report().initialised == fresh);
  // Orthogonal with gain 1.41: a column of a matrix [C, 1] has that length.
  double square = 0;
  for (const float x : store.find("in_net.0.weight").value().to_host<float>()) square += static_cast<double>(x) * x;
  CHECK(std::sqrt(square) == doctest::Approx(1.41));
}

TEST_CASE("frozen transformer: the table of words alone is unread; all else gets a gradient") {
  const Opened opened;
  ParameterStore& store = opened.model->store();
  const std::vector<std::string> unread = unread_parameters(*opened.model);
  CHECK(unread == std::vector<std::string>{"sequence_model.embeddings.word_embeddings.weight"});
  FreezeSchedule().hold_unread(unread).stages(store);
  CHECK(store.trained().size() == store.all().size() - 1);
  CHECK_NOTHROW(opened.train(*opened.model->read("bit-xor")));
}

TEST_CASE("frozen transformer: what is saved is what was trained, on a base that must be the right one") {
  for (const char* numbers : {"pretrained", "random", "statistics"}) {
    INFO(numbers);
    const Opened opened(numbers);
    opened.apply_usual();
    const auto examples = opened.model->read("bit-xor");
    opened.train(*examples);
    const std::string saved = opened.folder / "saved";
    opened.model->save(saved, {.base = opened.base()});
    const SavedChange outline = read_change_outline(saved + "/" + change_file_name);
    CHECK(outline.change.tensors.size() == 4 + 2 * (1 + 2 * 3));
    CHECK(outline.change.rows.size() == 1);
    CHECK_FALSE(std::filesystem::exists(saved + "/model.safetensors"));

    CHECK(task_of_directory(saved) == "frozen");
    const auto task = make_task("frozen");
    task->take_up_options(saved, TaskUse::evaluation);
    CHECK_NOTHROW(task->check_saved(saved));
    const auto again = task->open(saved, {.device = Device::from_environment(), .trained = true});
    CHECK(outputs(*again->read("bit-xor")) == outputs(*examples));
    CHECK(outputs(*again->own_test()) == outputs(*opened.model->own_test()));
    CHECK(outputs(*again->own_test()) != outputs(*examples));

    write_small_model<Bert>(opened.body, small_bert_config(), 8);
    CHECK_THROWS_AS(task->open(saved, {}), std::runtime_error);
  }
}

TEST_CASE("frozen transformer: a whole model is read again by its own names; a body alone predicts nothing") {
  const Opened opened;
  const auto examples = opened.model->read("bit-xor");
  opened.train(*examples);
  const std::string saved = opened.folder / "whole";
  opened.model->save(saved);
  const auto task = make_task("frozen");
  task->take_up_options(saved, TaskUse::evaluation);
  CHECK_NOTHROW(task->check_saved(saved));
  const auto again = task->open(saved, {.device = Device::from_environment(), .trained = true});
  CHECK(outputs(*again->read("bit-xor")) == outputs(*examples));
  CHECK(error_of([&] { opened.model->save(opened.folder / "peft", {.base = opened.base(), .as_peft = true}); }) ==
        "it is a frozen transformer, of which peft has none");
  CHECK(error_of<std::runtime_error>([&] { opened.task->open(opened.body, {.trained = true}); }) ==
        opened.body +
            ": no training saved in_net.0.weight, in_net.0.bias, out_net.0.weight, out_net.0.bias: it is a body, of "
            "which `thaw finetune` makes a model");
}

TEST_CASE("frozen transformer: random bodies follow their seed; statistics keep means and deviations") {
  const Opened pretrained, random("random"), statistics("statistics");
  const auto numbers = [](const Opened& of, const std::string& name) {
    return of.model->store().find("sequence_model." + name).value().to_host<double>();
  };
  const auto moments = [](const std::vector<double>& all) {
    double mean = 0, square = 0;
    for (const double x : all) mean += x / static_cast<double>(all.size());
    for (const double x : all) square += (x - mean) * (x - mean) / static_cast<double>(all.size());
    return std::pair(mean, std::sqrt(square));
  };
  const std::string name = "encoder.layer.1.attention.self.query.weight";
  CHECK(numbers(random, name) != numbers(pretrained, name));
  CHECK(numbers(statistics, name) != numbers(pretrained, name));
  const auto [mean, deviation] = moments(numbers(statistics, name));
  const auto [true_mean, true_deviation] = moments(numbers(pretrained, name));
  CHECK(mean == doctest::Approx(true_mean));
  CHECK(deviation == doctest::Approx(true_deviation));
  CHECK(moments(numbers(random, name)).second == doctest::Approx(0.02).epsilon(0.2));

  set(*random.task, "body_seed", int64_t{6});
  const auto seeded = Opened::open(*random.task, random.body, 5);
  CHECK(seeded->store().find("sequence_model." + name).value().to_host<double>() != numbers(random, name));
  // What no pretraining told has one number: norms begin as in the module, or as one value.
  CHECK(numbers(random, "embeddings.LayerNorm.weight") ==
        std::vector<double>(static_cast<size_t>(small_bert_config().hidden_size), 1));
}

TEST_CASE("frozen transformer: output alone computes the body once for a sequence, with the same losses") {
  const Opened opened;
  FreezeMask::all_frozen().train("out_net.*").apply(opened.model->store());
  const auto examples = opened.model->read("bit-xor");
  const std::vector<int64_t> some{0, 1, 2};
  const auto plain = examples->loss(some, 15).value().to_host<float>();
  const KeptTexts kept = examples->keep_frozen(some, {.bytes = 1 << 20, .passes = 3});
  CHECK(kept.kept == 3);
  CHECK(kept.part == "in_net.0 to sequence_model.encoder.layer.2");
  examples->loss(some, 15);
  counters() = {};
  const auto later = examples->loss(some, 15).value().to_host<float>();
  CHECK(counters().by_name.at("matmul") == 1);
  CHECK_FALSE(counters().by_name.contains("attention"));
  CHECK(later[0] == doctest::Approx(plain[0]).epsilon(1e-5));
}

TEST_CASE("frozen transformer: dropout in the frozen body is on while it trains, and off where it is asked to be") {
  const auto differ = [](double dropout) {
    const Opened opened("pretrained", dropout);
    opened.apply_usual();
    const auto examples = opened.model->read("bit-xor");
    const TrainingMode training(opened.model->store().mode());
    const std::vector<int64_t> batch{0, 1, 2, 3};
    const auto loss = [&] { return examples->loss(batch, 20).value().item<float>(); };
    return loss() != loss();
  };
  CHECK(differ(0.1));
  CHECK_FALSE(differ(0));
}

TEST_CASE("frozen transformer: sizes that cannot be are told by the option's name") {
  const auto message = [](const std::string& problem, const std::string& name, int64_t value) {
    const auto task = make_task("frozen");
    set(*task, "problem", problem);
    set(*task, name, value);
    return error_of([&] {
      task->check_options(TaskUse::training);
      task->check_data("", {{"train", problem}});
    });
  };
  CHECK(message("bit-memory", "bits", 120) ==
        "bits 120: strings of so many bits cannot be cut into rows of 50 (bits_of_row)");
  CHECK(message("listops", "listops_longest", 21) ==
        "listops_shortest 20: there is no length between it and 21 (listops_longest)");
  CHECK(message("bit-xor", "train_size", 1000) ==
        "train_size: 1256 sequences are asked for, of which there are 1024 different ones");
}

TEST_CASE("frozen transformer: options of another problem are told, unless the directory keeps them") {
  const auto message = [](const std::string& problem, const std::string& name, auto value) {
    const auto task = make_task("frozen");
    set(*task, "problem", problem);
    set(*task, name, value);
    return error_of([&] { task->check_options(TaskUse::training); });
  };
  CHECK(message("bit-xor", "listops_depth", int64_t{7}) == "listops_depth 7: it is of listops, and problem is bit-xor");
  CHECK(message("listops", "bits", int64_t{100}) == "bits 100: it is of bit-memory, and problem is listops");
  CHECK(message("bit-memory", "xor_bits", int64_t{4}) == "xor_bits 4: it is of bit-xor, and problem is bit-memory");
  CHECK(message("none", "listops_nodes", 0.5) == "listops_nodes 0.5: it is of listops, and problem is none");
  CHECK(message("none", "train_size", int64_t{9}) ==
        "train_size 9: it is of problems that are generated, and problem is none");
  CHECK(message("listops", "patch", int64_t{2}) == "patch 2: it is of pictures, and problem is listops");
  CHECK(message("listops", "listops_depth", int64_t{7}) == "no error");
  CHECK(message("bit-xor", "problem_seed", int64_t{7}) == "no error");
  CHECK(message("none", "patch", int64_t{2}) == "no error");

  const Opened opened;
  set(*opened.task, "xor_bits", int64_t{4});
  const auto model = Opened::open(*opened.task, opened.body, 5);
  const std::string saved = opened.folder / "saved";
  model->save(saved, {.base = opened.base()});
  const auto task = make_task("frozen");
  task->take_up_options(saved, TaskUse::evaluation);
  set(*task, "problem", std::string("none"));
  CHECK_NOTHROW(task->check_options(TaskUse::evaluation));
  task->take_over_option("xor_bits");
  CHECK(error_of([&] { task->check_options(TaskUse::evaluation); }) ==
        "xor_bits 4: it is of bit-xor, and problem is none");
}

TEST_CASE("frozen transformer: a model is not judged by a problem of another format") {
  const Opened opened;
  const std::string saved = opened.folder / "saved";
  opened.model->save(saved, {.base = opened.base()});
  const auto message = [&](const std::string& problem, const std::string& name, int64_t value) {
    const auto task = make_task("frozen");
    task->take_up_options(saved, TaskUse::evaluation);
    set(*task, "problem", problem);
    set(*task, name, value);
    const auto model = task->open(saved, {.device = Device::from_environment(), .trained = true});
    return error_of([&] { model->own_test(); });
  };
  CHECK(message("bit-xor", "xor_bits", 4) ==
        "problem bit-xor: its sequences are rows of 1 number, 4 answers of 2 classes in the last 4 rows, and the "
        "model is "
        "for rows of 1 number, 5 answers of 2 classes in the last 5 rows");
  CHECK(
      message("listops", "listops_longest", 30) ==
      "problem listops: its sequences are 15 ids, one of 10 classes, and the model is for rows of 1 number, 5 answers "
      "of 2 classes in the last 5 rows");
  CHECK(message("bit-xor", "test_size", 7) == "no error");
}

TEST_CASE("frozen transformer: a patch is of pictures alone") {
  const ScratchFolder folder;
  const std::string lines = folder.write("ids.jsonl", "{\"ids\": [1], \"answer\": 1}\n").string();
  const auto task = make_task("frozen");
  CHECK_NOTHROW(task->look_at("", lines));
  set(*task, "patch", int64_t{2});
  CHECK(error_of([&] { task->look_at("", lines); }) == "patch 2: it is of pictures, and " + lines + " has none");
}
