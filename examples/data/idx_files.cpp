// SPDX-License-Identifier: Apache-2.0
// Headers and bytes.
#include "examples/data/idx_files.h"

#include <string>
#include <vector>

namespace thaw {
namespace {

std::string header(const std::vector<int64_t>& sizes) {
  std::string bytes{'\0', '\0', '\x08', static_cast<char>(sizes.size())};
  for (const int64_t size : sizes)
    for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(size >> shift & 255);
  return bytes;
}

}  // namespace

void add_idx_files(FileSet& files, const std::filesystem::path& folder, const std::string& split,
                   const LabelledPictures& pictures, std::span<const int64_t> which) {
  const auto count = static_cast<int64_t>(which.size());
  std::string images = header({count, pictures.height, pictures.width}), labels = header({count});
  for (const int64_t number : which) {
    const auto begin = pictures.pixels.begin() + number * pictures.numbers();
    images.append(begin, begin + pictures.numbers());
    labels += static_cast<char>(pictures.labels[static_cast<size_t>(number)]);
  }
  // The labels first: whoever finds pictures has them, too.
  files.add(folder / (split + "-labels-idx1-ubyte"), labels);
  files.add(folder / (split + "-images-idx3-ubyte"), images);
}

}  // namespace thaw
