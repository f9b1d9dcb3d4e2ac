// SPDX-License-Identifier: Apache-2.0
// Pictures that are drawn of captions.
#include "models/tasks/text_to_image/predictor.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/image/picture_file.h"
#include "models/tasks/text_to_image/model.h"
#include "tests/error_of.h"
#include "tests/file_bytes.h"
#include "tests/models/tasks/text_to_image/small_drawings.h"

using namespace thaw;

namespace {

const std::string captions = "the cat sat\nthe dog\nvery good film\n";

// A model whose weights are far from zero, so that its words are as likely as its colours.
struct Drawing : SmallDrawings {
  Drawing() {
    const auto model = fresh();
    randomise(model->store());
    model->save(folder / "saved");
  }

  struct Asked {
    int64_t samples = 1, seed = 42, top_k = 0;
    bool overwrite = false;
    bool as_json = false;
    int64_t rows = 100;  // read at once
  };
  // Draws into a folder; the lines that tell of it.
  std::string draw(const std::string& into, const Asked& how, const std::string& texts = captions,
                   const std::string& directory = "saved") const {
    const auto task = make_task("text-to-image");
    task->take_up_options(folder / directory, TaskUse::prediction);
    set_option(*task, TaskUse::prediction, "folder", folder / into);
    set_option(*task, TaskUse::prediction, "samples", how.samples);
    set_option(*task, TaskUse::prediction, "seed", how.seed);
    set_option(*task, TaskUse::prediction, "top_k", how.top_k);
    set_option(*task, TaskUse::prediction, "overwrite", how.overwrite);
    const auto model = task->open(folder / directory, {.device = Device::open("reference"), .trained = true});
    std::istringstream stream(texts);
    PredictionRequest request{.stream = &stream};
    request.as_json = how.as_json;
    const auto predictor = model->predictor(request);
    std::string all = predictor->header();
    for (std::string lines; predictor->next(how.rows, lines);) all += lines;
    return all;
  }
  Picture picture(const std::string& path) const { return read_picture(folder / path); }
  std::vector<Picture> pictures(const std::string& drawn, const std::vector<std::string>& names) const {
    std::vector<Picture> all;
    for (const std::string& name : names) all.push_back(picture(drawn + "/" + name));
    return all;
  }
};

const std::vector<std::string> three = {"00001.png", "00002.png", "00003.png"};

}  // namespace

TEST_CASE("text-to-image: every pixel is one of the palette's colours, whatever else is likelier" *
          doctest::skip(!png_is_built())) {
  const Drawing data;
  const std::string told = data.draw("out", {.samples = 20});
  CHECK(std::ranges::count(told, '\n') == 1 + 3 * 20);
  CHECK(told.starts_with("image\ttext\n" + (data.folder / "out/00001_1.png") + "\tthe cat sat\n"));
  const std::vector<PaletteColour> palette = read_image_tokens(data.folder / "saved").palette;
  std::vector<std::vector<uint8_t>> different;
  for (int sample = 1; sample <= 20; ++sample) {
    const Picture drawn = data.picture("out/00002_" + std::to_string(sample) + ".png");
    CHECK(drawn.height == SmallDrawings::height);
    CHECK(drawn.width == SmallDrawings::width);
    for (size_t i = 0; i < drawn.pixels.size(); i += 3)
      CHECK(std::ranges::count(palette, PaletteColour{drawn.pixels[i], drawn.pixels[i + 1], drawn.pixels[i + 2]}) == 1);
    if (std::ranges::find(different, drawn.pixels) == different.end()) different.push_back(drawn.pixels);
  }
  CHECK(different.size() > 5);
}

TEST_CASE("text-to-image: of one colour at a time, the likeliest by the logits of whole sequences is drawn" *
          doctest::skip(!png_is_built())) {
  const Drawing data;
  data.draw("out", {.top_k = 1});
  const ImageTokens layout = read_image_tokens(data.folder / "saved");
  TextPipeline plain(data.folder / "saved", {"LMHeadModel", "what comes next", false},
                     {.device = Device::open("reference"), .trained = true});
  Encoding sequence = plain.encode("the cat sat");
  sequence.ids.push_back(layout.image());
  Picture expected{.height = layout.height, .width = layout.width};
  for (int64_t i = 0; i < layout.pixels(); ++i) {
    sequence.type_ids.assign(sequence.ids.size(), 0);
    const std::vector<const Encoding*> batch{&sequence};
    const std::vector<float> logits = plain.outputs(batch).value().to_host<float>();
    const auto colours = logits.end() - std::ssize(layout.palette);  // the last of the last token's
    const auto best = static_cast<size_t>(std::max_element(colours, logits.end()) - colours);
    sequence.ids.push_back(layout.colour(best));
    for (const uint8_t part : layout.palette[best]) expected.pixels.push_back(part);
  }
  CHECK(data.picture("out/00001.png") == expected);
}

TEST_CASE("text-to-image: seed and row decide a picture, not the batch, nor whether the model was saved again" *
          doctest::skip(!png_is_built())) {
  const Drawing data;
  data.draw("out", {});
  const std::vector<Picture> drawn = data.pictures("out", three);
  data.draw("one_by_one", {.rows = 1});
  CHECK(data.pictures("one_by_one", three) == drawn);
  data.draw("other", {.seed = 43});
  CHECK(data.pictures("other", three) != drawn);
  const auto model =
      make_task("text-to-image")->open(data.folder / "saved", {.device = Device::open("reference"), .trained = true});
  model->save(data.folder / "again");
  data.draw("from_again", {}, captions, "again");
  CHECK(data.pictures("from_again", three) == drawn);
  CHECK(data.draw("json", {.as_json = true}, "the dog\n") ==
        R"({"image": ")" + (data.folder / "json/00001.png") + R"(", "text": "the dog"})" + "\n");
}

TEST_CASE("text-to-image: pictures that are there stay, unless they are to be overwritten" *
          doctest::skip(!png_is_built())) {
  const Drawing data;
  data.folder.write("out/00002.png", "mine");
  const std::string error = error_of<std::runtime_error>([&] { data.draw("out", {.rows = 1}); });
  CHECK(error.find("out/00002.png: is there already: overwrite replaces it") != std::string::npos);
  CHECK(read_bytes(data.folder / "out/00002.png") == "mine");
  CHECK(std::filesystem::exists(data.folder / "out/00001.png"));
  CHECK_FALSE(std::filesystem::exists(data.folder / "out/00003.png"));
  data.draw("out", {.overwrite = true});
  CHECK(data.picture("out/00002.png").width == SmallDrawings::width);
  CHECK(error_of<std::runtime_error>([&] { data.draw("none", {}, "the cat\n \n"); }).find(":2: there is no caption") !=
        std::string::npos);
}
