// SPDX-License-Identifier: Apache-2.0
// What a directory's file says of frames, held to the model that reads them.
#include "models/tasks/film_encoder.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "models/image/processor.h"
#include "tests/error_of.h"
#include "tests/models/small_films.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

const FilmLimits limits{.channels = 3, .block = {2, 3, 4}, .film = {4, 6, 8}};

std::string error(const ScratchFolder& folder, const FilmLimits& of) {
  return error_of<std::runtime_error>([&] { FilmEncoder(folder.path().string(), of); });
}

}  // namespace

TEST_CASE("film encoder: rows in front and blocks of a film; without a file as is usual") {
  const ScratchFolder folder;
  const FilmEncoder encoder(folder.path().string(), limits);
  folder.write("a.y4m", film_bytes(small_film(5, 6, 8, true)));
  const InputRow row{.cells = {"a.y4m"}, .folder = folder.path().string(), .where = "t.tsv:2"};
  const Encoding example = encoder.encode(row);
  CHECK(example.size() == 1 + 2 * 2 * 2);
  CHECK(example.rows->grid() == Shape{2, 2, 2});
  CHECK(example.rows->width() == 3 * 2 * 3 * 4);
  CHECK(encoder.longest().size() == example.size());
  ShownExample shown;
  encoder.show(example, shown);
  CHECK(shown.text == "a film of 2 x 2 x 2 blocks of 2 frames of 3 x 4 pixels");
  CHECK(film_of(row).frames == 5);
  CHECK(Json::parse(encoder.processor().files()[0].content, "file").get_string("image_processor_type") ==
        "VivitImageProcessor");
  folder.write("a.y4m", "no film");
  CHECK(error_of<std::runtime_error>([&] { encoder.encode(row); }) ==
        "t.tsv:2: " + folder.path().string() + "/a.y4m: is no YUV4MPEG2 file (.y4m)");
}

TEST_CASE("film encoder: a file that makes what the model does not read is refused") {
  const ScratchFolder folder;
  const std::string begin = folder.path().string() + ": its preprocessor_config.json makes ";
  folder.write("preprocessor_config.json", R"({"crop_size": {"height": 8, "width": 6}})");
  CHECK(error(folder, limits) == begin + "frames of 8 x 6 pixels, and the model reads 6 x 8");
  folder.write("preprocessor_config.json", R"({"image_mean": [0.5], "image_std": [0.5], "do_center_crop": false})");
  CHECK(error(folder, limits) == begin + "numbers of 1 channels, and the model reads 3");
  folder.write("preprocessor_config.json", R"({"size": {"shortest_edge": 6}, "do_center_crop": false})");
  CHECK_NOTHROW(FilmEncoder(folder.path().string(), limits));
  FilmLimits huge = limits;
  huge.film = {1 << 20, 8192, 8192};
  CHECK(error(folder, huge).find("its model reads films of 1048576 frames of 8192 x 8192 pixels") != std::string::npos);
}
