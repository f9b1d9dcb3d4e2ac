// SPDX-License-Identifier: Apache-2.0
// Pairs of pictures and texts as the trainer meets them: what is told apart, what is judged, what is reported.
#include "models/tasks/pairs/examples.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <memory>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "models/clip/classification.h"
#include "models/clip/clip.h"
#include "models/metrics/ranking.h"
#include "models/tasks/pairs/model.h"
#include "models/tasks/parallel_parts.h"
#include "models/tasks/task_table.h"
#include "nn/freeze/freeze_mask.h"
#include "tests/error_of.h"
#include "tests/models/small_clip.h"
#include "tests/models/small_pictures.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

struct Opened {
  ScratchFolder folder;
  std::unique_ptr<Task> task = make_task("image-text");
  std::unique_ptr<TaskModel> model;

  Opened() {
    write_small_clip<CLIPModel>(folder / "model", small_clip_config());
    for (int i = 0; i < 4; ++i)
      folder.write(fmt::format("{}.ppm", i), ppm_bytes(12, 12, static_cast<uint8_t>(60 * i), 90, 200, 1));
    folder.write("0_again.ppm", ppm_bytes(12, 12, 0, 90, 200, 1));
    model = task->open(folder / "model", {.device = Device::open("reference")});
  }
  std::unique_ptr<Examples> read(const std::string& rows) {
    return model->read(folder.write("t.tsv", "image\ttext\n" + rows).string());
  }
  void set(const std::string& name, const std::string& value) {
    for (const OptionField& option : task->options(TaskUse::prediction)) {
      if (option.name != name) continue;
      if (auto* const* text = std::get_if<std::string*>(&option.field)) **text = value;
      if (auto* const* number = std::get_if<int64_t*>(&option.field)) **number = std::stoll(value);
    }
  }
  // With the options that were set.
  std::string predicted(const std::string& file, int64_t at_once = 100) {
    task->check_options(TaskUse::prediction);
    model = task->open(folder / "model", {.device = Device::open("reference")});
    const auto predictor = model->predictor({.file = file});
    std::string all = predictor->header();
    for (std::string some; predictor->next(at_once, some); some.clear()) all += some;
    return all;
  }
};

double loss_of(const Examples& examples, const std::vector<int64_t>& which) {
  return static_cast<double>(examples.loss(which, static_cast<double>(which.size())).item());
}

// Of each picture with each text, by the vectors that a model gives: [N][N].
std::vector<std::vector<double>> cosines_of(const Examples& examples, size_t count) {
  std::vector<int64_t> all(count);
  std::iota(all.begin(), all.end(), 0);
  const std::vector<float> both = examples.outputs(all);  // [2 N, P]
  const size_t width = both.size() / (2 * count);
  std::vector<std::vector<double>> cosines(count, std::vector<double>(count));
  for (size_t image = 0; image < count; ++image)
    for (size_t text = 0; text < count; ++text)
      for (size_t i = 0; i < width; ++i)
        cosines[image][text] += double{both[image * width + i]} * double{both[(count + text) * width + i]};
  return cosines;
}

}  // namespace

TEST_CASE("pairs: evaluations have the loss of training, and all that is told of a model") {
  Opened opened;
  const auto examples = opened.read("0.ppm\tthe cat\n1.ppm\tbad film\n2.ppm\tthe dog sat\n");
  CHECK(examples->files() == std::vector{opened.folder / "0.ppm", opened.folder / "1.ppm", opened.folder / "2.ppm"});
  CHECK(examples->lengths()[0] == 10 + 4);  // 3 x 3 patches and a class token, [CLS] the cat [SEP]
  const Metrics found = examples->evaluate()->metrics();
  CHECK(found.at("loss") == doctest::Approx(loss_of(*examples, {0, 1, 2})));
  for (const std::string& name : opened.model->metric_names()) CHECK(found.contains(name));
  CHECK(found.size() == opened.model->metric_names().size());
  CHECK(examples->batches_decide_loss());
  CHECK_FALSE(examples->is_learnt_alone());
}

TEST_CASE("pairs: each way has its own recalls, of pictures among pictures and of texts among texts") {
  Opened opened;
  const std::vector<std::string> texts{"the cat", "the cat",    "bad film", "the dog sat",
                                       "good",    "on the mat", "not a dog"};
  std::string rows;
  for (size_t i = 0; i < texts.size(); ++i) {
    const std::string name = fmt::format("p{}.ppm", i);
    opened.folder.write(name,
                        ppm_bytes(12, 12, static_cast<uint8_t>(35 * i), 200, static_cast<uint8_t>(90 * i), 30 + i));
    rows += name + "\t" + texts[i] + "\n";
  }
  const auto examples = opened.read(rows);
  const std::vector<std::vector<double>> cosines = cosines_of(*examples, texts.size());
  std::vector<int64_t> of_text, of_image;
  for (size_t i = 0; i < texts.size(); ++i) {
    double best = -2;  // of the pictures that have this text
    for (size_t j = 0; j < texts.size(); ++j)
      if (texts[j] == texts[i]) best = std::max(best, cosines[j][i]);
    std::set<std::string> nearer_texts;
    int64_t nearer_images = 0;
    for (size_t j = 0; j < texts.size(); ++j) {
      if (texts[j] == texts[i]) continue;
      if (cosines[i][j] >= cosines[i][i]) nearer_texts.insert(texts[j]);
      nearer_images += cosines[j][i] >= best ? 1 : 0;
    }
    of_text.push_back(1 + std::ssize(nearer_texts));
    of_image.push_back(1 + nearer_images);
  }
  REQUIRE(recall_at(of_text, 1) != recall_at(of_image, 1));
  const Metrics found = examples->evaluate()->metrics();
  for (const int64_t place : {1, 5, 10}) {
    CHECK(found.at(fmt::format("image_to_text_recall_at_{}", place)) == recall_at(of_text, place));
    CHECK(found.at(fmt::format("text_to_image_recall_at_{}", place)) == recall_at(of_image, place));
  }
  std::ranges::sort(of_text);
  std::ranges::sort(of_image);
  CHECK(found.at("image_to_text_median_rank") == static_cast<double>(of_text[of_text.size() / 2]));
  CHECK(found.at("text_to_image_median_rank") == static_cast<double>(of_image[of_image.size() / 2]));
}

TEST_CASE("pairs: one that has the picture or the text of another is no wrong answer to it") {
  Opened opened;
  const auto apart = opened.read("0.ppm\tthe cat\n1.ppm\tbad film\n2.ppm\tthe dog\n");
  const auto same_text = opened.read("0.ppm\tthe cat\n1.ppm\tbad film\n2.ppm\tthe cat\n");
  const auto same_picture = opened.read("0.ppm\tthe cat\n1.ppm\tbad film\n0_again.ppm\tthe dog\n");
  CHECK(loss_of(*same_text, {0, 2}) == 0);  // nothing is left to be told apart
  CHECK(loss_of(*same_picture, {0, 2}) == 0);
  CHECK(loss_of(*apart, {0, 2}) > 0);
  // Each of the three is told from the one that is different.
  const auto two = opened.read("0.ppm\tthe cat\n1.ppm\tbad film\n");
  CHECK(loss_of(*same_text, {0, 1}) == doctest::Approx(loss_of(*two, {0, 1})));
  for (const auto* examples : {same_text.get(), same_picture.get()})
    CHECK(examples->evaluate()->metrics().at("loss") == doctest::Approx(loss_of(*examples, {0, 1, 2})));
}

TEST_CASE("pairs: a partner of any row is a hit, and what is there twice is one candidate") {
  Opened opened;
  const auto examples = opened.read("0.ppm\tthe cat\n0_again.ppm\tbad film\n0.ppm\tthe dog\n");
  const Metrics found = examples->evaluate()->metrics();
  for (const char* name : {"image_to_text_recall_at_1", "text_to_image_recall_at_1"}) CHECK(found.at(name) == 1);
  CHECK(examples->read_ahead().taken == 1);  // it is read once
  CHECK(examples->read_ahead().missed == 0);
}

TEST_CASE("pairs: a side that is locked with its projection reads nothing that is trained, and its things are kept") {
  const auto lines = [](const std::vector<std::string>& frozen, const std::string& kept_as) {
    Opened opened;
    FreezeMask mask = FreezeMask::all_trained();
    for (const std::string& names : frozen) mask.freeze(names);
    const FreezeReport report = mask.apply(opened.model->store());
    const auto examples = opened.read("0.ppm\tthe cat\n1.ppm\tthe cat\n");
    CHECK(examples->keep_frozen({.bytes = 1 << 20, .passes = 2}).one == kept_as);
    return frozen_above_trained(report, parallel_parts(*opened.model));
  };
  CHECK(lines({"text_model.*", "text_projection*"}, "text").empty());
  CHECK(lines({"vision_model.*", "visual_projection*", "logit_scale"}, "picture").empty());
  CHECK(lines({"vision_model.*", "text_model.*"}, "thing").empty());
  const auto projections = lines({"*_projection*", "vision_model.*"}, "picture");
  REQUIRE(projections.size() == 1);
  CHECK(
      projections[0].starts_with("text_projection is frozen, but reads what trained parts below it give (text_model"));
}

TEST_CASE("pairs: the temperature is held to 100 behind each step, unless it is frozen") {
  Opened opened;
  const Parameter scale = opened.model->store().find("logit_scale");
  const auto set = [&](float number) {
    scale.value().copy_from(Tensor::from_host(std::vector<float>{number}, {}, scale.value().device()));
  };
  set(3);
  opened.model->after_step();
  CHECK(scale.value().item<float>() == 3);
  set(5);
  opened.model->after_step();
  CHECK(scale.value().item<float>() == doctest::Approx(std::log(100.0)));
  set(5);
  scale.freeze();
  opened.model->after_step();
  CHECK(scale.value().item<float>() == 5);
}

TEST_CASE("pairs: the best of candidates, of pictures and of texts, and the K best") {
  Opened opened;
  const std::string pictures = opened.folder.write("p.txt", (opened.folder / "0.ppm") + "\n").string();
  opened.folder.write("words.txt", "the cat\nbad film\nthe cat\n");
  CHECK(error_of<std::invalid_argument>([&] {
          opened.predicted(pictures);
        }).find("p.txt: is no table of pairs: candidates or candidate_image is needed") != std::string::npos);
  opened.set("candidates", opened.folder / "words.txt");
  const std::string one = opened.predicted(pictures);
  CHECK(one.starts_with("text\tprobability\timage\n"));
  CHECK(one.find((opened.folder / "0.ppm") + "\n") != std::string::npos);
  CHECK(opened.task->takes_several_files(opened.folder / "model"));
  opened.set("top", "5");
  const std::string all = opened.predicted(opened.folder / "0.ppm");
  CHECK(all.starts_with("place\ttext\tprobability\timage\n1\t"));
  CHECK(std::count(all.begin(), all.end(), '\n') == 1 + 3);
  opened.set("candidates", "");
  opened.set("candidate_image", opened.folder.path().string());  // a folder: five pictures
  opened.set("top", "2");
  const std::string texts = opened.predicted(opened.folder / "words.txt");
  CHECK(texts.starts_with("place\timage\tprobability\ttext\n"));
  CHECK(std::count(texts.begin(), texts.end(), '\n') == 1 + 2 * 3);
  CHECK(opened.predicted(opened.folder / "words.txt", 1) == texts);
  opened.set("candidates", opened.folder / "words.txt");
  CHECK(error_of<std::invalid_argument>([&] {
          opened.task->check_options(TaskUse::prediction);
        }).find("candidate_image: not with candidates") != std::string::npos);
  opened.set("candidate_image", "");
  opened.folder.write("none.tsv", "text\n");
  opened.set("candidates", opened.folder / "none.tsv");
  CHECK(error_of<std::runtime_error>([&] { opened.predicted(pictures); }).find("none.tsv: has no candidates") !=
        std::string::npos);
}

TEST_CASE("pairs: a row whose numbers overflow is named, behind the answers of those before it") {
  Opened opened;
  opened.folder.write("words.txt", "the cat\nbad film\n");
  opened.set("candidates", opened.folder / "words.txt");
  opened.task->check_options(TaskUse::prediction);
  opened.model = opened.task->open(opened.folder / "model", {.device = Device::open("reference")});
  const Parameter scale = opened.model->store().find("logit_scale");
  // Finite itself, its exponential is not.
  scale.value().copy_from(Tensor::from_host(std::vector<float>{100}, {}, scale.value().device()));
  const std::string picture = opened.folder / "0.ppm";
  for (const bool as_json : {false, true}) {
    const auto predictor = opened.model->predictor({.file = picture, .as_json = as_json});
    std::string lines;
    CHECK(error_of<std::runtime_error>([&] { predictor->next(10, lines); }) ==
          picture + ": the model's numbers for this image overflow: its output is not finite (NaN or infinity)");
  }
}

TEST_CASE("pairs: predictions tell of what does not fit on both sides, of rows and of candidates") {
  Opened opened;
  opened.folder.write("model/preprocessor_config.json",
                      R"({"image_processor_type": "CLIPImageProcessor", "do_resize": false, "do_center_crop": false})");
  opened.folder.write("1.ppm", ppm_bytes(16, 12, 60, 90, 200));
  opened.task->check_options(TaskUse::prediction);
  const auto notes = [&](const std::string& file) {
    opened.model = opened.task->open(opened.folder / "model", {.device = Device::open("reference")});
    const auto predictor = opened.model->predictor({.file = file});
    for (std::string lines; predictor->next(5, lines);) continue;
    return predictor->notes();
  };
  const auto expected = [](const std::string& pictures, const std::string& texts) {
    return std::vector{pictures +
                           " pictures is seen in another size than 12 x 12, which the model's positions are made for: "
                           "they are resized",
                       texts + " texts is too long: 3 tokens are cut off"};
  };
  const std::string length = "the cat the cat the cat the cat the cat the cat the";  // and two special tokens: 15
  const std::string pairs =
      opened.folder.write("p.tsv", "image\ttext\n0.ppm\tthe dog\n1.ppm\t" + length + "\n").string();
  CHECK(notes(pairs) == expected("1 of 2", "1 of 2"));
  opened.folder.write("words.txt", "bad film\n" + length + "\ngood\n");
  opened.set("candidates", opened.folder / "words.txt");
  std::vector<std::string> of_candidates = notes(pairs);
  std::ranges::reverse(of_candidates);
  CHECK(of_candidates == expected("1 of 2", "1 of 3"));
}

TEST_CASE("pairs: what is there twice and what an earlier split has is reported, of pairs, pictures and texts") {
  const Opened opened;
  const std::string train =
      opened.folder.write("train.tsv", "image\ttext\n0.ppm\tthe cat\n0_again.ppm\tthe cat\n1.ppm\tthe cat\n2.ppm\t\n")
          .string();
  const std::string test = opened.folder.write("test.tsv", "image\ttext\n1.ppm\tfilm\n3.ppm\tthe cat\n").string();
  const DataReport report = opened.task->check_data("", {{"train", train}, {"test", test}});
  std::string lines;
  for (const std::string& line : report.warnings) lines += line + "\n";
  INFO(lines);
  for (const char* expected :
       {"pairs that are there again: 1,", "pictures that are there again: 1,", "texts that are there again: 2,",
        "pictures that train has too (its score would flatter): 1,",
        "texts that train has too (its score would flatter): 1,", "empty texts: 1,"})
    CHECK(lines.find(expected) != std::string::npos);
  CHECK(lines.find("pairs that train has") == std::string::npos);
}

TEST_CASE("pairs: rows that cannot be read are told by their line, and models of other kinds by their own") {
  Opened opened;
  CHECK(error_of<std::runtime_error>([&] { opened.read("0.ppm\tthe cat\nnone.ppm\tfilm\n"); }).find("t.tsv:3: ") !=
        std::string::npos);
  CHECK(error_of<std::runtime_error>([&] { opened.read(""); }).find("t.tsv: has no rows") != std::string::npos);
  CHECK(error_of<std::runtime_error>([&] {
          make_task("speech-text")->open(opened.folder / "model", {.device = Device::open("reference")});
        }).find(R"(models of "clip" do not put sounds and texts into one space, those of "thaw-speech-text" do)") !=
        std::string::npos);
  CLIPClassifierConfig classifier{small_clip_config()};
  write_small_clip<CLIPForImageClassification>(opened.folder / "classifier", classifier);
  const std::string error = error_of<std::runtime_error>(
      [&] { opened.task->open(opened.folder / "classifier", {.device = Device::open("reference")}); });
  INFO(error);
  CHECK(error.find("classifier: the checkpoint has no tensor ") != std::string::npos);
}
