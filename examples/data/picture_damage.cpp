// SPDX-License-Identifier: Apache-2.0
// Formulas of damage, pixel by pixel.
#include "examples/data/picture_damage.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include "models/image/resize.h"
#include "tensor/check.h"
#include "tensor/random_key.h"

namespace thaw {
namespace {

constexpr int64_t block = 8;

uint8_t rounded(double number) { return static_cast<uint8_t>(std::lround(std::clamp(number, 0.0, 255.0))); }

size_t place(const Picture& picture, int64_t y, int64_t x, int64_t channel) {
  return static_cast<size_t>((y * picture.width + x) * picture.channels + channel);
}

double grey(const Picture& picture, int64_t y, int64_t x) {
  const auto at = [&](int64_t channel) { return static_cast<double>(picture.pixels[place(picture, y, x, channel)]); };
  return picture.channels == 1 ? at(0) : 0.299 * at(0) + 0.587 * at(1) + 0.114 * at(2);
}

// The picture with each number as f(y, x, channel) says.
template <typename F>
Picture mapped(const Picture& picture, const F& f) {
  Picture result = picture;
  for (int64_t y = 0; y < picture.height; ++y)
    for (int64_t x = 0; x < picture.width; ++x)
      for (int64_t channel = 0; channel < picture.channels; ++channel)
        result.pixels[place(picture, y, x, channel)] = rounded(f(y, x, channel));
  return result;
}

// Numbers along one axis, blurred; those beyond an end are the end's.
void blur_line(std::vector<double>& line, const std::vector<double>& weights) {
  const auto reach = std::ssize(weights) / 2, last = std::ssize(line) - 1;
  const std::vector<double> before = line;
  for (ptrdiff_t i = 0; i <= last; ++i) {
    double sum = 0;
    for (ptrdiff_t k = -reach; k <= reach; ++k)
      sum +=
          weights[static_cast<size_t>(k + reach)] * before[static_cast<size_t>(std::clamp<ptrdiff_t>(i + k, 0, last))];
    line[static_cast<size_t>(i)] = sum;
  }
}

std::vector<double> gaussian(double deviation) {
  const auto reach = static_cast<int>(std::ceil(3 * deviation));
  std::vector<double> weights;
  double sum = 0;
  for (int k = -reach; k <= reach; ++k) sum += weights.emplace_back(std::exp(-k * k / (2 * deviation * deviation)));
  for (double& weight : weights) weight /= sum;
  return weights;
}

// cosines[u][x]: the orthonormal basis of the discrete cosine transform (DCT-II) of 8 numbers.
using Basis = std::array<std::array<double, block>, block>;
const Basis& cosines() {
  static const Basis basis = [] {
    Basis made{};
    for (size_t u = 0; u < block; ++u)
      for (size_t x = 0; x < block; ++x)
        made[u][x] = (u == 0 ? std::sqrt(1.0 / block) : std::sqrt(2.0 / block)) *
                     std::cos(static_cast<double>((2 * x + 1) * u) * std::numbers::pi / (2.0 * block));
    return made;
  }();
  return basis;
}

// Both axes of a block by the basis, or back by its transpose.
Basis transformed(const Basis& numbers, bool back) {
  const Basis& c = cosines();
  const auto weight = [&](size_t to, size_t from) { return back ? c[from][to] : c[to][from]; };
  Basis rows{}, all{};
  for (size_t y = 0; y < block; ++y)
    for (size_t u = 0; u < block; ++u)
      for (size_t x = 0; x < block; ++x) rows[y][u] += weight(u, x) * numbers[y][x];
  for (size_t v = 0; v < block; ++v)
    for (size_t u = 0; u < block; ++u)
      for (size_t y = 0; y < block; ++y) all[v][u] += weight(v, y) * rows[y][u];
  return all;
}

}  // namespace

Picture blurred(const Picture& picture, double deviation) {
  const std::vector<double> weights = gaussian(deviation);
  std::vector<double> numbers(picture.pixels.begin(), picture.pixels.end());
  const auto along = [&](int64_t lines, int64_t length, const auto& place_of) {
    for (int64_t at = 0; at < lines; ++at)
      for (int64_t channel = 0; channel < picture.channels; ++channel) {
        std::vector<double> line;
        for (int64_t i = 0; i < length; ++i) line.push_back(numbers[place_of(at, i, channel)]);
        blur_line(line, weights);
        for (int64_t i = 0; i < length; ++i) numbers[place_of(at, i, channel)] = line[static_cast<size_t>(i)];
      }
  };
  along(picture.height, picture.width, [&](int64_t y, int64_t x, int64_t c) { return place(picture, y, x, c); });
  along(picture.width, picture.height, [&](int64_t x, int64_t y, int64_t c) { return place(picture, y, x, c); });
  return mapped(picture, [&](int64_t y, int64_t x, int64_t c) { return numbers[place(picture, y, x, c)]; });
}

Picture noisy(const Picture& picture, double deviation, uint64_t seed) {
  return mapped(picture, [&](int64_t y, int64_t x, int64_t channel) {
    const size_t at = place(picture, y, x, channel);
    double sum = -6;
    for (uint64_t part = 0; part < 3; ++part)
      for (const uint32_t word : random_words({seed, 0}, 3 * at + part)) sum += word * 0x1p-32;
    return picture.pixels[at] + deviation * sum;
  });
}

Picture blocky(const Picture& picture, double step) {
  check(picture.height % block == 0 && picture.width % block == 0, "{} x {} pixels are no blocks of 8 x 8",
        picture.height, picture.width);
  Picture result = picture;
  for (int64_t top = 0; top < picture.height; top += block)
    for (int64_t left = 0; left < picture.width; left += block)
      for (int64_t channel = 0; channel < picture.channels; ++channel) {
        const auto at = [&](size_t y, size_t x) {
          return place(picture, top + static_cast<int64_t>(y), left + static_cast<int64_t>(x), channel);
        };
        Basis numbers{};
        for (size_t y = 0; y < block; ++y)
          for (size_t x = 0; x < block; ++x) numbers[y][x] = picture.pixels[at(y, x)];
        Basis coefficients = transformed(numbers, false);
        for (size_t v = 0; v < block; ++v)
          for (size_t u = 0; u < block; ++u) {
            const double own = step * static_cast<double>(1 + u + v);
            coefficients[v][u] = own * std::round(coefficients[v][u] / own);
          }
        numbers = transformed(coefficients, true);
        for (size_t y = 0; y < block; ++y)
          for (size_t x = 0; x < block; ++x) result.pixels[at(y, x)] = rounded(numbers[y][x]);
      }
  return result;
}

Picture flattened(const Picture& picture, double share) {
  double mean = 0;
  for (const uint8_t number : picture.pixels) mean += number;
  mean /= static_cast<double>(picture.pixels.size());
  return mapped(picture, [&](int64_t y, int64_t x, int64_t channel) {
    return mean + share * (picture.pixels[place(picture, y, x, channel)] - mean);
  });
}

Picture greyed(const Picture& picture, double share) {
  return mapped(picture, [&](int64_t y, int64_t x, int64_t channel) {
    const double own_grey = grey(picture, y, x);
    return own_grey + share * (picture.pixels[place(picture, y, x, channel)] - own_grey);
  });
}

Picture posterised(const Picture& picture, int values) {
  const double step = 255.0 / (values - 1);
  return mapped(picture, [&](int64_t y, int64_t x, int64_t channel) {
    return step * std::round(picture.pixels[place(picture, y, x, channel)] / step);
  });
}

Picture rescaled(const Picture& picture, double divisor) {
  const auto smaller = [&](int64_t side) {
    return std::max<int64_t>(1, std::llround(static_cast<double>(side) / divisor));
  };
  const Picture small = resized(picture, smaller(picture.height), smaller(picture.width), PictureFilter::bilinear);
  return resized(small, picture.height, picture.width, PictureFilter::bicubic);
}

Picture tilted(const Picture& picture, double degrees) {
  const double angle = degrees * std::numbers::pi / 180, sine = std::sin(angle), cosine = std::cos(angle);
  const double middle_y = static_cast<double>(picture.height - 1) / 2;
  const double middle_x = static_cast<double>(picture.width - 1) / 2;
  const auto number = [&](int64_t y, int64_t x, int64_t channel) -> double {
    const bool inside = y >= 0 && x >= 0 && y < picture.height && x < picture.width;
    return inside ? picture.pixels[place(picture, y, x, channel)] : 255;
  };
  return mapped(picture, [&](int64_t y, int64_t x, int64_t channel) {
    const double down = static_cast<double>(y) - middle_y, right = static_cast<double>(x) - middle_x;
    const double from_y = middle_y + sine * right + cosine * down, from_x = middle_x + cosine * right - sine * down;
    const double floor_y = std::floor(from_y), floor_x = std::floor(from_x);
    const double share_y = from_y - floor_y, share_x = from_x - floor_x;
    const auto top = static_cast<int64_t>(floor_y), left = static_cast<int64_t>(floor_x);
    return (1 - share_y) * ((1 - share_x) * number(top, left, channel) + share_x * number(top, left + 1, channel)) +
           share_y * ((1 - share_x) * number(top + 1, left, channel) + share_x * number(top + 1, left + 1, channel));
  });
}

Picture damaged(const Picture& picture, Damage damage, int level, uint64_t seed) {
  check(level >= 0 && level <= most_damage, "there is no damage of level {}", level);
  check(picture.channels == 3, "pictures of three channels are damaged, not of {}", picture.channels);
  if (level == 0) return picture;
  const auto of_level = [&](const std::array<double, most_damage>& degrees) {
    return degrees[static_cast<size_t>(level) - 1];
  };
  switch (damage) {
    case Damage::blur: return blurred(picture, of_level({0.6, 1, 1.6, 2.5}));
    case Damage::noise: return noisy(picture, of_level({8, 16, 32, 64}), seed);
    case Damage::blocks: return blocky(picture, of_level({6, 12, 24, 48}));
    case Damage::contrast: return flattened(picture, of_level({0.75, 0.55, 0.35, 0.2}));
    case Damage::saturation: return greyed(picture, of_level({0.7, 0.45, 0.2, 0}));
    case Damage::posterising: return posterised(picture, static_cast<int>(of_level({16, 8, 4, 2})));
    case Damage::scaling: return rescaled(picture, of_level({1.5, 2, 3, 5}));
    case Damage::tilt: return tilted(picture, (seed % 2 == 0 ? 1 : -1) * of_level({4, 9, 16, 25}));
  }
  return picture;
}

double laplacian_variance(const Picture& picture) {
  double sum = 0, squares = 0, count = 0;
  for (int64_t y = 1; y + 1 < picture.height; ++y)
    for (int64_t x = 1; x + 1 < picture.width; ++x) {
      const double number = 4 * grey(picture, y, x) - grey(picture, y - 1, x) - grey(picture, y + 1, x) -
                            grey(picture, y, x - 1) - grey(picture, y, x + 1);
      sum += number;
      squares += number * number;
      ++count;
    }
  return count > 0 ? squares / count - sum / count * (sum / count) : 0;
}

}  // namespace thaw
