// SPDX-License-Identifier: Apache-2.0
// A file that several rows name is looked at once: what is there later is not seen.
#include "models/tasks/files_once.h"

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "models/clip/clip.h"
#include "models/input/read_ahead.h"
#include "models/tasks/film_encoder.h"
#include "models/tasks/pairs/examples.h"
#include "models/tasks/pairs/model.h"
#include "models/tasks/task_table.h"
#include "models/tasks/vqa/model.h"
#include "models/vilt/question_answering.h"
#include "tests/error_of.h"
#include "tests/models/small_clip.h"
#include "tests/models/small_films.h"
#include "tests/models/small_pictures.h"
#include "tests/models/small_vilt.h"
#include "tests/scratch_folder.h"

using namespace thaw;

TEST_CASE("files once: a film of two rows") {
  const ScratchFolder folder;
  const std::string path = folder.write("a.y4m", film_bytes(small_film(5, 6, 8, true))).string();
  const FilmEncoder encoder(folder.path().string(), {.channels = 3, .block = {2, 3, 4}, .film = {4, 6, 8}});
  FilesOnce once(encoder);
  const Encoding first = once.encode({.cells = {path}, .where = "t.tsv:2"});
  folder.write("a.y4m", "no film");
  const Encoding second = once.encode({.cells = {"a.y4m"}, .folder = folder.path().string(), .where = "t.tsv:3"});
  CHECK(second.rows == first.rows);
  CHECK(second.ids == first.ids);
  CHECK(error_of<std::runtime_error>([&] {
          FilesOnce(encoder).encode({.cells = {path}, .where = "t.tsv:4"});
        }).starts_with("t.tsv:4: "));
  CHECK(error_of<std::runtime_error>([&] { once.encode({.cells = {""}, .where = "t.tsv:5"}); }) ==
        "t.tsv:5: the path is empty");
}

TEST_CASE("files once: two questions about a picture") {
  const ScratchFolder folder;
  write_small_model<ViltForQuestionAnswering>(folder / "model", [] {
    ViltConfig config = small_vilt_config();
    config.labels = {"bad", "good"};
    return config;
  }());
  const auto model = make_task("vqa")->open(folder / "model", {.trained = true});
  const RowEncoder& encoder = dynamic_cast<VqaModel&>(*model).answerer().rows();
  const std::string path = folder.write("a.ppm", ppm_bytes(14, 16, 20, 60, 90)).string();
  const Encoding alone = encoder.encode({.cells = {path, "not a dog !"}, .where = "t.tsv:3"});
  FilesOnce once(encoder);
  const Encoding first = once.encode({.cells = {path, "the cat"}, .where = "t.tsv:2"});
  folder.write("a.ppm", "no picture");
  const Encoding second = once.encode({.cells = {path, "not a dog !"}, .where = "t.tsv:3"});
  CHECK(second.rows == first.rows);
  CHECK(second.ids == alone.ids);
  CHECK(second.type_ids == alone.type_ids);
  CHECK(second.ids != first.ids);
}

TEST_CASE("files once: captions of a picture, which is read ahead for each") {
  const ScratchFolder folder;
  write_small_clip<CLIPModel>(folder / "model", small_clip_config());
  for (const char* name : {"a.ppm", "b.ppm"}) folder.write(name, ppm_bytes(12, 12, 60, 90, 200, name[0]));
  const std::string table =
      folder.write("t.tsv", "image\ttext\na.ppm\tthe cat\nb.ppm\tbad film\na.ppm\tthe dog\n").string();
  const auto model = make_task("image-text")->open(folder / "model", {.device = Device::open("reference")});
  const auto data = read_pairs(dynamic_cast<PairTaskModel&>(*model).pairs(), table,
                               {.files = InputKind::pictures, .file_column = "image"});
  const auto source = [&](int64_t pair) {
    return dynamic_cast<const RowsReadAhead&>(*data->files[pair].rows).source();
  };
  CHECK(source(0) == source(2));
  CHECK(source(0) != source(1));
  const auto examples = model->read(table);
  for (int epoch = 0; epoch < 2; ++epoch) {
    examples->expect(std::vector<int64_t>{0, 1, 2});
    examples->loss(std::vector<int64_t>{0, 1}, 2);
    examples->loss(std::vector<int64_t>{2, 1}, 2);
  }
  CHECK(examples->read_ahead().taken == 6);
  CHECK(examples->read_ahead().missed == 2);  // the second picture once more an epoch
}
