// SPDX-License-Identifier: Apache-2.0
// Questions about pictures: learnt from a table, judged, predicted, saved with both kinds of files; what is refused.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "autograd/tape.h"
#include "models/families.h"
#include "models/fresh_model.h"
#include "models/grown_vocabulary.h"
#include "models/hub/config.h"
#include "models/tasks/selected_examples.h"
#include "models/tasks/task_table.h"
#include "models/tasks/vqa/model.h"
#include "models/text/tokenizer.h"
#include "models/vilt/question_answering.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/optim/adamw.h"
#include "tests/error_of.h"
#include "tests/file_bytes.h"
#include "tests/models/small_pictures.h"
#include "tests/models/small_vilt.h"
#include "tests/scratch_folder.h"

using namespace thaw;
namespace fs = std::filesystem;

namespace {

// Six pictures, two questions about each; the second has an answer that the picture decides. A small ViLT.
struct Questions {
  ScratchFolder folder;
  std::string table, model;

  explicit Questions(const std::vector<std::string>& labels = {"bad", "cat", "dog", "good"})
      : table(folder / "table.tsv"), model(folder / "model") {
    std::string rows = "image\ttext\tlabel\n";
    for (int i = 0; i < 6; ++i) {
      const bool red = i % 2 == 0;
      folder.write(fmt::format("pictures/{}.ppm", i),
                   ppm_bytes(12 + 2 * i, 16, red ? 220 : 20, 60, red ? 20 : 220, static_cast<uint64_t>(i)));
      rows += fmt::format("pictures/{}.ppm\tthe cat\t{}\n", i, red ? "good" : "bad");
      rows += fmt::format("pictures/{}.ppm\tnot a dog !\t{}\n", i, red ? "cat" : "dog");
    }
    write_bytes(table, rows);
    ViltConfig config = small_vilt_config();
    config.labels = labels;
    write_small_model<ViltForQuestionAnswering>(model, config);
  }

  std::string table_of(const std::string& rows) const { return folder.write("other.tsv", rows).string(); }
};

std::vector<int64_t> all_of(const Examples& examples) {
  std::vector<int64_t> all(static_cast<size_t>(examples.size()));
  std::iota(all.begin(), all.end(), 0);
  return all;
}

std::string predicted(TaskModel& model, const PredictionRequest& request) {
  const auto predictor = model.predictor(request);
  std::string all = predictor->header(), lines;
  while (predictor->next(5, lines)) all += lines;
  return all;
}

void set_option(Task& task, TaskUse use, const std::string& name, const std::string& value) {
  for (const OptionField& option : task.options(use))
    if (option.name == name) *std::get<std::string*>(option.field) = value;
}

}  // namespace

TEST_CASE("vqa: a ViLT learns answers from a table, is judged, saved with both processors, and read again") {
  const Questions data;
  const auto task = make_task("vqa");
  task->look_at(data.model, data.table);
  const auto model = task->open(data.model, {});
  CHECK(model->report().initialised.empty());
  const auto examples = model->read(data.table);
  REQUIRE(examples->size() == 12);
  REQUIRE(examples->files().size() == 12);
  CHECK(examples->files()[11] == data.folder / "pictures/5.ppm");
  const int64_t text = 4;  // [CLS] the cat [SEP]
  CHECK(examples->lengths()[0] == text + 1 + 3 * 4);
  AdamW optimizer(model->store(), {});
  for (int step = 0; step < 80; ++step) {
    backward(examples->loss(all_of(*examples), 12));
    optimizer.step(5e-3);
    optimizer.clear_gradients();
  }
  CHECK(examples->evaluate()->metrics().at("accuracy") == 1);
  CHECK(examples->evaluate()->confusion().has_value());
  model->save(data.folder / "saved");
  for (const char* file : {"preprocessor_config.json", "vocab.txt", "config.json"}) {
    INFO(file);
    CHECK(fs::exists(fs::path(data.folder / "saved") / file));
  }
  CHECK(task_of_directory(data.folder / "saved") == "vqa");
  const auto again = make_task("vqa")->open(data.folder / "saved", {.trained = true});
  CHECK(again->read(data.table)->evaluate()->metrics() == examples->evaluate()->metrics());
  CHECK(again->identity() == model->identity());
  CHECK_NOTHROW(task->check_saved(data.folder / "saved"));
  const ShownExample shown = again->read(data.table)->show(1);
  CHECK(shown.truth == "cat");
  CHECK(shown.text.find("not a dog") != std::string::npos);
  CHECK(shown.text.ends_with(", about a picture of 3 x 4 patches of 4 x 4 pixels"));
  CHECK(shown.tokens.size() == 6);
}

TEST_CASE("vqa: the loss is the sum over the answers, whatever config.json says of the problem") {
  const Questions data;
  std::vector<float> losses;
  for (const bool says_type : {false, true}) {
    Json config = read_config_json(data.model);
    if (says_type) config.set("problem_type", "multi_label_classification");
    write_bytes(data.model + "/config.json", config.dump());
    const auto model = make_task("vqa")->open(data.model, {.trained = true});
    const auto examples = model->read(data.table);
    losses.push_back(examples->loss(all_of(*examples), 12).item());
  }
  CHECK(losses[0] == losses[1]);
}

TEST_CASE("vqa: several people's answers are true to the degree that VQA says; unknown ones count as wrong") {
  const Questions data;
  const std::string people = data.table_of(
      "image\ttext\tlabel\npictures/0.ppm\tthe cat\tgood|good|bad|mat\npictures/1.ppm\tthe dog\tplay|mat\n"
      "pictures/2.ppm\tthe dog\tdog\n");
  const auto task = make_task("vqa");
  set_option(*task, TaskUse::evaluation, "label_separator", "|");
  const auto model = task->open(data.model, {.trained = true});
  const auto examples = model->read(people);
  CHECK(examples->show(0).truth == "good (0.6)|bad (0.3)");
  CHECK(examples->show(1).truth.empty());
  CHECK(examples->show(2).truth == "dog (0.3)");
  REQUIRE(examples->notes().size() == 1);
  CHECK(examples->notes()[0] ==
        fmt::format("{}: 3 answers are none of the model's and count as wrong, the first \"mat\" ({}:2); 1 of 3 "
                    "questions have no other",
                    people, people));
  CHECK_FALSE(examples->evaluate()->confusion().has_value());
  CHECK(examples->stratum(1) == -1);
  model->save(data.folder / "saved");
  const auto again = make_task("vqa");
  again->take_up_options(data.folder / "saved", TaskUse::evaluation);
  CHECK(again->open(data.folder / "saved", {.trained = true})->read(people)->show(0).truth == "good (0.6)|bad (0.3)");
  const std::string none = data.table_of("image\ttext\tlabel\npictures/0.ppm\tthe cat\tmat\n");
  CHECK(error_of<std::runtime_error>([&] { model->read(none); }) ==
        fmt::format("{}: has none of the model's answers; the first is \"mat\" ({}:2)", none, none));
}

TEST_CASE("vqa: all questions about a picture are on one side of a split, whatever the picture's file is called") {
  const Questions data;
  const auto model = make_task("vqa")->open(data.model, {.trained = true});
  write_bytes(data.folder / "pictures/again.ppm", read_bytes(data.folder / "pictures/2.ppm"));
  const std::string table =
      data.table_of(read_bytes(data.table) + "pictures/again.ppm\tthe dog\tcat\npictures/0.ppm\tthe dog\tcat\n");
  const auto examples = model->read(table);
  REQUIRE(examples->size() == 14);
  CHECK(examples->kin(4) == examples->kin(12));
  for (uint64_t seed = 0; seed < 5; ++seed) {
    const ExampleSplit split = split_examples(*examples, 0.3, seed);
    CHECK_FALSE(split.validation.empty());
    for (const int64_t held : split.validation)
      for (const int64_t trained : split.train) CHECK(examples->kin(held) != examples->kin(trained));
  }
}

TEST_CASE("vqa: planned without data is a picture as large as any becomes") {
  const Questions data;
  const auto model = make_task("vqa")->open(data.model, {.trained = true});
  const int64_t text = small_vilt_config().max_position_embeddings;
  const auto longest = model->longest(2), examples = model->read(data.table);
  CHECK(longest->lengths()[1] == text + 1 + 3 * 4);  // 12 pixels by 19 or less, of whole patches
  for (const int64_t length : examples->lengths()) CHECK(length <= longest->lengths()[1]);
}

TEST_CASE("vqa: the head stays where it knows the answers; numbers of things are never numbers of its classes") {
  const Questions data;
  const auto answers_after = [&](const std::string& rows) {
    const std::string table = data.table_of("image\ttext\tlabel\n" + rows);
    const auto task = make_task("vqa");
    task->look_at(data.model, table);
    const auto model = task->open(data.model, {});
    model->read(table);
    return dynamic_cast<VqaModel&>(*model).answerer().answers();
  };
  CHECK(answers_after("pictures/0.ppm\tthe cat\tgood\npictures/1.ppm\tthe cat\tbad\n") ==
        std::vector<std::string>{"bad", "cat", "dog", "good"});
  CHECK(answers_after("pictures/0.ppm\tthe cat\t2\npictures/1.ppm\tthe cat\t0\n") ==
        std::vector<std::string>{"0", "2"});
  CHECK(answers_after("pictures/0.ppm\tthe cat\tmat\npictures/1.ppm\tthe cat\tbad\n") ==
        std::vector<std::string>{"bad", "mat"});
}

TEST_CASE("vqa: what is frozen at the bottom is computed once for a question and its picture, with the same bits") {
  const Questions data;
  float losses[2];
  for (const bool kept : {false, true}) {
    const auto task = make_task("vqa");
    task->look_at(data.model, data.table);
    const auto model = task->open(data.model, {});
    FreezeMask::parse("freeze *\ntrain classifier.*", "rules").apply(model->store());
    const auto examples = model->read(data.table);
    const KeptTexts told = examples->keep_frozen({.bytes = kept ? 1 << 20 : 0, .passes = 6});
    CHECK((told.kept == 12) == kept);
    const std::vector<int64_t> some{0, 3, 4};
    examples->loss(some, 3);
    losses[kept] = examples->loss(some, 3).item();
  }
  CHECK(losses[0] == losses[1]);
}

TEST_CASE("vqa: predictions of a table and of a stream have the most probable answer, or all") {
  const Questions data;
  const auto task = make_task("vqa");
  const auto model = task->open(data.model, {.trained = true});
  const std::string lines = predicted(*model, {.file = data.table});
  CHECK(lines.starts_with("label\tprobability\timage\ttext\n"));
  CHECK(std::ranges::count(lines, '\n') == 13);
  CHECK(lines.find("\tpictures/5.ppm\tnot a dog !\n") != std::string::npos);
  const std::string row = data.folder / "pictures/5.ppm" + "\tnot a dog !\n";
  std::istringstream stream("image\ttext\n" + row);
  const std::string alone = predicted(*model, {.stream = &stream, .format = TableFormat::tsv});
  CHECK(std::ranges::count(alone, '\n') == 2);
  const std::string last = lines.substr(lines.rfind('\n', lines.size() - 2) + 1);
  CHECK(alone.find(last.substr(0, last.find("\tpictures"))) != std::string::npos);

  for (const OptionField& option : task->options(TaskUse::prediction))
    if (option.name == "probabilities") *std::get<bool*>(option.field) = true;
  const auto telling = task->open(data.model, {.trained = true});
  CHECK(
      predicted(*telling, {.file = data.table}).starts_with("label\tprobability\tbad\tcat\tdog\tgood\timage\ttext\n"));
  CHECK(predicted(*telling, {.file = data.table, .as_json = true}).find(R"("text": "the cat")") != std::string::npos);
  const std::string long_text = data.table_of("image\ttext\npictures/0.ppm\tthe cat sat on the mat very good zz\n");
  const auto predictor = model->predictor({.file = long_text});
  std::string some;
  while (predictor->next(5, some)) {
  }
  REQUIRE(predictor->notes().size() == 1);
  CHECK(predictor->notes()[0].find("1 ") != std::string::npos);
}

TEST_CASE("vqa: what is wrong is told by the row and the file, in one line") {
  const Questions data;
  data.folder.write("pictures/text.ppm", "no picture");
  const auto error = [&](const std::string& table) {
    const std::string file = data.table_of(table);
    const std::string said = error_of<std::runtime_error>([&] {
      const auto task = make_task("vqa");
      task->look_at(data.model, file);
      task->open(data.model, {})->read(file);
    });
    CHECK(said.find('\n') == std::string::npos);
    CHECK(said.starts_with(file));
    return said;
  };
  const std::string header = "image\ttext\tlabel\n", good = "pictures/1.ppm\tthe cat\tgood\n";
  CHECK(error(header + good + "pictures/none.ppm\tthe cat\tbad\n").find(":3: ") != std::string::npos);
  CHECK(error(header + good + "pictures/text.ppm\tthe cat\tbad\n").find("is no picture that can be read") !=
        std::string::npos);
  CHECK(error(header + good + "\tthe cat\tbad\n").ends_with(":3: the path is empty"));
  CHECK(error(header + good + "pictures/2.ppm\tthe cat\t\n").ends_with(":3: the answer is empty"));
  CHECK(
      error(header + good + good).ends_with("every question has the answer \"good\": there is nothing to tell apart"));
  CHECK(error(header).ends_with("has no rows below its header"));
  CHECK(error("image\tlabel\n" + good).find("text") != std::string::npos);
  const auto model = make_task("vqa")->open(data.model, {.trained = true});
  const std::string other = data.table_of(header + "pictures/1.ppm\tthe cat\tmat\n");
  CHECK(error_of<std::runtime_error>([&] { model->read(other); }).starts_with(other + ":2: unknown label \"mat\""));
  CHECK(error_of<std::runtime_error>([&] {
          make_task("qa")->open(data.model, {});
        }).ends_with("models of \"vilt\" read questions about pictures, not texts"));
}

TEST_CASE("vqa: a picture of more patches than max_image_length is refused where it is read") {
  const Questions data;
  Json config = read_config_json(data.model);
  config.set("max_image_length", 9);
  write_bytes(data.model + "/config.json", config.dump());
  const auto model = make_task("vqa")->open(data.model, {.trained = true});
  CHECK(error_of<std::runtime_error>([&] { model->read(data.table); }) ==
        fmt::format("{}:2: {}: the model sees it as 3 x 4 patches, and reads at most 9 (max_image_length)", data.table,
                    data.folder / "pictures/0.ppm"));
  const auto longest = model->longest(2);
  CHECK(longest->lengths()[0] == 9 + 1 + 9);
  CHECK(std::isfinite(longest->loss(all_of(*longest), 2).item()));
}

TEST_CASE("vqa: data are told of: answers, duplicates of a question about the same pixels, answers that are new") {
  const Questions data;
  const std::string train =
      data.folder
          .write("train.tsv",
                 "image\ttext\tlabel\npictures/0.ppm\tthe cat\tgood\n"
                 "pictures/1.ppm\tthe cat\tbad\npictures/0.ppm\tthe cat\tbad\npictures/2.ppm\t\tbad\n")
          .string();
  const std::string test = data.folder.write("test.tsv", "image\ttext\tlabel\npictures/1.ppm\tthe cat\tmat\n").string();
  const DataReport report = make_task("vqa")->check_data(data.model, {{"train", train}, {"test", test}});
  std::string warnings;
  for (const std::string& line : report.warnings) warnings += line + "\n";
  INFO(warnings << report.text);
  CHECK(warnings.find("train: duplicates: 1, the first " + train + ":4 repeats " + train + ":2\n") !=
        std::string::npos);
  CHECK(warnings.find("test: questions that train has too (its score would flatter): 1, the first " + test +
                      ":2 repeats " + train + ":3\n") != std::string::npos);
  CHECK(warnings.find("train: questions that have another label elsewhere: 1") != std::string::npos);
  CHECK(warnings.find("train: empty questions: 1, the first " + train + ":5\n") != std::string::npos);
  CHECK(warnings.find("test: answers that the training data does not have (an error in training): 1") !=
        std::string::npos);
  CHECK(report.text.find("2 answers, the most frequent \"bad\" (75.0 % of the questions)") != std::string::npos);
}

TEST_CASE("vqa: a new ViLT has the words of a tokenizer and the size of its pictures; words are added") {
  const Questions data;
  const std::string directory = data.folder / "new", grown = data.folder / "grown";
  for (const std::string& made : {directory, grown}) fs::create_directory(made);
  const auto tokenizer = load_tokenizer(data.model);
  const Device device = Device::from_environment();
  FreshSizes sizes{.layers = 2, .hidden_size = 16, .heads = 2, .positions = 9};
  sizes.image_size = 20;
  sizes.patch_size = 4;
  sizes.channels = 3;
  const FreshModel made = write_fresh_model(directory, "vilt", sizes, *tokenizer, device, 3);
  CHECK(made.architecture == "ViltForQuestionAnswering");
  const Json config = read_config_json(directory);
  CHECK(config.get_int("vocab_size") == small_vocabulary_size());
  CHECK(config.get_int("image_size") == 20);
  CHECK(config.get_int("pad_token_id") == 0);
  CHECK(Json::read(directory + "/preprocessor_config.json").get_int("size_divisor") == 4);
  CHECK(fs::exists(directory + "/vocab.txt"));
  const auto task = make_task("vqa");
  task->look_at(directory, data.table);
  const auto examples_model = task->open(directory, {});
  CHECK(examples_model->read(data.table)->lengths()[0] == 4 + 1 + 5 * 6);
  sizes.channels = 2;
  CHECK(error_of([&] { write_fresh_model(directory, "vilt", sizes, *tokenizer, device, 3); }) ==
        "channels 2: pictures have 1 (grey) or 3 (colours)");
  const GrownVocabulary more = add_tokens(directory, grown, {.tokens = {"<more>"}}, 1);
  CHECK(more.words == small_vocabulary_size() + 1);
  CHECK(read_bytes(grown + "/preprocessor_config.json") == read_bytes(directory + "/preprocessor_config.json"));
}
