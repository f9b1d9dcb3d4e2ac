// SPDX-License-Identifier: Apache-2.0
// Files of sequences: pictures as MNIST and CIFAR-10 have them, and lines of JSON.
#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "models/data/sequences/image_files.h"
#include "models/data/sequences/labelled_sequences.h"
#include "tests/error_of.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

std::string idx(const std::vector<int>& sizes, const std::string& numbers) {
  std::string bytes{'\0', '\0', '\x08', static_cast<char>(sizes.size())};
  for (const int size : sizes)
    for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(size >> shift);
  return bytes + numbers;
}

struct Pictures {
  ScratchFolder folder;
  std::string images = folder / "t-images-idx3-ubyte";

  // Two pictures of 2 x 4, pixels 0 to 15.
  Pictures() {
    std::string pixels;
    for (char i = 0; i < 16; ++i) pixels += i;
    write("images-idx3", idx({2, 2, 4}, pixels));
    write("labels-idx1", idx({2}, std::string("\x07\x00", 2)));
  }
  void write(const std::string& part, const std::string& bytes) const { folder.write("t-" + part + "-ubyte", bytes); }
  std::string error() const {
    return error_of<std::runtime_error>([&] { read_pictures(images); });
  }
};

std::string error_of_lines(const std::string& lines, const SequenceFormat& format) {
  const ScratchFolder folder;
  const std::string file = folder.write("s.jsonl", lines).string();
  std::string error = error_of<std::runtime_error>([&] { read_labelled_sequences(file, format, 4, 3); });
  return error.starts_with(file) ? error.substr(file.size()) : error;
}

std::string error_of_look(const std::string& lines) {
  const ScratchFolder folder;
  const std::string file = folder.write("s.jsonl", lines).string();
  std::string error = error_of<std::runtime_error>([&] { format_of_file(file, 4); });
  return error.starts_with(file) ? error.substr(file.size()) : error;
}

}  // namespace

TEST_CASE("pictures: patches go from left to right, and so do their pixels") {
  const Pictures files;
  const LabelledPictures pictures = read_pictures(files.images);
  CHECK(picture_format(pictures, 2) == SequenceFormat{.inputs = 4, .longest = 2, .classes = 10});
  const LabelledSequence second = picture_sequence(pictures, 1, 2);
  std::vector<int> pixels;
  for (const float x : second.numbers) pixels.push_back(static_cast<int>(x * 255 + 0.5f));
  CHECK(pixels == std::vector<int>{8, 9, 12, 13, 10, 11, 14, 15});
  CHECK(second.answers == std::vector<int32_t>{0});
  CHECK(picture_sequence(pictures, 0, 2).answers == std::vector<int32_t>{7});
  CHECK(error_of<std::runtime_error>([&] { format_of_file(files.images, 4); }) ==
        files.images + ": pictures of 2 x 4 cannot be cut into patches of 4 x 4");
}

TEST_CASE("pictures: what is wrong with a file is told in one line") {
  const Pictures files;
  files.write("images-idx3", idx({2, 2, 4}, "short"));
  CHECK(files.error() == files.images + ": has 5 bytes behind its header, which tells of 16");
  files.write("images-idx3", idx({2, 0, 4}, ""));
  CHECK(files.error() == files.images + ": its sizes cannot be true: one is 0");
  files.write("images-idx3", idx({50, 70, 1 << 28}, ""));
  CHECK(files.error() == files.images + ": its sizes cannot be true: they tell of 3500 x 268435456 bytes or more");
  files.write("images-idx3", "PNG");
  CHECK(files.error() == files.images + ": is no IDX file of bytes with 3 sizes");
  files.write("images-idx3", idx({1, 2, 4}, "12345678"));
  const std::string labels = files.folder / "t-labels-idx1-ubyte";
  CHECK(files.error() == files.images + ": has 1 pictures, and " + labels + " 2 labels");
  files.write("labels-idx1", idx({1}, "\x0b"));
  CHECK(files.error() == labels + ": label 1 is 11, expected 0 to 9");
}

TEST_CASE("sequences without answers: those of a file are neither needed nor looked at") {
  const Pictures files;
  files.write("labels-idx1", idx({1}, "\x0b"));
  const SequenceFormat format{.inputs = 4, .longest = 2, .classes = 10};
  SequenceReader pictures(files.images, format, 2, Answers::ignored);
  LabelledSequence sequence;
  REQUIRE(pictures.next(sequence));
  CHECK(sequence.answers.empty());
  REQUIRE(pictures.next(sequence));
  CHECK(pictures.where() == files.images + ": picture 2");
  CHECK(sequence.numbers.back() == doctest::Approx(15.0 / 255));
  CHECK_FALSE(pictures.next(sequence));
  CHECK(error_of<std::runtime_error>([&] { SequenceReader(files.images, {.ids = true}, 2, Answers::ignored); }) ==
        files.images + ": has pictures, and the model takes ids");
  CHECK(error_of<std::runtime_error>([&] { SequenceReader(files.images, {.inputs = 9}, 2, Answers::ignored); }) ==
        files.images + ": gives 2 rows of 4 numbers, and the model takes 1 of 9");

  std::string batch(1 + 3 * 1024, '\x7f');
  const std::string cifar = files.folder.write("test_batch.bin", batch).string();
  CHECK(error_of<std::runtime_error>([&] { read_pictures(cifar); }) == cifar + ": label 1 is 127, expected 0 to 9");
  CHECK(read_pictures(cifar, Answers::ignored).count() == 1);

  const std::string lines =
      files.folder.write("s.jsonl", "{\"ids\": [1]}\n{\"ids\": [0], \"answer\": \"?\"}\n{\"ids\": [2]}\n").string();
  SequenceReader rows(lines, {.inputs = 2, .ids = true}, 4, Answers::ignored);
  CHECK(rows.next(sequence));
  CHECK(rows.next(sequence));
  CHECK(sequence.ids == std::vector<int32_t>{0});
  CHECK(error_of<std::runtime_error>([&] { rows.next(sequence); }) == lines + ":3: id 2, expected 0 to 1");
}

TEST_CASE("pictures: CIFAR-10's planes of colours become pixels of three numbers") {
  const ScratchFolder folder;
  std::string record(1 + 3 * 1024, '\0');
  record[0] = 3;
  record[1] = 10, record[1 + 1024] = 20, record[1 + 2048] = 30;  // the first pixel's red, green, blue
  record[2] = 40;
  const std::string file = folder.write("data_batch_1.bin", record + record).string();
  const LabelledPictures pictures = read_pictures(file);
  CHECK(pictures.count() == 2);
  CHECK(picture_format(pictures, 4) == SequenceFormat{.inputs = 48, .longest = 64, .classes = 10});
  CHECK(std::vector<uint8_t>(pictures.pixels.begin(), pictures.pixels.begin() + 4) ==
        std::vector<uint8_t>{10, 20, 30, 40});
  folder.write("data_batch_1.bin", record + "x");
  CHECK(error_of<std::runtime_error>([&] { read_pictures(file); }) ==
        file + ": has 3074 bytes, and a record of CIFAR-10 3073: it is none of its binary batches, or cut off");
}

TEST_CASE("lines of sequences: the format is found, and others are held to it") {
  const ScratchFolder folder;
  const std::string ids =
      folder.write("i.jsonl", "{\"ids\": [3, 1], \"answer\": 2}\n{\"ids\": [0], \"answer\": 0}\n").string();
  CHECK(format_of_file(ids, 4) == SequenceFormat{.inputs = 4, .ids = true, .longest = 2, .classes = 3});
  const std::string rows = folder.write("r.jsonl", "{\"rows\": [[0.5, 1], [0, 2]], \"answers\": [0, 1]}\n").string();
  const SequenceFormat format = format_of_file(rows, 4);
  CHECK(format == SequenceFormat{.inputs = 2, .longest = 2, .read = 2, .classes = 2});
  CHECK(read_labelled_sequences(rows, format, 4)[0].numbers == std::vector<float>{0.5f, 1, 0, 2});
}

TEST_CASE("lines of sequences: what is wrong with a line is told with its number") {
  const SequenceFormat ids{.inputs = 4, .ids = true, .longest = 2, .classes = 3}, rows{.inputs = 2, .longest = 2};
  CHECK(error_of_lines("{\"ids\": [3], \"answer\": 3}\n", ids) == ":1: answer 3, expected 0 to 2");
  CHECK(error_of_lines("{\"ids\": [4], \"answer\": 0}\n", ids) == ":1: id 4, expected 0 to 3");
  CHECK(error_of_lines("{\"ids\": [0], \"answers\": [0, 1]}\n", ids) == ":1: 2 answers, expected 1");
  CHECK(error_of_lines("{\"ids\": [0]}\n", ids) == ":1: 0 answers, expected 1");
  CHECK(error_of_lines("{\"rows\": [[1]], \"answer\": 1}\n", ids) == ":1: has rows, others have ids");
  CHECK(error_of_lines("{\"ids\": [0, 0, 0, 0], \"answer\": 1}\n", ids) ==
        ":1: a sequence of 4 rows, and the body has positions for 3");
  CHECK(error_of_lines("{\"rows\": [[1, 2], [3]], \"answer\": 1}\n", rows) == ":1: rows[1]: has 1 numbers, expected 2");
  CHECK(error_of_lines("\n", rows) == ": has no sequences");
  CHECK(error_of_lines("{\"answer\": 1}\n", rows) == ":1: expected either \"ids\" or \"rows\"");
  CHECK(error_of_look("{\"ids\": [1]}\n") == ":1: has no answer");
  CHECK(error_of_look("{\"ids\": [1], \"answer\": 0, \"answers\": [0]}\n") == ":1: has \"answer\" and \"answers\"");
  CHECK(error_of_look("{\"ids\": [1], \"answers\": [0, 1]}\n") == ":1: 1 rows, of which the last 2 are answered");
}
