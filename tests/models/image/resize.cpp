// SPDX-License-Identifier: Apache-2.0
// Other sizes of pictures, beside the same sums in double precision, and what must hold of any.
#include "models/image/resize.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "tensor/random_key.h"
#include "tests/error_of.h"

using namespace thaw;

namespace {

constexpr PictureFilter filters[] = {PictureFilter::bilinear, PictureFilter::bicubic};

Picture random_picture(int64_t height, int64_t width, int64_t channels, uint64_t seed) {
  Picture picture{height, width, channels, {}};
  for (int64_t i = 0; i < height * width * channels; ++i)
    picture.pixels.push_back(static_cast<uint8_t>(random_words({seed, 5}, static_cast<uint64_t>(i))[0] >> 24));
  return picture;
}

double filter_at(double x, PictureFilter filter) {
  x = std::fabs(x);
  if (filter == PictureFilter::bilinear) return std::max(0.0, 1 - x);
  if (x < 1) return 1.5 * x * x * x - 2.5 * x * x + 1;
  return x < 2 ? -.5 * x * x * x + 2.5 * x * x - 4 * x + 2 : 0;
}

// One line, all of the old numbers weighted.
std::vector<double> line(const std::vector<double>& from, int64_t to, PictureFilter filter) {
  const double scale = static_cast<double>(from.size()) / static_cast<double>(to), wide = std::max(1.0, scale);
  std::vector<double> out;
  for (int64_t i = 0; i < to; ++i) {
    double sum = 0, weights = 0;
    for (size_t j = 0; j < from.size(); ++j) {
      const double x = static_cast<double>(j) + .5 - (static_cast<double>(i) + .5) * scale;
      const double weight = filter_at(x / wide, filter);
      sum += weight * from[j];
      weights += weight;
    }
    out.push_back(std::clamp(sum / weights, 0.0, 255.0));
  }
  return out;
}

// The largest difference to rows and columns resized in double precision, without roundings between.
double largest_difference(const Picture& from, const Picture& to, PictureFilter filter) {
  double largest = 0;
  for (int64_t c = 0; c < from.channels; ++c) {
    std::vector<std::vector<double>> rows;
    for (int64_t y = 0; y < from.height; ++y) {
      std::vector<double> row;
      for (int64_t x = 0; x < from.width; ++x)
        row.push_back(from.pixels[static_cast<size_t>((y * from.width + x) * from.channels + c)]);
      rows.push_back(line(row, to.width, filter));
    }
    for (int64_t x = 0; x < to.width; ++x) {
      std::vector<double> column;
      for (const auto& row : rows) column.push_back(row[static_cast<size_t>(x)]);
      column = line(column, to.height, filter);
      for (int64_t y = 0; y < to.height; ++y)
        largest = std::max(largest, std::fabs(column[static_cast<size_t>(y)] -
                                              to.pixels[static_cast<size_t>((y * to.width + x) * to.channels + c)]));
    }
  }
  return largest;
}

Picture transposed(const Picture& from) {
  Picture to{from.width, from.height, from.channels, {}};
  for (int64_t x = 0; x < from.width; ++x)
    for (int64_t y = 0; y < from.height; ++y)
      for (int64_t c = 0; c < from.channels; ++c)
        to.pixels.push_back(from.pixels[static_cast<size_t>((y * from.width + x) * from.channels + c)]);
  return to;
}

}  // namespace

TEST_CASE("resize: within rounding of the sums in double precision") {
  struct Sizes {
    int64_t height, width, to_height, to_width;
  };
  uint64_t seed = 0;
  for (const Sizes& s : {Sizes{13, 17, 5, 9}, Sizes{13, 17, 29, 40}, Sizes{1, 30, 4, 7}, Sizes{30, 1, 7, 4},
                         Sizes{40, 6, 3, 5}, Sizes{6, 40, 5, 3}, Sizes{2, 2, 1, 1}, Sizes{1, 1, 9, 8},
                         Sizes{50, 3, 2, 12}, Sizes{9, 9, 9, 4}, Sizes{9, 9, 4, 9}})
    for (const PictureFilter filter : filters)
      for (const int64_t channels : {1, 3}) {
        INFO(s.height << " x " << s.width << " to " << s.to_height << " x " << s.to_width);
        const Picture from = random_picture(s.height, s.width, channels, ++seed);
        const Picture to = resized(from, s.to_height, s.to_width, filter);
        check_picture(to);
        // columns first where the picture loses more than twice as many rows
        const bool columns_first = s.height > s.to_height && s.height - s.to_height > 2 * (s.width - s.to_width);
        // half a unit of each pass; a cubic's weights, without their signs, add up to 1.4 at most
        CHECK((columns_first
                   ? largest_difference(transposed(from), transposed(to), filter)
                   : largest_difference(from, to, filter)) < (filter == PictureFilter::bilinear ? 1.01 : 1.21));
      }
}

TEST_CASE("resize: even pictures stay even, the same size is the same picture") {
  for (const PictureFilter filter : filters) {
    const Picture picture = random_picture(11, 7, 3, 1);
    CHECK(resized(picture, 11, 7, filter) == picture);
    for (const uint8_t value : {0, 1, 127, 254, 255}) {
      const Picture even{11, 7, 1, std::vector<uint8_t>(77, value)};
      for (const int64_t size : {1, 3, 20})
        CHECK(resized(even, size, size + 2, filter).pixels ==
              std::vector<uint8_t>(static_cast<size_t>(size * (size + 2)), value));
    }
  }
}

TEST_CASE("resize: channels know nothing of each other, overshoots are cut at 0 and 255") {
  const Picture grey = random_picture(12, 9, 1, 2);
  for (const PictureFilter filter : filters)
    for (const int64_t height : {3, 20})  // columns first, rows first
      CHECK(resized(as_rgb(grey), height, 8, filter) == as_rgb(resized(grey, height, 8, filter)));
  const Picture edge{1, 4, 1, {0, 0, 255, 255}};
  const Picture wide = resized(edge, 1, 16, PictureFilter::bicubic);
  CHECK(wide.pixels.front() == 0);
  CHECK(wide.pixels.back() == 255);
  CHECK(std::is_sorted(wide.pixels.begin(), wide.pixels.end()));
}

TEST_CASE("resize: what is no size") {
  const Picture picture = random_picture(2, 2, 1, 3);
  for (const int64_t size : {int64_t{0}, int64_t{-1}, max_picture_pixels})
    CHECK(error_of([&] {
            resized(picture, size, 2, PictureFilter::bilinear);
          }).starts_with("a picture cannot be resized to"));
  CHECK_THROWS_AS(resized({2, 2, 2, std::vector<uint8_t>(8)}, 1, 1, PictureFilter::bilinear), std::invalid_argument);
}
