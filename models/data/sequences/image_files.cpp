// SPDX-License-Identifier: Apache-2.0
// Reads headers and bytes.
#include "models/data/sequences/image_files.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "models/data/unpacked_bytes.h"
#include "models/image/patches.h"
#include "tensor/check.h"

namespace thaw {
namespace {

constexpr std::string_view image_part = "images-idx3", label_part = "labels-idx1";
constexpr int64_t most_bytes = int64_t{4} << 30;
constexpr int64_t side_of_cifar = 32, classes_of_cifar = 10;

// The next bytes: `count`, or all that are left.
std::vector<uint8_t> take(UnpackedBytes& source, int64_t count) {
  std::vector<uint8_t> bytes;
  std::array<char, 1 << 16> block;
  while (std::ssize(bytes) < count) {
    const int64_t size = std::min(count - std::ssize(bytes), std::ssize(block));
    const size_t taken = source.read(block.data(), static_cast<size_t>(size));
    if (taken == 0) break;
    bytes.insert(bytes.end(), block.begin(), block.begin() + static_cast<ptrdiff_t>(taken));
  }
  if (source.bad()) fail("{}: cannot be read", source.name());
  return bytes;
}

int64_t big_endian(const std::vector<uint8_t>& bytes, size_t at) {
  return int64_t{bytes[at]} << 24 | int64_t{bytes[at + 1]} << 16 | int64_t{bytes[at + 2]} << 8 | int64_t{bytes[at + 3]};
}

struct IdxFile {
  std::vector<int64_t> sizes;
  std::vector<uint8_t> bytes;  // behind the header
};

// Two zero bytes, the type (8: bytes), the number of sizes, the sizes in four bytes each, and the numbers. No more is
// read than these tell of, however much a packed file holds.
IdxFile read_idx(const std::string& path, size_t dimensions) {
  UnpackedBytes source(path);
  const size_t header = 4 + 4 * dimensions;
  const std::vector<uint8_t> bytes = take(source, static_cast<int64_t>(header));
  if (bytes.size() < header || bytes[0] != 0 || bytes[1] != 0 || bytes[2] != 8 || bytes[3] != dimensions)
    fail("{}: is no IDX file of bytes with {} sizes", path, dimensions);
  IdxFile file;
  int64_t count = 1;
  for (size_t i = 0; i < dimensions; ++i) {
    const int64_t size = file.sizes.emplace_back(big_endian(bytes, 4 + 4 * i));
    if (size == 0) fail("{}: its sizes cannot be true: one is 0", path);
    if (count > most_bytes / size)
      fail("{}: its sizes cannot be true: they tell of {} x {} bytes or more", path, count, size);
    count *= size;
  }
  file.bytes = take(source, count);
  if (std::ssize(file.bytes) < count)
    fail("{}: has {} bytes behind its header, which tells of {}", path, file.bytes.size(), count);
  if (!take(source, 1).empty()) fail("{}: has more bytes behind its header, which tells of {}", path, count);
  return file;
}

LabelledPictures read_idx_pictures(const std::string& path, Answers needed) {
  IdxFile images = read_idx(path, 3);
  LabelledPictures pictures{images.sizes[1], images.sizes[2], 1, 10, std::move(images.bytes), {}};
  if (needed == Answers::ignored) return pictures;
  std::string labels_path = path;
  labels_path.replace(path.rfind(image_part), image_part.size(), label_part);
  IdxFile labels = read_idx(labels_path, 1);
  if (images.sizes[0] != labels.sizes[0])
    fail("{}: has {} pictures, and {} {} labels", path, images.sizes[0], labels_path, labels.sizes[0]);
  pictures.labels = std::move(labels.bytes);
  for (size_t i = 0; i < pictures.labels.size(); ++i)
    if (pictures.labels[i] >= pictures.classes)
      fail("{}: label {} is {}, expected 0 to {}", labels_path, i + 1, pictures.labels[i], pictures.classes - 1);
  return pictures;
}

LabelledPictures read_cifar(const std::string& path, Answers needed) {
  constexpr size_t plane = side_of_cifar * side_of_cifar, record = 1 + 3 * plane;
  UnpackedBytes source(path);
  const std::vector<uint8_t> bytes = take(source, most_bytes + 1);
  if (std::ssize(bytes) > most_bytes) fail("{}: has more than {} bytes", path, most_bytes);
  if (bytes.empty() || bytes.size() % record != 0)
    fail("{}: has {} bytes, and a record of CIFAR-10 {}: it is none of its binary batches, or cut off", path,
         bytes.size(), record);
  LabelledPictures pictures{side_of_cifar, side_of_cifar, 3, classes_of_cifar, {}, {}};
  pictures.pixels.reserve(bytes.size());
  for (size_t at = 0; at < bytes.size(); at += record) {
    if (needed == Answers::needed) {
      if (bytes[at] >= classes_of_cifar)
        fail("{}: label {} is {}, expected 0 to {}", path, at / record + 1, bytes[at], classes_of_cifar - 1);
      pictures.labels.push_back(bytes[at]);
    }
    for (size_t pixel = 0; pixel < plane; ++pixel)
      for (size_t channel = 0; channel < 3; ++channel)
        pictures.pixels.push_back(bytes[at + 1 + channel * plane + pixel]);
  }
  return pictures;
}

std::string without_gz(const std::string& path) {
  return path.ends_with(".gz") ? path.substr(0, path.size() - 3) : path;
}

bool is_idx(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  return name.find(image_part) != std::string::npos;
}

}  // namespace

bool names_pictures(const std::string& path) { return is_idx(path) || without_gz(path).ends_with(".bin"); }

LabelledPictures read_pictures(const std::string& path, Answers labels) {
  return is_idx(path) ? read_idx_pictures(path, labels) : read_cifar(path, labels);
}

SequenceFormat picture_format(const LabelledPictures& p, int64_t patch) {
  check(p.height % patch == 0 && p.width % patch == 0, "pictures of {} x {} cannot be cut into patches of {} x {}",
        p.height, p.width, patch, patch);
  return {
      .inputs = patch * patch * p.channels, .longest = (p.height / patch) * (p.width / patch), .classes = p.classes};
}

LabelledSequence picture_sequence(const LabelledPictures& p, int64_t number, int64_t patch) {
  LabelledSequence sequence;
  if (!p.labels.empty()) sequence.answers = {p.labels[static_cast<size_t>(number)]};
  const auto first = p.pixels.begin() + number * p.numbers();
  std::vector<float> pixels;
  std::transform(first, first + p.numbers(), std::back_inserter(pixels),
                 [](uint8_t value) { return static_cast<float>(value) / 255; });
  const int64_t row = p.width * p.channels;
  // A pixel's channels lie side by side, in a patch as in the file.
  sequence.numbers =
      patch_numbers({.numbers = pixels,
                     .channels = {.size = 1},
                     .axes = {{.size = p.height, .step = row, .kernel = patch, .stride = patch},
                              {.size = p.width, .step = p.channels, .kernel = patch, .stride = patch},
                              {.size = p.channels, .step = 1, .kernel = p.channels, .stride = p.channels}}});
  return sequence;
}

}  // namespace thaw
