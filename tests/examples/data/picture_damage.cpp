// SPDX-License-Identifier: Apache-2.0
// Each kind of damage by its formula; that levels grow, and the same seed gives the same picture.
#include "examples/data/picture_damage.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>
#include <vector>

#include "tensor/random_key.h"
#include "tests/error_of.h"

using namespace thaw;

namespace {

// 16 x 16 pixels: squares of random colours of 4 x 4, as pictures of things have edges and plain parts.
Picture patchwork() {
  Picture picture{.height = 16, .width = 16};
  for (uint64_t y = 0; y < 16; ++y)
    for (uint64_t x = 0; x < 16; ++x)
      for (uint64_t channel = 0; channel < 3; ++channel)
        picture.pixels.push_back(static_cast<uint8_t>(random_words({7, channel}, y / 4 * 4 + x / 4)[0] % 256));
  return picture;
}

Picture plain(uint8_t red, uint8_t green, uint8_t blue) {
  Picture picture{.height = 8, .width = 8};
  for (int pixel = 0; pixel < 64; ++pixel) picture.pixels.insert(picture.pixels.end(), {red, green, blue});
  return picture;
}

// The mean distance of numbers.
double distance(const Picture& a, const Picture& b) {
  double sum = 0;
  for (size_t i = 0; i < a.pixels.size(); ++i) sum += std::abs(int{a.pixels[i]} - int{b.pixels[i]});
  return sum / static_cast<double>(a.pixels.size());
}

double mean(const Picture& picture) {
  double sum = 0;
  for (const uint8_t number : picture.pixels) sum += number;
  return sum / static_cast<double>(picture.pixels.size());
}

}  // namespace

TEST_CASE("picture damage: every kind grows by its level, and is the same for the same seed") {
  const Picture whole = patchwork();
  for (size_t kind = 0; kind < damage_names.size(); ++kind) {
    const auto damage = static_cast<Damage>(kind);
    INFO(std::string(damage_names[kind]));
    CHECK(damaged(whole, damage, 0, 1) == whole);
    double before = 0;
    for (int level = 1; level <= most_damage; ++level) {
      INFO(level);
      const Picture result = damaged(whole, damage, level, 4);
      CHECK(result.height == 16);
      CHECK(result.width == 16);
      CHECK(result == damaged(whole, damage, level, 4));
      CHECK(distance(result, whole) > before);
      before = distance(result, whole);
    }
  }
  CHECK(damaged(whole, Damage::noise, 2, 1) != damaged(whole, Damage::noise, 2, 2));
  CHECK(damaged(whole, Damage::tilt, 2, 1) != damaged(whole, Damage::tilt, 2, 2));
  CHECK(error_of([&] { damaged(whole, Damage::blur, 5, 1); }) == "there is no damage of level 5");
  CHECK(error_of([] {
          damaged({8, 8, 1, std::vector<uint8_t>(64)}, Damage::blur, 1, 1);
        }) == "pictures of three channels are damaged, not of 1");
}

TEST_CASE("picture damage: a point is blurred into a Gaussian, and nothing is lost but at edges") {
  Picture point{.height = 15, .width = 15, .channels = 1, .pixels = std::vector<uint8_t>(225)};
  point.pixels[7 * 15 + 7] = 255;
  const double deviation = 1.2;
  const Picture result = blurred(point, deviation);
  const auto expected = [&](int down, int right) {
    return 255 * std::exp(-(down * down + right * right) / (2 * deviation * deviation)) /
           (2 * 3.14159265 * deviation * deviation);
  };
  for (const auto& [down, right] : {std::pair{0, 0}, {1, 0}, {0, 1}, {1, 1}, {2, 1}})
    CHECK(std::abs(result.pixels[static_cast<size_t>((7 + down) * 15 + 7 + right)] - expected(down, right)) < 1.5);
  CHECK(blurred(plain(9, 99, 200), 2) == plain(9, 99, 200));
}

TEST_CASE("picture damage: noise has the mean and the deviation that it should have") {
  Picture grey{.height = 64, .width = 64, .channels = 1, .pixels = std::vector<uint8_t>(4096, 128)};
  const Picture result = noisy(grey, 20, 3);
  double squares = 0;
  for (const uint8_t number : result.pixels) squares += (number - 128.0) * (number - 128.0);
  CHECK(mean(result) == doctest::Approx(128).epsilon(0.01));
  CHECK(std::sqrt(squares / 4096) == doctest::Approx(20).epsilon(0.05));
}

TEST_CASE("picture damage: blocks keep what their cosines tell, coarsely") {
  CHECK(blocky(patchwork(), 1e-3) == patchwork());
  // A plain block has but its mean, times 8: 100 is 800, rounded to 790 = 10 x 79 or 800.
  CHECK(blocky(plain(100, 100, 100), 30).pixels[0] == 101);  // 810 / 8
  CHECK(error_of([] { blocky({9, 8, 1, std::vector<uint8_t>(72)}, 1); }) == "9 x 8 pixels are no blocks of 8 x 8");
}

TEST_CASE("picture damage: contrast, saturation, values") {
  const Picture whole = patchwork();
  CHECK(flattened(whole, 1) == whole);
  CHECK(mean(flattened(whole, 0)) == doctest::Approx(mean(whole)).epsilon(0.01));
  const Picture flat = flattened(whole, 0);
  CHECK(std::set<uint8_t>(flat.pixels.begin(), flat.pixels.end()).size() == 1);
  CHECK(greyed(plain(255, 0, 0), 0) == plain(76, 76, 76));
  CHECK(greyed(plain(255, 0, 0), 0.5) == plain(166, 38, 38));
  CHECK(greyed(plain(9, 9, 9), 0.3) == plain(9, 9, 9));
  const Picture two = posterised(whole, 2);
  CHECK(std::set<uint8_t>(two.pixels.begin(), two.pixels.end()) == std::set<uint8_t>{0, 255});
  CHECK(posterised(plain(10, 100, 240), 4) == plain(0, 85, 255));
}

TEST_CASE("picture damage: what is rescaled or tilted keeps its size, and tilted corners are white") {
  CHECK(rescaled(plain(1, 2, 3), 3) == plain(1, 2, 3));
  CHECK(tilted(patchwork(), 0) == patchwork());
  // A quarter turn against the clock: the upper right corner comes to the upper left.
  Picture corner = plain(255, 255, 255);
  std::fill_n(corner.pixels.begin() + 3 * 7, 3, 0);
  Picture turned = plain(255, 255, 255);
  std::fill_n(turned.pixels.begin(), 3, 0);
  CHECK(tilted(corner, 90) == turned);
  CHECK(tilted(plain(0, 0, 0), 45).pixels[0] == 255);
}

TEST_CASE("picture damage: sharpness is the variance of the Laplacian") {
  Picture picture{.height = 3, .width = 4, .channels = 1, .pixels = std::vector<uint8_t>(12)};
  picture.pixels[5] = 10;  // inner pixels: 40 and -10
  CHECK(laplacian_variance(picture) == doctest::Approx(625));
  CHECK(laplacian_variance(plain(5, 50, 7)) == doctest::Approx(0));
  CHECK(laplacian_variance({2, 2, 1, {1, 2, 3, 4}}) == 0);
  CHECK(laplacian_variance(blurred(patchwork(), 1)) < laplacian_variance(patchwork()));
  CHECK(laplacian_variance(noisy(patchwork(), 30, 1)) > laplacian_variance(patchwork()));
}
