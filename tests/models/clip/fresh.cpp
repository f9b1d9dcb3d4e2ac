// SPDX-License-Identifier: Apache-2.0
// New CLIPs: sizes of both towers, the end token, what is refused; and CLIP's tower as a classifier of the task.
#include <doctest/doctest.h>

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/clip/clip.h"
#include "models/fresh_model.h"
#include "models/hub/config.h"
#include "models/tasks/task_table.h"
#include "models/text/tokenizer.h"
#include "tests/error_of.h"
#include "tests/file_bytes.h"
#include "tests/models/small_clip.h"
#include "tests/models/small_pictures.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

struct Words {
  ScratchFolder folder;
  std::unique_ptr<Tokenizer> tokenizer;

  explicit Words(const std::vector<std::string>& special = {}) {  // the first ones, if they are not BERT's
    std::filesystem::create_directory(folder / "words");
    write_small_vocabulary(folder / "words", special);
    write_bytes(folder / "words/tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
    tokenizer = load_tokenizer(folder / "words");
  }
  FreshModel write(const FreshSizes& sizes) const {
    std::filesystem::create_directories(folder / "model");
    return write_fresh_model(folder / "model", "clip", sizes, *tokenizer, Device::open("reference"), 5);
  }
};

FreshSizes small_sizes() {
  FreshSizes sizes;
  sizes.layers = 2;
  sizes.hidden_size = 16;
  sizes.heads = 2;
  sizes.positions = 12;
  sizes.image_size = 12;
  sizes.patch_size = 4;
  sizes.projection_size = 6;
  return sizes;
}

}  // namespace

TEST_CASE("new CLIP: both towers have the sizes, and texts end where the tokenizer ends them") {
  const Words words;
  const FreshModel made = words.write(small_sizes());
  CHECK(made.architecture == "CLIPModel");
  CHECK(made.notes.empty());
  const CLIPConfig config = read_config<CLIPConfig>(words.folder / "model");
  for (const CLIPTowerConfig* tower :
       {static_cast<const CLIPTowerConfig*>(&config.text), static_cast<const CLIPTowerConfig*>(&config.vision)}) {
    CHECK(tower->hidden_size == 16);
    CHECK(tower->num_hidden_layers == 2);
    CHECK(tower->num_attention_heads == 2);
    CHECK(tower->intermediate_size == 64);
  }
  CHECK(config.text.eos_token_id == words.tokenizer->special().sep);
  CHECK(config.text.vocab_size == static_cast<int64_t>(words.tokenizer->vocab_size()));
  CHECK(config.text.max_position_embeddings == 12);
  CHECK(config.vision.grid() == Shape{3, 3});
  CHECK(config.projection_dim == 6);
  CHECK(task_of_directory(words.folder / "model") == "image-text");
  CHECK_NOTHROW(make_task("image-text")->open(words.folder / "model", {.trained = true}));
}

TEST_CASE("new CLIP: pictures that patches do not divide are told of") {
  FreshSizes sizes = small_sizes();
  sizes.image_size = 10;
  CHECK(Words().write(sizes).notes ==
        std::vector<std::string>{"patches of 4 x 4 do not divide pictures of 10 x 10: 2 of 10 rows and 2 of 10 columns "
                                 "of pixels are never seen"});
}

TEST_CASE("new CLIP: sizes that cannot be meant are refused by their option") {
  const Words words;
  const auto error_with = [&](auto FreshSizes::*field, int64_t value) {
    FreshSizes sizes = small_sizes();
    sizes.*field = value;
    return error_of<std::invalid_argument>([&] { words.write(sizes); });
  };
  const Words second_last({"[PAD]", "[UNK]", "[SEP]", "[CLS]", "[MASK]"});
  CHECK(error_of<std::runtime_error>([&] {
          second_last.write(small_sizes());
        }).find("the end token of texts is number 2") != std::string::npos);
  CHECK(error_with(&FreshSizes::channels, 2).starts_with("channels 2: "));
  CHECK(error_with(&FreshSizes::heads, 3).find("3") != std::string::npos);
}

TEST_CASE("CLIP as a classifier: the task of pictures takes its tower, and a head that is new") {
  const ScratchFolder folder;
  write_small_clip<CLIPModel>(folder / "model", small_clip_config());
  folder.write("a.ppm", ppm_bytes(12, 12, 0, 90, 200, 1));
  folder.write("b.ppm", ppm_bytes(12, 12, 200, 90, 0, 2));
  const std::string file = folder.write("t.tsv", "image\tlabel\na.ppm\tblue\nb.ppm\tred\n").string();
  const auto task = make_task("image-classification");
  task->look_at(folder / "model", file);
  const auto model = task->open(folder / "model", {});
  CHECK(model->report().initialised == std::vector<std::string>{"classifier.weight", "classifier.bias"});
  CHECK_FALSE(model->store().find("text_projection.weight").defined());
  CHECK(model->read(file)->evaluate()->metrics().contains("accuracy"));
  model->save(folder / "saved");
  CHECK(task_of_directory(folder / "saved") == "image-classification");
}
