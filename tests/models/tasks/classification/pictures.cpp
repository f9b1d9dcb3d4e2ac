// SPDX-License-Identifier: Apache-2.0
// Classes of pictures: from tables, folders and files of many; learnt, judged, predicted, saved; what is refused.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "autograd/functions.h"
#include "models/hub/pretrained.h"
#include "models/tasks/task_table.h"
#include "models/vit/classification.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/optim/adamw.h"
#include "tests/error_of.h"
#include "tests/file_bytes.h"
#include "tests/models/small_pictures.h"
#include "tests/models/small_vit.h"
#include "tests/scratch_folder.h"

using namespace thaw;
namespace fs = std::filesystem;

namespace {

// Twelve pictures of two colours and other sizes, in a table and in folders of classes; a small ViT.
struct Pictures {
  ScratchFolder folder;
  std::string table, folders, model;

  Pictures() : table(folder / "table.tsv"), folders(folder / "classes"), model(folder / "model") {
    std::string rows = "image\tlabel\n";
    for (int i = 0; i < 12; ++i) {
      const bool red = i % 2 == 0;
      const std::string bytes = ppm_bytes(9 + i, 14 - i, red ? 220 : 20, 60, red ? 20 : 220, static_cast<uint64_t>(i));
      const std::string name = fmt::format("{}.ppm", i), label = red ? "red" : "blue";
      folder.write("pictures/" + name, bytes);
      folder.write("classes/" + label + "/" + name, bytes);
      rows += "pictures/" + name + "\t" + label + "\n";
    }
    write_bytes(table, rows);
    ViTConfig config = small_vit_config();
    config.labels = {"blue", "red"};
    write_small_model<ViTForImageClassification>(model, config);
  }

  std::unique_ptr<Task> task() const { return make_task("image-classification"); }
};

std::string predicted(TaskModel& model, const PredictionRequest& request) {
  const auto predictor = model.predictor(request);
  std::string all = predictor->header(), lines;
  while (predictor->next(5, lines)) all += lines;
  return all;
}

// A file of IDX: three pictures of 4 x 4 grey pixels, and their labels beside it.
std::string write_idx(const ScratchFolder& folder) {
  const auto number = [](uint32_t n) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(n >> shift & 255);
    return bytes;
  };
  std::string pixels;
  for (int i = 0; i < 3 * 16; ++i) pixels += static_cast<char>(5 * i);
  folder.write("t-labels-idx1-ubyte", std::string("\0\0\x08\x01", 4) + number(3) + std::string("\x03\x00\x03", 3));
  return folder
      .write("t-images-idx3-ubyte", std::string("\0\0\x08\x03", 4) + number(3) + number(4) + number(4) + pixels)
      .string();
}

}  // namespace

TEST_CASE("pictures: a ViT learns classes from a table, is judged, saved and read again") {
  const Pictures data;
  const auto task = data.task();
  task->look_at(data.model, data.table);
  const auto model = task->open(data.model, {});
  CHECK(model->report().initialised.empty());
  const auto examples = model->read(data.table);
  REQUIRE(examples->size() == 12);
  CHECK(examples->lengths()[0] == 1 + 3 * 4);
  AdamW optimizer(model->store(), {});
  std::vector<int64_t> all;
  for (int64_t i = 0; i < examples->size(); ++i) all.push_back(i);
  for (int step = 0; step < 30; ++step) {
    examples->expect(all);
    backward(examples->loss(all, 12));
    optimizer.step(1e-2);
    for (const Parameter& parameter : model->store().all()) parameter.variable().clear_grad();
  }
  CHECK(examples->read_ahead().taken == 30 * 12);
  CHECK(examples->read_ahead().waited <= 30 * 12);
  CHECK(examples->evaluate()->metrics().at("accuracy") == 1);
  model->save(data.folder / "saved");
  CHECK(fs::exists(data.folder / "saved/preprocessor_config.json"));
  CHECK_FALSE(fs::exists(data.folder / "saved/vocab.txt"));
  CHECK(task_of_directory(data.folder / "saved") == "image-classification");
  const auto again = make_task("image-classification")->open(data.folder / "saved", {.trained = true});
  CHECK(again->read(data.table)->evaluate()->metrics() == examples->evaluate()->metrics());
  CHECK(again->identity() == model->identity());
  CHECK_NOTHROW(task->check_saved(data.folder / "saved"));
  CHECK(again->read(data.table)->show(0).text == "a picture of 3 x 4 patches of 4 x 2 pixels");
  CHECK(again->read(data.table)->show(0).where == data.table + ":2, " + data.folder / "pictures/0.ppm");
  CHECK(examples->words().several() == "pictures");
  CHECK(examples->words().parts == "patches");
  CHECK(examples->identity().contains("labels of the pictures"));
}

TEST_CASE("pictures: folders of classes, and files of many, are read like a table") {
  const Pictures data;
  const auto task = data.task();
  task->look_at(data.model, data.folders);
  const auto model = task->open(data.model, {});
  const auto of_folders = model->read(data.folders), of_table = model->read(data.table);
  REQUIRE(of_folders->size() == 12);
  CHECK(of_folders->evaluate()->loss() == doctest::Approx(of_table->evaluate()->loss()).epsilon(1e-5));
  CHECK(of_folders->kin(0) == of_table->kin(1));  // blue/1.ppm
  CHECK(of_folders->show(0).where == data.folder / "classes/blue/1.ppm");
  CHECK(of_folders->files()[0] == data.folder / "classes/blue/1.ppm");

  const std::string idx = write_idx(data.folder);
  const auto digits = data.task();
  digits->look_at(data.model, idx);
  const auto reader = digits->open(data.model, {});
  const auto of_file = reader->read(idx);
  REQUIRE(of_file->size() == 3);
  CHECK(of_file->show(1).truth == "0");
  CHECK(of_file->show(1).where == idx + ", picture 2");
  CHECK(of_file->show(2).truth == "3");
}

TEST_CASE("pictures: what is frozen at the bottom is computed once, with the same bits") {
  const Pictures data;
  float losses[2];
  for (const bool kept : {false, true}) {
    const auto task = data.task();
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

TEST_CASE("pictures: predictions of a table, of lines, of a picture, of folders, of a file of many") {
  const Pictures data;
  const auto model = data.task()->open(data.model, {.trained = true});
  const auto count = [](const std::string& lines) { return std::ranges::count(lines, '\n'); };
  const std::string of_table = predicted(*model, {.file = data.table});
  CHECK(of_table.starts_with("label\tprobability\timage\n"));
  CHECK(count(of_table) == 13);
  CHECK(of_table.find("\tpictures/11.ppm\n") != std::string::npos);
  const std::string picture = data.folder / "pictures/3.ppm";
  const std::string of_one = predicted(*model, {.file = picture});
  CHECK(count(of_one) == 2);
  CHECK(of_one.ends_with("\t" + picture + "\n"));
  std::istringstream lines(picture + "\n" + picture + "\n");
  CHECK(count(predicted(*model, {.stream = &lines})) == 3);
  CHECK(count(predicted(*model, {.file = data.folders})) == 13);
  const std::string other = data.folder / "pictures/4.ppm";
  const std::string of_two = predicted(*model, {.file = picture, .more_files = {other}});
  CHECK(count(of_two) == 3);
  CHECK(of_two.starts_with(of_one));
  CHECK(of_two.ends_with("\t" + other + "\n"));
  CHECK(data.task()->takes_several_files(data.model));
  CHECK_FALSE(make_task("classification")->takes_several_files(data.model));
  CHECK(count(predicted(*model, {.file = write_idx(data.folder)})) == 4);
  CHECK(count(predicted(*model, {.file = data.folder / "pictures"})) == 13);  // no classes, none asked for
  const auto error = [&](const PredictionRequest& request) {
    return error_of<std::runtime_error>([&] { predicted(*model, request); });
  };
  std::istringstream blank(picture + "\n\n");
  const auto predictor = model->predictor({.stream = &blank});
  std::string line;
  CHECK(predictor->next(5, line));
  CHECK(error_of<std::runtime_error>([&] { predictor->next(5, line); }) == "standard input:2: the path is empty");
  CHECK(error({.file = picture, .more_files = {data.table}}) ==
        data.table +
            ": is none of the pictures (.png .jpg .jpeg .ppm .pgm): where there are several files, each is one");
  const std::string broken = data.folder.write("pictures/broken.ppm", "P6").string();
  CHECK(error({.file = broken}).starts_with(broken + ": "));
  CHECK(error({.file = broken}).find(broken, 1) == std::string::npos);
  CHECK(error({.file = data.folder.write("a.gif", "GIF89a").string()})
            .ends_with("a.gif: its name tells of none of the pictures that are read, of no table (.tsv, .csv, .jsonl) "
                       "and of no list of paths (.txt)"));
}

TEST_CASE("pictures: what is wrong is told by the row and the file") {
  const Pictures data;
  const auto task = data.task();
  const auto error = [&](const std::string& table) {
    const std::string file = data.folder.write("bad.tsv", table).string();
    const std::string said = error_of<std::runtime_error>([&] {
      const auto own = data.task();
      own->look_at(data.model, file);
      own->open(data.model, {})->read(file);
    });
    CHECK(said.find('\n') == std::string::npos);
    CHECK(said.starts_with(data.folder.path().string()));
    return said;
  };
  data.folder.write("pictures/text.ppm", "no picture");
  data.folder.write("pictures/cut.ppm", ppm_bytes(9, 9, 1, 2, 3).substr(0, 100));
  const std::string good = "pictures/1.ppm\tred\n";
  CHECK(error("image\tlabel\n" + good + "pictures/none.ppm\tblue\n").find("bad.tsv:3: ") != std::string::npos);
  CHECK(error("image\tlabel\n" + good + "pictures/text.ppm\tblue\n").find("is no picture that can be read") !=
        std::string::npos);
  CHECK(error("image\tlabel\n" + good + "pictures/cut.ppm\tblue\n").find("cut.ppm: is cut off") != std::string::npos);
  CHECK(error("path\tlabel\n" + good).find("image") != std::string::npos);
  fs::create_directories(data.folder.path() / "empty/red");
  CHECK(error_of<std::runtime_error>([&] {
          task->look_at(data.model, data.folder / "empty");
        }).ends_with("empty/red: has no pictures (.png .jpg .jpeg .ppm .pgm)"));
  data.folder.write("empty/red/a.webp", "RIFF");
  CHECK(error_of<std::runtime_error>([&] {
          task->look_at(data.model, data.folder / "empty");
        }).ends_with("a.webp: is not among what is read (.png .jpg .jpeg .ppm .pgm): convert it, or take it away"));
  fs::create_directories(data.folder.path() / "empty/green/more");
  CHECK(error_of<std::runtime_error>([&] {
          task->look_at(data.model, data.folder / "empty");
        }).ends_with("green/more: is a folder within that of a class"));
  CHECK(error_of<std::runtime_error>([&] {
          task->look_at(data.model, data.folder / "model");
        }).ends_with("model: has no folders of pictures, one for each class"));
}

TEST_CASE("pictures: duplicates and leaks are found by what pictures show") {
  const Pictures data;
  const std::string train = data.folder
                                .write("train.tsv",
                                       "image\tlabel\npictures/0.ppm\tred\npictures/1.ppm\tblue\n"
                                       "classes/red/0.ppm\tred\n")
                                .string();
  const std::string test = data.folder.write("test.tsv", "image\tlabel\npictures/1.ppm\tblue\n").string();
  const DataReport report = data.task()->check_data(data.model, {{"train", train}, {"test", test}});
  std::string warnings;
  for (const std::string& line : report.warnings) warnings += line + "\n";
  INFO(warnings);
  CHECK(warnings.find("train: duplicates: 1, the first " + train + ":4 repeats " + train + ":2\n") !=
        std::string::npos);
  CHECK(warnings.find(test + ":2 repeats " + train + ":3\n") != std::string::npos);
}

TEST_CASE("pictures: of other sizes than the model's, that are not resized, is told once") {
  const Pictures data;
  data.folder.write("model/preprocessor_config.json",
                    R"({"image_processor_type": "ViTImageProcessor", "do_resize": false})");
  const auto task = data.task();
  task->look_at(data.model, data.table);
  const auto model = task->open(data.model, {});
  const std::vector<std::string> notes = model->read(data.table)->notes();
  REQUIRE(notes.size() == 1);
  int others = 0;
  for (int i = 0; i < 12; ++i) others += (9 + i) / 4 != 3 || (14 - i) / 2 != 4;
  CHECK(notes[0] ==
        fmt::format("{}: {} of 12 pictures are seen in another size than 12 x 8, which the model's positions "
                    "are made for: they are resized",
                    data.table, others));
}
