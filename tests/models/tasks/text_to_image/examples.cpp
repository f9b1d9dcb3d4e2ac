// SPDX-License-Identifier: Apache-2.0
// Captions and pictures as the trainer and an evaluation meet them.
#include "models/tasks/text_to_image/examples.h"

#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <numbers>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/tasks/text_to_image/model.h"
#include "tensor/dry_device.h"
#include "tests/error_of.h"
#include "tests/models/tasks/text_to_image/small_drawings.h"

using namespace thaw;

namespace {

double loss_of(const Examples& examples, const std::vector<int64_t>& of, double count) {
  return static_cast<double>(examples.loss(of, count).value().item());
}

std::vector<float> values_of(TaskModel& model, const std::string& parameter) {
  return model.store().find(parameter).value().to_host<float>();
}

const std::string words = "transformer.wte.weight";

}  // namespace

TEST_CASE("text-to-image: a caption has its places, each empty one its own padding, and a picture its pixels") {
  const SmallDrawings data;
  const auto model = data.fresh();
  const auto examples = model->read(data.train());
  REQUIRE(examples->size() == 3);
  std::vector<std::string> shown, with_loss;
  for (const ShownExample::Token& token : examples->show(1).tokens) {
    shown.push_back(token.text);
    if (token.has_loss) with_loss.push_back(token.text);
  }
  CHECK(shown == std::vector<std::string>{"[CLS]", "the", "dog", "[SEP]", "<pad 4>", "<image>", "#ffffff", "#ffffff",
                                          "#ffffff", "#ffffff", "#ffffff", "#c80000"});
  CHECK(std::ssize(with_loss) == std::ssize(shown) - 2);
  CHECK(examples->files() ==
        std::vector{data.folder / "pictures/a.ppm", data.folder / "pictures/b.ppm", data.folder / "pictures/a.ppm"});
  CHECK(with_loss[0] == "the");
  CHECK(examples->lengths()[0] == examples->lengths()[1]);
  CHECK(examples->kin(0) != examples->kin(1));
  CHECK(model->description() == "pictures of captions (2 x 3 pixels of 3 colours, 5 places of a caption)");

  const auto task = make_task("text-to-image");
  set_option<int64_t>(*task, TaskUse::training, "caption_length", 4);
  const auto shorter = data.fresh("model", task.get())->read(data.train());
  CHECK(shorter->cut(0) == 1);
  CHECK(shorter->cut(1) == 0);
  CHECK(shorter->notes() == std::vector<std::string>{"2 of 3 captions are too long: 2 tokens are cut off"});
}

TEST_CASE("text-to-image: the loss is 1/8 of a caption's mean and 7/8 of a picture's, by a language model's logits") {
  const SmallDrawings data;
  const auto model = data.fresh();
  const auto examples = model->read(data.train());
  model->save(data.folder / "saved");
  const ImageTokens layout = read_image_tokens(data.folder / "saved");
  TextPipeline plain(data.folder / "saved", {"LMHeadModel", "what comes next", false},
                     {.device = Device::open("reference"), .trained = true});
  CHECK(plain.model().limits().vocab_size == layout.words());

  Encoding sequence = plain.encode("the cat sat");
  sequence.ids.push_back(layout.image());
  for (const size_t colour : {1, 1, 2, 2, 0, 2}) sequence.ids.push_back(layout.colour(colour));
  sequence.type_ids.assign(sequence.ids.size(), 0);
  const std::vector<const Encoding*> batch{&sequence};
  const std::vector<float> logits = plain.outputs(batch).value().to_host<float>();
  const auto vocabulary = static_cast<size_t>(layout.words());
  const auto nats = [&](int64_t begin, int64_t end) {
    double sum = 0;
    for (auto place = static_cast<size_t>(begin); place < static_cast<size_t>(end); ++place) {
      const float* row = logits.data() + (place - 1) * vocabulary;
      double all = 0;
      for (size_t w = 0; w < vocabulary; ++w) all += std::exp(static_cast<double>(row[w]));
      sum += std::log(all) - static_cast<double>(row[static_cast<size_t>(sequence.ids[place])]);
    }
    return sum / static_cast<double>(end - begin);
  };
  const double text = nats(1, layout.caption_length), image = nats(layout.caption_length + 1, layout.length());
  CHECK(loss_of(*examples, {0}, 1) == doctest::Approx(text / 8 + image * 7 / 8));
  const Metrics metrics = examples->evaluate(std::vector<int64_t>{0})->metrics();
  CHECK(metrics.at("text_loss") == doctest::Approx(text));
  CHECK(metrics.at("image_loss") == doctest::Approx(image));
  CHECK(metrics.at("bits_per_pixel") == doctest::Approx(image / std::numbers::ln2));
  CHECK(metrics.at("loss") == doctest::Approx(text / 8 + image * 7 / 8));
  for (const std::string& name : model->metric_names()) CHECK(metrics.contains(name));
}

TEST_CASE("text-to-image: parts of a step add up, and evaluations are their mean") {
  const SmallDrawings data;
  const auto model = data.fresh();
  const auto examples = model->read(data.train());
  const std::vector<int64_t> all{0, 1, 2};
  const double count = examples->terms(all);
  CHECK(count == 3);
  double apart = 0;
  for (const int64_t one : all) apart += loss_of(*examples, {one}, count);
  CHECK(loss_of(*examples, all, count) == doctest::Approx(apart));
  CHECK(loss_of(*examples, {2, 0, 1}, count) == doctest::Approx(apart));
  CHECK(examples->evaluate()->metrics().at("loss") == doctest::Approx(apart));
  CHECK(examples->evaluate()->judgement(1).truth == "the dog");

  const DryDevice dry;
  const auto twin = model->on_dry_device(dry.device());
  CHECK(examples->read_by(*twin)->loss(all, count).value().shape() == Shape{});
  CHECK(twin->longest(2)->lengths()[0] == examples->lengths()[0]);
}

TEST_CASE("text-to-image: a model gets the words that pictures need, and keeps those that it has") {
  const SmallDrawings data;
  const auto model = data.fresh();
  TextPipeline before(data.folder / "model", {"LMHeadModel", "what comes next", false},
                      {.device = Device::open("reference")});
  const std::vector<float> old = before.store().find(words).value().to_host<float>(), grown = values_of(*model, words);
  REQUIRE(grown.size() > old.size());
  CHECK(std::equal(old.begin(), old.end(), grown.begin()));
  double squares = 0;
  for (size_t i = old.size(); i < grown.size(); ++i) squares += std::pow(static_cast<double>(grown[i]), 2);
  CHECK(std::sqrt(squares / static_cast<double>(grown.size() - old.size())) == doctest::Approx(0.02).epsilon(0.3));
  CHECK(model->store().heads() == std::vector<std::string>{words});
  CHECK(model->report().notes.back().find("words for 5 places of captions and 3 colours are new") != std::string::npos);
  CHECK(values_of(*data.fresh(), words) == grown);

  model->save(data.folder / "saved");
  CHECK(task_of_directory(data.folder / "saved") == "text-to-image");
  const auto examples = model->read(data.train());
  const auto again =
      make_task("text-to-image")->open(data.folder / "saved", {.device = Device::open("reference"), .trained = true});
  CHECK(values_of(*again, words) == grown);
  CHECK(again->store().heads().empty());
  CHECK(again->identity() == model->identity());
  CHECK(again->read(data.train())->identity() == examples->identity());
  CHECK(again->read(data.train())->evaluate()->metrics() == examples->evaluate()->metrics());

  // Data that are learnt later are held to what the directory knows.
  data.folder.write("pictures/b.ppm", ppm_of(2, 3, {6, {1, 2, 3}}));
  CHECK(error_of<std::runtime_error>([&] {
          again->read(data.train());
        }).find("b.ppm: the pixel at x 0, y 0 is #010203, which is none of the model's 3 colours") !=
        std::string::npos);
  CHECK_NOTHROW(data.fresh("saved"));
  const auto task = make_task("text-to-image");
  set_option<int64_t>(*task, TaskUse::training, "caption_length", 7);
  CHECK(error_of([&] { data.fresh("saved", task.get()); }).find("caption_length 7: captions have 5 places by ") !=
        std::string::npos);
}

TEST_CASE("text-to-image: what does not fit is one line that names it") {
  const SmallDrawings data;
  const auto open = [&](const std::string& directory) {
    return make_task("text-to-image")
        ->open(data.folder / directory, {.device = Device::open("reference"), .trained = true});
  };
  CHECK(error_of<std::runtime_error>([&] { open("model"); }).find("has no image_tokens.json") != std::string::npos);
  data.fresh()->save(data.folder / "saved");
  ImageTokens tokens = read_image_tokens(data.folder / "saved");
  const auto error = [&](const ImageTokens& other) {
    write_image_tokens(data.folder / "saved", other);
    return error_of<std::runtime_error>([&] { open("saved"); });
  };
  ImageTokens more = tokens;
  more.palette.push_back({1, 2, 3});
  CHECK(error(more).find("image_tokens.json tells of 37 words, the model has 36") != std::string::npos);
  ImageTokens fewer = tokens;
  --fewer.offset;
  CHECK(error(fewer).find("image_tokens.json leaves 26 words to captions (offset 32), the tokenizer has 27") !=
        std::string::npos);
  // No table gets rows for a number that is in a small file alone.
  ImageTokens far = tokens;
  far.offset += 5;
  write_image_tokens(data.folder / "saved", far);
  CHECK(error_of<std::runtime_error>([&] {
          data.fresh("saved");
        }).find("image_tokens.json leaves 32 words to captions (offset 38), the tokenizer has 27") !=
        std::string::npos);
  ImageTokens larger = tokens;
  larger.height = 200;
  CHECK(
      error(larger).find("a picture of 200 x 3 pixels behind a caption of 5 places needs 606 positions, the model has "
                         "32") != std::string::npos);
  // Also where the caption alone is longer than that.
  const auto task = make_task("text-to-image");
  set_option<int64_t>(*task, TaskUse::training, "caption_length", 40);
  CHECK(error_of<std::runtime_error>([&] {
          data.fresh("model", task.get());
        }).find("a picture of 2 x 3 pixels behind a caption of 40 places needs 47 positions, the model has 32") !=
        std::string::npos);
  write_image_tokens(data.folder / "saved", tokens);
  data.folder.write("empty.tsv", "image\ttext\npictures/a.ppm\tthe cat\n\tthe cat\n");
  CHECK(error_of<std::runtime_error>([&] { open("saved")->read(data.folder / "empty.tsv"); }) ==
        data.folder / "empty.tsv" + ":3: the path is empty");
  CHECK(error_of<std::runtime_error>([&] {
          make_task("text-to-image")->look_at(data.folder / "model", data.folder / "empty.tsv");
        }) == data.folder / "empty.tsv" + ":3: the path is empty");
  data.folder.write("blank.tsv", "image\ttext\npictures/a.ppm\t \n");
  CHECK(error_of<std::runtime_error>([&] {
          open("saved")->read(data.folder / "blank.tsv");
        }).find("blank.tsv:2: there is no caption") != std::string::npos);
  data.folder.write("pictures/b.ppm", ppm_of(3, 2, {6, SmallDrawings::red}));
  CHECK(error_of<std::runtime_error>([&] { open("saved")->read(data.train()); })
            .find("train.tsv:3: " + data.folder / "pictures/b.ppm: has 3 x 2 pixels (height x width), the model's "
                                                  "pictures have 2 x 3") != std::string::npos);
}
