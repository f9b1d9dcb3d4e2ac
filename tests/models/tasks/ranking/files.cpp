// SPDX-License-Identifier: Apache-2.0
// Rankings of what is in files: which ones are read, what is told of them, several that are predicted of at once.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "models/bert/classification.h"
#include "models/tasks/task_table.h"
#include "models/vit/classification.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_model.h"
#include "tests/models/small_pictures.h"
#include "tests/models/small_vit.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

// Three pictures with scores, and in pairs; a small ViT.
struct ThreePictures {
  ScratchFolder folder;
  std::string scores, pairs, model;

  ThreePictures() : model(folder / "model") {
    std::string rows = "image\tscore\n";
    for (int i = 0; i < 3; ++i) {
      folder.write(fmt::format("{}.ppm", i), ppm_bytes(12, 8, static_cast<uint8_t>(80 * i), 0, 0));
      rows += fmt::format("{}.ppm\t{}\n", i, i);
    }
    scores = folder.write("scores.tsv", rows).string();
    pairs = folder.write("pairs.tsv", "good\tbad\n2.ppm\t0.ppm\n1.ppm\t0.ppm\n").string();
    ViTConfig config = small_vit_config();
    config.labels = {"LABEL_0"};
    config.problem_type = ProblemType::regression;
    write_small_model<ViTForImageClassification>(model, config);
  }

  std::unique_ptr<Task> task(bool of_pairs = false) const {
    auto task = make_task("ranking");
    for (const OptionField& option : task->options(TaskUse::training)) {
      if (!of_pairs) break;
      if (option.name == "better_column") *std::get<std::string*>(option.field) = "good";
      if (option.name == "worse_column") *std::get<std::string*>(option.field) = "bad";
    }
    return task;
  }
};

}  // namespace

TEST_CASE("ranking: the files that pictures are read of are known, by which a run tells which of them has changed") {
  const ThreePictures data;
  const auto of_scores = data.task()->open(data.model, {}), of_pairs = data.task(true)->open(data.model, {});
  const std::string none = data.folder / "0.ppm", one = data.folder / "1.ppm", two = data.folder / "2.ppm";
  CHECK(of_scores->read(data.scores)->files() == std::vector{none, one, two});
  CHECK(of_pairs->read(data.pairs)->files() == std::vector{two, none, one, none});
}

TEST_CASE("ranking: of pictures that are seen in another size than the model's is told, by scores and by pairs") {
  const ThreePictures data;
  data.folder.write("model/preprocessor_config.json",
                    R"({"image_processor_type": "ViTImageProcessor", "do_resize": false})");
  data.folder.write("1.ppm", ppm_bytes(16, 8, 9, 0, 0));
  for (const bool of_pairs : {false, true}) {
    const std::string file = of_pairs ? data.pairs : data.scores;
    const std::vector<std::string> notes = data.task(of_pairs)->open(data.model, {})->read(file)->notes();
    REQUIRE(notes.size() == 1);
    CHECK(notes[0].starts_with(fmt::format("{}: 1 of {} pictures is seen in another size", file, of_pairs ? 4 : 3)));
  }
}

TEST_CASE("ranking: several pictures are a row each, several files of texts are none") {
  const ThreePictures data;
  const auto task = data.task();
  CHECK(task->takes_several_files(data.model));
  const auto model = task->open(data.model, {.trained = true});
  const auto predictor = model->predictor({.file = data.folder / "2.ppm", .more_files = {data.folder / "0.ppm"}});
  std::string lines;
  REQUIRE(predictor->next(5, lines));
  CHECK(std::ranges::count(lines, '\n') == 2);
  CHECK(lines.ends_with("\t" + data.folder / "0.ppm" + "\n"));
  write_small_model<BertForSequenceClassification>(data.folder / "bert", small_bert_config());
  CHECK_FALSE(task->takes_several_files(data.folder / "bert"));
}
