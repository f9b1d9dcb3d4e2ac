// SPDX-License-Identifier: Apache-2.0
// Pillow's resampling (src/libImaging/Resample.c): weights in fixed point, sums in 32 bits.
#include "models/image/resize.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "tensor/check.h"

namespace thaw {
namespace {

// Of 32 bits 8 are the number's, and 2 are left for weights below 0, whose sums leave 0..255.
constexpr int fraction_bits = 32 - 8 - 2;
constexpr int32_t half = 1 << (fraction_bits - 1);

double triangle(double x) { return x < 1 ? 1 - x : 0; }

double cubic(double x) {
  constexpr double a = -0.5;
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

int32_t fixed_point(double weight) {
  return static_cast<int32_t>((weight < 0 ? -0.5 : 0.5) + weight * (1 << fraction_bits));
}

uint8_t rounded(int32_t sum) { return static_cast<uint8_t>(std::clamp(sum >> fraction_bits, 0, 255)); }

// For each number of a resized line: which of the old ones it is the mean of, and with which weights.
struct Windows {
  struct Window {
    int64_t begin, count;
  };
  std::vector<Window> windows;  // neither begins nor ends go down
  std::vector<int32_t> weights;
  int64_t longest = 0;  // at most so many in a window: its weights begin at its number times this

  Windows(int64_t from, int64_t to, PictureFilter filter);
  const int32_t* weights_of(int64_t i) const { return weights.data() + i * longest; }
};

Windows::Windows(int64_t from, int64_t to, PictureFilter filter) {
  const double scale = static_cast<double>(from) / static_cast<double>(to), widened = std::max(scale, 1.0);
  const double reach = (filter == PictureFilter::bilinear ? 1 : 2) * widened;
  longest = 2 * static_cast<int64_t>(std::ceil(reach)) + 1;
  weights.resize(static_cast<size_t>(to * longest));
  std::vector<double> exact(static_cast<size_t>(longest));
  for (int64_t i = 0; i < to; ++i) {
    const double centre = (static_cast<double>(i) + 0.5) * scale;
    const int64_t begin = std::max<int64_t>(static_cast<int64_t>(centre - reach + 0.5), 0);
    const int64_t end = std::min(static_cast<int64_t>(centre + reach + 0.5), from);
    windows.push_back({begin, end - begin});
    double sum = 0;
    for (int64_t j = begin; j < end; ++j) {
      const double x = std::fabs((static_cast<double>(j) - centre + 0.5) * (1 / widened));
      sum += exact[static_cast<size_t>(j - begin)] = filter == PictureFilter::bilinear ? triangle(x) : cubic(x);
    }
    for (int64_t j = 0; j < end - begin; ++j)
      weights[static_cast<size_t>(i * longest + j)] = fixed_point(exact[static_cast<size_t>(j)] / sum);
  }
}

template <size_t channels>
void resize_row(const uint8_t* from, const Windows& columns, uint8_t* to) {
  for (size_t i = 0; i < columns.windows.size(); ++i) {
    const auto [begin, count] = columns.windows[i];
    const int32_t* weights = columns.weights_of(static_cast<int64_t>(i));
    const uint8_t* pixel = from + begin * static_cast<int64_t>(channels);
    int32_t sums[channels];
    std::fill_n(sums, channels, half);
    for (int64_t j = 0; j < count; ++j, pixel += channels)
      for (size_t c = 0; c < channels; ++c) sums[c] += weights[j] * pixel[c];
    to = std::transform(sums, sums + channels, to, rounded);
  }
}

void resize_row(const uint8_t* from, int64_t channels, const Windows& columns, uint8_t* to) {
  if (channels == 1) {
    resize_row<1>(from, columns, to);
  } else {
    resize_row<3>(from, columns, to);
  }
}

// Makes row y of the new height of the rows that row(number) gives, with as many numbers as there are sums.
template <typename Row>
void blend_rows(const Row& row, const Windows& lines, int64_t y, std::vector<int32_t>& sums, uint8_t* to) {
  const auto [begin, count] = lines.windows[static_cast<size_t>(y)];
  std::fill(sums.begin(), sums.end(), half);
  for (int64_t j = 0; j < count; ++j) {
    const uint8_t* from = row(begin + j);
    const int32_t weight = lines.weights_of(y)[j];
    for (size_t i = 0; i < sums.size(); ++i) sums[i] += weight * from[i];
  }
  std::transform(sums.begin(), sums.end(), to, rounded);
}

// Rows of the new width, made when they are asked for, in order; of those the last ones alone are kept.
class ResizedRows {
 public:
  ResizedRows(const Picture& picture, const Windows& columns, int64_t kept)
      : picture_(picture),
        columns_(columns),
        kept_(std::min(kept, picture.height)),
        numbers_(columns.windows.size() * static_cast<size_t>(picture.channels)),
        rows_(numbers_ * static_cast<size_t>(kept_)) {}

  const uint8_t* row(int64_t y) {
    for (; made_ <= y; ++made_) {
      const uint8_t* from = picture_.pixels.data() + made_ * picture_.width * picture_.channels;
      resize_row(from, picture_.channels, columns_, rows_.data() + static_cast<size_t>(made_ % kept_) * numbers_);
    }
    return rows_.data() + static_cast<size_t>(y % kept_) * numbers_;
  }

 private:
  const Picture& picture_;
  const Windows& columns_;
  int64_t kept_;
  size_t numbers_;  // in a row
  std::vector<uint8_t> rows_;
  int64_t made_ = 0;
};

// The order that Pillow has since version 13; before, rows were always first, and some numbers differ by a few.
bool columns_are_first(const Picture& from, int64_t height, int64_t width) {
  const int64_t fewer_rows = from.height - height, fewer_columns = from.width - width;
  return fewer_rows > 0 && fewer_rows > 2 * fewer_columns;
}

}  // namespace

Picture resized(const Picture& picture, int64_t height, int64_t width, PictureFilter filter) {
  check_picture(picture);
  check(height > 0 && width > 0 && height <= max_picture_pixels / width,
        "a picture cannot be resized to {} x {} pixels: 1 to {} are expected", height, width, max_picture_pixels);
  if (height == picture.height && width == picture.width) return picture;
  const Windows lines(picture.height, height, filter), columns(picture.width, width, filter);
  Picture out{height, width, picture.channels, {}};
  out.pixels.resize(static_cast<size_t>(height * width * picture.channels));
  const int64_t from_row = picture.width * picture.channels, to_row = width * picture.channels;
  if (columns_are_first(picture, height, width)) {
    const auto row = [&](int64_t y) { return picture.pixels.data() + y * from_row; };
    std::vector<int32_t> sums(static_cast<size_t>(from_row));
    std::vector<uint8_t> blended(sums.size());
    for (int64_t y = 0; y < height; ++y) {
      blend_rows(row, lines, y, sums, blended.data());
      resize_row(blended.data(), picture.channels, columns, out.pixels.data() + y * to_row);
    }
  } else {
    ResizedRows rows(picture, columns, lines.longest);
    const auto row = [&](int64_t y) { return rows.row(y); };
    std::vector<int32_t> sums(static_cast<size_t>(to_row));
    for (int64_t y = 0; y < height; ++y) blend_rows(row, lines, y, sums, out.pixels.data() + y * to_row);
  }
  return out;
}

}  // namespace thaw
