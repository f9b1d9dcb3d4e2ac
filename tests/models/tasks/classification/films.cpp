// SPDX-License-Identifier: Apache-2.0
// Classes of films: from tables and folders; learnt, kept, saved, predicted; what is refused.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "autograd/functions.h"
#include "models/tasks/task_table.h"
#include "models/vivit/classification.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/optim/adamw.h"
#include "tests/error_of.h"
#include "tests/file_bytes.h"
#include "tests/models/small_films.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

using namespace thaw;
namespace fs = std::filesystem;

namespace {

// Ten films that become lighter or darker, some longer and larger than the model reads, in a table and in folders.
struct Films {
  ScratchFolder folder;
  std::string table, folders, model;

  Films() : table(folder / "table.tsv"), folders(folder / "classes"), model(folder / "model") {
    std::string rows = "video\tlabel\n";
    for (int i = 0; i < 10; ++i) {
      const bool lighter = i % 2 == 0;
      const std::string bytes =
          film_bytes(small_film(4 + i % 3, 6 * (1 + i % 2), 8 * (1 + i % 2), lighter, static_cast<uint64_t>(i)));
      const std::string name = fmt::format("{}.y4m", i), label = lighter ? "lighter" : "darker";
      folder.write("films/" + name, bytes);
      folder.write("classes/" + label + "/" + name, bytes);
      rows += "films/" + name + "\t" + label + "\n";
    }
    write_bytes(table, rows);
    VivitConfig config = small_vivit_config();
    config.labels = {"darker", "lighter"};
    write_small_model<VivitForVideoClassification>(model, config);
  }

  std::unique_ptr<Task> task() const { return make_task("video-classification"); }
};

std::string predicted(TaskModel& model, const PredictionRequest& request) {
  const auto predictor = model.predictor(request);
  std::string all = predictor->header(), lines;
  while (predictor->next(5, lines)) all += lines;
  return all;
}

}  // namespace

TEST_CASE("films: a ViViT learns classes from a table, is judged, saved and read again") {
  const Films data;
  CHECK(task_of_directory(data.model) == "video-classification");
  const auto task = data.task();
  task->look_at(data.model, data.table);
  const auto model = task->open(data.model, {});
  CHECK(model->report().initialised.empty());
  const auto examples = model->read(data.table);
  REQUIRE(examples->size() == 10);
  CHECK(examples->lengths()[0] == 1 + 2 * 2 * 2);
  std::vector<int64_t> all(10);
  std::iota(all.begin(), all.end(), 0);
  AdamW optimizer(model->store(), {});
  for (int step = 0; step < 30; ++step) {
    examples->expect(all);
    backward(examples->loss(all, 10));
    optimizer.step(1e-2);
    optimizer.clear_gradients();
  }
  CHECK(examples->evaluate()->metrics().at("accuracy") == 1);
  const std::string saved = data.folder / "saved";
  model->save(saved);
  CHECK(fs::exists(saved + "/preprocessor_config.json"));
  const auto again = data.task()->open(saved, {.trained = true});
  CHECK(again->read(data.table)->evaluate()->metrics() == examples->evaluate()->metrics());
  CHECK(again->read(data.folders)->size() == 10);
  CHECK(again->identity() == model->identity());
  CHECK_NOTHROW(task->check_saved(saved));

  const std::string of_table = predicted(*again, {.file = data.table});
  CHECK(of_table.starts_with("label\tprobability\tvideo\n"));
  CHECK(std::ranges::count(of_table, '\n') == 11);
  const std::string film = data.folder / "films/3.y4m";
  CHECK(predicted(*again, {.file = film}).find("\ndarker\t") != std::string::npos);
  CHECK(std::ranges::count(predicted(*again, {.file = data.folder / "films"}), '\n') == 11);
}

TEST_CASE("films: what is frozen at the bottom is computed once, with the same bits") {
  const Films data;
  float losses[2];
  for (const bool kept : {false, true}) {
    const auto task = data.task();
    task->look_at(data.model, data.table);
    const auto model = task->open(data.model, {});
    FreezeMask::parse("freeze *\ntrain classifier.*", "rules").apply(model->store());
    const auto examples = model->read(data.table);
    const KeptTexts told = examples->keep_frozen({.bytes = kept ? 1 << 20 : 0, .passes = 6});
    CHECK((told.kept == 10) == kept);
    const std::vector<int64_t> some{0, 3, 4};
    examples->loss(some, 3);
    losses[kept] = examples->loss(some, 3).item();
  }
  CHECK(losses[0] == losses[1]);
}

TEST_CASE("films: what is wrong is told by the row and the file; duplicates are found by what films show") {
  const Films data;
  const auto error = [&](const std::string& film) {
    const std::string file = data.folder.write("bad.tsv", "video\tlabel\n" + film + "\tdarker\n").string();
    const std::string said = error_of<std::runtime_error>([&] { data.task()->open(data.model, {})->read(file); });
    CHECK(said.find('\n') == std::string::npos);
    CHECK(said.starts_with(file + ":2: "));
    return said;
  };
  data.folder.write("films/cut.y4m", film_bytes(small_film(4, 6, 8, true)).substr(0, 200));
  data.folder.write("films/short.y4m", film_bytes(small_film(3, 6, 8, true)));
  CHECK(error("films/none.y4m").find("films/none.y4m: ") != std::string::npos);
  CHECK(error("films/cut.y4m").find("films/cut.y4m: frame 2: is cut off: ") != std::string::npos);
  CHECK(error("films/short.y4m").ends_with("films/short.y4m: has 3 frames, and the model reads 4"));
  data.folder.write("classes/darker/a.mp4", "");
  CHECK(error_of<std::runtime_error>([&] {
          data.task()->look_at(data.model, data.folders);
        }).ends_with("a.mp4: is not among what is read (.y4m): convert it, or take it away"));

  const std::string twice = data.folder
                                .write("twice.tsv",
                                       "video\tlabel\nfilms/0.y4m\tlighter\nfilms/1.y4m\tdarker\n"
                                       "classes/lighter/0.y4m\tlighter\n")
                                .string();
  std::string warnings;
  for (const std::string& line : data.task()->check_data(data.model, {{"train", twice}}).warnings)
    warnings += line + "\n";
  CHECK(warnings.find("train: duplicates: 1, the first " + twice + ":4 repeats " + twice + ":2\n") !=
        std::string::npos);
}
