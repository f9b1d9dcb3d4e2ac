// SPDX-License-Identifier: Apache-2.0
// Which ids stand for what, as a file and as data ask for it.
#include "models/image_tokens.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "models/grown_vocabulary.h"
#include "models/tasks/text_pipeline.h"
#include "models/tasks/text_to_image/found_image_tokens.h"
#include "tests/error_of.h"
#include "tests/models/tasks/text_to_image/small_drawings.h"

using namespace thaw;

TEST_CASE("image tokens: ids follow one another, each with a name of its own") {
  const ImageTokens tokens{
      .offset = 14, .height = 2, .width = 3, .caption_length = 3, .palette = {{0, 0, 0}, {255, 16, 1}}};
  CHECK(tokens.length() == 3 + 1 + 6);
  CHECK(tokens.words() == 16);
  std::vector<std::string> names;
  for (int32_t id = static_cast<int32_t>(tokens.caption_words()) - 1; id < tokens.words(); ++id) {
    names.push_back(tokens.name(id));
    CHECK(tokens.is_colour(id) == names.back().starts_with("#"));
  }
  CHECK(names == std::vector<std::string>{"", "<pad 0>", "<pad 1>", "<pad 2>", "<image>", "#000000", "#ff1001"});
  CHECK(tokens.padding(2) == tokens.image() - 1);
  CHECK(tokens.colour(1) == tokens.words() - 1);
}

TEST_CASE("image tokens: a file is written as it is read, and what is none is told") {
  const ScratchFolder folder;
  const std::string directory = folder.path().string();
  CHECK_FALSE(has_image_tokens(directory));
  const ImageTokens tokens{
      .offset = 14, .height = 2, .width = 3, .caption_length = 3, .palette = {{0, 0, 0}, {255, 16, 1}}};
  write_image_tokens(directory, tokens);
  CHECK(has_image_tokens(directory));
  CHECK(read_image_tokens(directory) == tokens);
  const auto error = [&](const std::string& content) {
    folder.write("image_tokens.json", content);
    return error_of<std::runtime_error>([&] { read_image_tokens(directory); });
  };
  const std::string rest = R"(, "height": 2, "width": 3, "caption_length": 3)";
  const std::string colours = R"(, "palette": [[0, 0, 0], [255, 16, 1]])";
  for (const auto& file_and_error : {
           std::pair<std::string, std::string>{R"({"offset": 14)" + rest + "}", "palette"},
           {R"({"offset": 4)" + rest + colours + "}", "offset"},
           {R"({"offset": 2147483647)" + rest + colours + "}", "offset"},
           {R"({"offset": 14, "depth": 3)" + rest + colours + "}", "depth: no key of such a file"},
           {R"({"offset": 14)" + rest + R"(, "palette": []})", "palette: has 0 colours, 1 to 256 were expected"},
           {R"({"offset": 14)" + rest + R"(, "palette": [[0, 0]]})", "2 numbers are no colour"},
           {R"({"offset": 14)" + rest + R"(, "palette": [[0, 0, 256]]})", "256"},
           {R"({"offset": 14)" + rest + R"(, "palette": [[0, 0, 9], [0, 0, 9]]})", "#000009 is there twice"},
           {R"({"offset": 14, "height": 0, "width": 3, "caption_length": 3)" + colours + "}", "height"},
           {R"({"offset": 14, "height": 2, "width": 3, "caption_length": 1)" + colours + "}", "caption_length"},
           {"[]", "object"},
       }) {
    const std::string &content = file_and_error.first, &said = file_and_error.second;
    const std::string message = error(content);
    INFO(content);
    CHECK(message.find("image_tokens.json") != std::string::npos);
    CHECK_MESSAGE(message.find(said) != std::string::npos, message);
    CHECK(message.find('\n') == std::string::npos);
  }
}

TEST_CASE("image tokens: no words are put into a model where they would take the ids of places and colours") {
  const SmallDrawings data;
  data.fresh()->save(data.folder / "saved");
  std::filesystem::create_directory(data.folder / "grown");
  CHECK(error_of<std::runtime_error>([&] {
          add_tokens(data.folder / "saved", data.folder / "grown", {.tokens = {"<x>"}}, 1);
        }) == data.folder / "saved" +
                  ": draws pictures: the ids behind its tokenizer's are places and colours "
                  "(image_tokens.json); add tokens to the model that it was trained from");
  CHECK(std::filesystem::is_empty(data.folder / "grown"));
}

TEST_CASE("image tokens: sizes, colours and places are those of the data to learn from") {
  const SmallDrawings data;
  const TextEncoder captions = open_text_encoder(data.folder / "model", 0);
  const auto find = [&](const TextToImageOptions& options = {}) {
    return find_image_tokens(data.train(), options, &captions);
  };
  const ImageTokens found = find();
  CHECK(found.height == SmallDrawings::height);
  CHECK(found.width == SmallDrawings::width);
  CHECK(found.palette == std::vector{SmallDrawings::black, SmallDrawings::red, SmallDrawings::white});
  CHECK(found.caption_length == static_cast<int64_t>(captions.encode_whole("the cat sat", {}).size()));
  CHECK(found.caption_words() == small_vocabulary_size());
  CHECK(find({.caption_length = 9}).caption_length == 9);

  data.folder.write("pictures/b.ppm", ppm_of(3, 2, {6, SmallDrawings::red}));
  CHECK(error_of<std::runtime_error>(find).find("train.tsv:3: ") != std::string::npos);
  CHECK(error_of<std::runtime_error>(find).find("b.ppm: has 3 x 2 pixels (height x width), the pictures before it") !=
        std::string::npos);
  std::vector<PaletteColour> many;
  for (size_t i = 0; i < most_palette_colours; ++i) many.push_back({static_cast<uint8_t>(i), 0, 1});
  data.folder.write("pictures/a.ppm", ppm_of(1, std::ssize(many), many));
  data.folder.write("pictures/b.ppm", ppm_of(1, std::ssize(many), many));
  CHECK(find().palette == many);
  many[0] = SmallDrawings::red;
  data.folder.write("pictures/b.ppm", ppm_of(1, std::ssize(many), many));
  CHECK(error_of<std::runtime_error>(find).find("more than 256 colours together") != std::string::npos);
  data.folder.write("train.tsv", "image\ttext\n");
  CHECK(error_of<std::runtime_error>(find).find("train.tsv: has no rows") != std::string::npos);
}
