// SPDX-License-Identifier: Apache-2.0
// Films as rows: which frames are looked at, what a block holds, what is refused.
#include "models/video/film_rows.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/video/y4m.h"
#include "tests/error_of.h"
#include "tests/file_bytes.h"
#include "tests/models/small_films.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

const FilmLimits limits{.channels = 3, .block = {2, 2, 3}, .film = {4, 4, 6}};

// Whose numbers are the pixels' bytes.
ImageProcessor plain() {
  ImageProcessor processor = ImageProcessor::usual(ProcessorKind::vivit);
  processor.resizes = processor.crops = processor.rescales = processor.normalises = false;
  return processor;
}

// Each byte another, as far as bytes go.
Film counting(int64_t frames, int64_t height, int64_t width) {
  Film film{.frames = frames, .height = height, .width = width, .pixels = {}};
  for (int64_t i = 0; i < frames * film.frame_bytes(); ++i) film.pixels.push_back(static_cast<uint8_t>(i * 37 % 251));
  return film;
}

std::string error(const Film& film, const FilmCutting& cutting) {
  return error_of<std::runtime_error>([&] { cutting.blocks(film, "a.y4m"); });
}

}  // namespace

TEST_CASE("film rows: frames are spread evenly over a film, and all are looked at where there are no more") {
  using Frames = std::vector<int64_t>;
  CHECK(frames_looked_at(4, 4) == Frames{0, 1, 2, 3});
  CHECK(frames_looked_at(8, 4) == Frames{1, 3, 5, 7});
  CHECK(frames_looked_at(5, 4) == Frames{0, 1, 3, 4});
  CHECK(frames_looked_at(7, 1) == Frames{3});
  CHECK(frames_looked_at(1, 1) == Frames{0});
  for (const int64_t frames : {9, 10, 31, 1000, 1 << 30}) {
    const Frames found = frames_looked_at(frames, 9);
    REQUIRE(found.size() == 9);
    CHECK(found.back() < frames);
    for (size_t i = 1; i < found.size(); ++i) {
      CHECK(found[i] - found[i - 1] >= frames / 9);
      CHECK(found[i] - found[i - 1] <= (frames + 8) / 9);
    }
  }
  CHECK(error_of([] { frames_looked_at(3, 4); }) == "4 of 3 frames");
}

TEST_CASE("film rows: a block has each channel's frames, rows and columns") {
  const FilmCutting cutting{plain(), limits};
  for (const int64_t frames : {4, 9}) {
    const Film film = counting(frames, 4, 6);
    const std::vector<int64_t> seen = frames_looked_at(frames, 4);
    const std::vector<float> blocks = cutting.blocks(film, "a");
    REQUIRE(blocks.size() == 2 * 2 * 2 * 3 * 12);
    auto at = blocks.begin();
    for (int64_t bt = 0; bt < 2; ++bt)
      for (int64_t by = 0; by < 2; ++by)
        for (int64_t bx = 0; bx < 2; ++bx)
          for (int64_t c = 0; c < 3; ++c)
            for (int64_t t = 0; t < 2; ++t)
              for (int64_t y = 0; y < 2; ++y)
                for (int64_t x = 0; x < 3; ++x) {
                  const int64_t pixel = seen[static_cast<size_t>(2 * bt + t)] * 24 + (2 * by + y) * 6 + 3 * bx + x;
                  CHECK(*at++ == film.pixels[static_cast<size_t>(3 * pixel + c)]);
                }
  }
}

TEST_CASE("film rows: frames are resized and numbered as is usual") {
  const FilmCutting cutting{usual_processor(limits), limits};
  Film film = counting(4, 8, 30);  // its middle is looked at
  std::ranges::fill(film.pixels, uint8_t{255});
  for (const float number : cutting.blocks(film, "a")) CHECK(number == doctest::Approx(1));
  std::ranges::fill(film.pixels, uint8_t{0});
  for (const float number : cutting.blocks(film, "a")) CHECK(number == doctest::Approx(-3));
  FilmLimits grey = limits;
  grey.channels = 1;
  CHECK(FilmCutting{usual_processor(grey), grey}.blocks(film, "a").size() == 2 * 2 * 2 * 12);
}

TEST_CASE("film rows: what does not fit is one line that begins with the file") {
  const FilmCutting cutting{plain(), limits};
  CHECK(error(counting(3, 4, 6), cutting) == "a.y4m: has 3 frames, and the model reads 4");
  CHECK(error(counting(1, 4, 6), cutting) == "a.y4m: has 1 frame, and the model reads 4");
  CHECK(error(counting(4, 6, 4), cutting) ==
        "a.y4m: its frames become pictures of 6 x 4 pixels, and the model reads 4 x 6");
  FilmCutting one{plain(), limits};
  one.processor.mean = one.processor.deviation = {0.5};
  Film grey = counting(4, 4, 6);
  std::ranges::fill(grey.pixels, uint8_t{7});
  CHECK(error(grey, one) == "a.y4m: its processor makes 1 channels of it, and the model reads 3");
  CHECK(error(counting(4, 4, 6), one) ==
        "a.y4m: is a picture of colours, the model's are grey (num_channels 1): make it grey, or take a model with "
        "num_channels 3");
}

TEST_CASE("film rows: a file is read whenever it is asked for, and is to be the same film") {
  const ScratchFolder folder;
  const auto cutting = std::make_shared<const FilmCutting>(FilmCutting{plain(), limits});
  const std::string path = folder / "a.y4m", other = folder / "b.y4m";
  const Film film = counting(5, 4, 6);
  write_bytes(path, film_bytes(film));
  write_bytes(other, film_bytes(film).replace(0, 9, "YUV4MPEG2 Xmine"));
  const FilmRows rows(path, cutting), same(other, cutting);
  CHECK(rows.grid() == Shape{2, 2, 2});
  CHECK(rows.width() == 36);
  CHECK(rows.numbers() == cutting->blocks(read_y4m(path), path));
  CHECK(std::ranges::equal(rows.identity(), same.identity()));
  CHECK(film_digest(read_y4m(path)) == film_digest(read_y4m(other)));
  Film changed = film;
  changed.pixels.front() ^= 128;
  write_bytes(other, film_bytes(changed));
  CHECK_FALSE(std::ranges::equal(rows.identity(), FilmRows(other, cutting).identity()));
  CHECK(error_of<std::runtime_error>([&] { same.numbers(); }) == other + ": has changed since it was read first");
  const auto second = std::make_shared<const FilmCutting>(FilmCutting{usual_processor(limits), limits});
  CHECK_FALSE(std::ranges::equal(rows.identity(), FilmRows(path, second).identity()));
  write_bytes(other, film_bytes(film).substr(0, 400));
  CHECK(error_of<std::runtime_error>([&] { FilmRows(other, cutting); }).starts_with(other + ": frame 5: is cut off"));
  write_bytes(other, film_bytes(counting(3, 4, 6)));
  CHECK(error_of<std::runtime_error>([&] { FilmRows(other, cutting); }).starts_with(other + ": has 3 frames"));
  // What its numbers could not be made of is told now, too.
  write_bytes(other, film_bytes(film));
  FilmCutting grey{plain(), limits};
  grey.processor.mean = grey.processor.deviation = {0.5};
  grey.limits.channels = 1;
  CHECK(error_of<std::runtime_error>([&] {
          FilmRows(other, std::make_shared<const FilmCutting>(grey));
        }).starts_with(other + ": is a picture of colours, the model's are grey"));
  write_bytes(other, film_bytes(counting(4, 2, 4000)));
  FilmCutting large{ImageProcessor::usual(ProcessorKind::vivit), limits};
  large.processor.crop = {4, 6};
  large.processor.shortest_edge = 600;
  CHECK(error_of<std::runtime_error>([&] { FilmRows(other, std::make_shared<const FilmCutting>(large)); }) ==
        other + ": a picture of 2 x 4000 is too narrow: it would be resized to 600 x 1200000");
  CHECK(error_of<std::runtime_error>([&] { FilmRows(folder / "none.y4m", cutting); }).find("none.y4m") !=
        std::string::npos);
}
