// SPDX-License-Identifier: Apache-2.0
// Initial values: their distribution, and that seed and name alone decide them.
#include "nn/init.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "nn/scope.h"
#include "tensor/io/safetensors.h"
#include "tests/error_of.h"
#include "tests/goldens.h"

using namespace thaw;

namespace {

struct Moments {
  double mean = 0, deviation = 0, kurtosis = 0;
};
Moments moments(const std::vector<float>& x) {
  Moments m;
  const auto n = static_cast<double>(x.size());
  for (const float v : x) m.mean += v / n;
  double second = 0, fourth = 0;
  for (const float v : x) {
    second += std::pow(v - m.mean, 2) / n;
    fourth += std::pow(v - m.mean, 4) / n;
  }
  m.deviation = std::sqrt(second);
  m.kurtosis = fourth / (second * second);
  return m;
}

}  // namespace

TEST_CASE("init: normal numbers have the moments and quantiles of the normal distribution") {
  std::vector<float> x = Init::normal(0.02, 0.5).values({500, 400}, 1, "a");
  const Moments m = moments(x);
  CHECK(m.mean == doctest::Approx(0.5).epsilon(0.001));
  CHECK(m.deviation == doctest::Approx(0.02).epsilon(0.01));
  CHECK(m.kurtosis == doctest::Approx(3).epsilon(0.03));
  std::sort(x.begin(), x.end());
  // Quantiles .00135, .15866, .5, .84134, .99865 lie at -3, -1, 0, 1, 3 deviations.
  const double shares[] = {0.0013499, 0.1586553, 0.5, 0.8413447, 0.9986501};
  const double at[] = {-3, -1, 0, 1, 3};
  for (size_t i = 0; i < 5; ++i)
    CHECK((x[static_cast<size_t>(shares[i] * static_cast<double>(x.size()))] - 0.5) / 0.02 ==
          doctest::Approx(at[i]).epsilon(0.04).scale(1));
}

TEST_CASE("init: uniform numbers fill their interval") {
  const std::vector<float> x = Init::uniform(-2, 1).values({300, 300}, 1, "a");
  CHECK(*std::min_element(x.begin(), x.end()) >= -2);
  CHECK(*std::min_element(x.begin(), x.end()) < -1.999);
  CHECK(*std::max_element(x.begin(), x.end()) < 1.0001);
  CHECK(moments(x).mean == doctest::Approx(-0.5).epsilon(0.01));
  CHECK(moments(x).deviation == doctest::Approx(3 / std::sqrt(12.0)).epsilon(0.01));

  const std::vector<float> k = Init::kaiming_uniform(std::sqrt(1.0 / 3)).values({100, 16}, 1, "a");
  CHECK(*std::max_element(k.begin(), k.end()) <= 0.25f);  // 1 / sqrt(fan_in)
  CHECK(*std::max_element(k.begin(), k.end()) > 0.24f);
}

TEST_CASE("init: sinusoids are sines beside cosines, of wavelengths up to 10,000 times the shortest") {
  const std::vector<float> x = Init::sinusoids().values({7, 6}, 1, "positions");
  for (size_t p = 0; p < 7; ++p)
    for (size_t i = 0; i < 3; ++i) {
      const double angle = static_cast<double>(p) / (i == 0 ? 1 : i == 1 ? 100 : 10'000);
      CHECK(x[p * 6 + i] == doctest::Approx(std::sin(angle)).epsilon(1e-6));
      CHECK(x[p * 6 + 3 + i] == doctest::Approx(std::cos(angle)).epsilon(1e-6));
    }
  for (const Shape& shape : {Shape{4, 5}, Shape{4, 2}, Shape{4}})
    CHECK(error_of([&] {
            Init::sinusoids().values(shape, 1, "positions");
          }).ends_with("sinusoids are for tables [n, C], C even and 4 or more"));
}

TEST_CASE("init: sinusoids are those of the reference's Whisper") {
  if (!has_golden("pieces2")) return;
  const SafetensorsFile golden((golden_dir() / "pieces2/expected.safetensors").string());
  int64_t tables = 0;
  for (const SafetensorsEntry& entry : golden.entries()) {
    if (!entry.name.starts_with("whisper.sinusoids.")) continue;
    INFO(entry.name);
    ++tables;
    REQUIRE(entry.thaw_dtype() == DType::f32);
    const std::vector<float> expected =
        Tensor::from_bytes(entry.bytes, Shape(entry.shape), DType::f32, Device::open("reference")).to_host<float>();
    const std::vector<float> got = Init::sinusoids().values(Shape(entry.shape), 1, "positions");
    REQUIRE(got.size() == expected.size());
    for (size_t i = 0; i < got.size(); ++i) CHECK(std::abs(got[i] - expected[i]) <= 1e-5F);
  }
  if (tables == 0) MESSAGE("skipped: this golden has no tables of sinusoids");
}

TEST_CASE("init: orthogonal matrices are") {
  for (const Shape& shape : {Shape{5, 9}, Shape{9, 5}, Shape{6, 6}}) {
    CAPTURE(shape.to_string());
    const std::vector<float> x = Init::orthogonal(2).values(shape, 3, "w");
    const int64_t rows = shape[0], columns = shape[1], n = std::min(rows, columns);
    for (int64_t i = 0; i < n; ++i)
      for (int64_t j = 0; j < n; ++j) {
        double dot = 0;
        for (int64_t k = 0; k < std::max(rows, columns); ++k) {
          const auto at = [&](int64_t a) {
            return x[static_cast<size_t>(rows <= columns ? a * columns + k : k * columns + a)];
          };
          dot += static_cast<double>(at(i)) * at(j);
        }
        CHECK(dot == doctest::Approx(i == j ? 4 : 0).epsilon(1e-6).scale(1));
      }
  }
  CHECK_THROWS_WITH_AS(Init::orthogonal().values({3}, 1, "w"), "w [3]: orthogonal is for matrices",
                       std::invalid_argument);
}

TEST_CASE("init: seed and name decide, not the order of construction") {
  const Init init = Init::normal(1);
  CHECK(init.values({50}, 1, "a") == init.values({50}, 1, "a"));
  CHECK(init.values({50}, 1, "a") != init.values({50}, 1, "b"));
  CHECK(init.values({50}, 1, "a") != init.values({50}, 2, "a"));
  const std::vector<float> longer = init.values({53}, 1, "a");
  CHECK(std::equal(longer.begin(), longer.begin() + 50, init.values({50}, 1, "a").begin()));

  const Device device = Device::from_environment();
  ParameterStore forward(device, DType::f32, 7), backward(device, DType::f32, 7);
  forward.parameter("a", {3, 3}, init), forward.parameter("b", {3, 3}, init);
  backward.parameter("b", {3, 3}, init), backward.parameter("a", {3, 3}, init);
  for (const char* name : {"a", "b"})
    CHECK(forward.find(name).value().to_host<float>() == backward.find(name).value().to_host<float>());
}

TEST_CASE("parameters: a name is one parameter, shared where that is said; a source comes first") {
  struct Source : TensorSource {
    std::optional<Tensor> load(const std::string& name, const Shape& shape, DType dtype, Device device) override {
      if (name != "m.known") return {};
      return Tensor::full(shape, 5, dtype, device);
    }
  } source;
  ParameterStore store(Device::from_environment());
  store.set_source(&source);
  const Scope s = Scope(store) / "m" / "";
  const Parameter known = s.parameter("known", {2}, Init::zeros());
  CHECK(known.value().to_host<float>() == std::vector<float>{5, 5});
  CHECK(s.shared("known", {2}).same(known));
  CHECK_THROWS_WITH_AS(s.shared("known", {3}), "m.known: asked for as [3], but it is [2]", std::invalid_argument);
  CHECK_THROWS_WITH_AS(s.parameter("known", {2}, Init::ones()),
                       "m.known: there is a parameter of that name; modules share one by Scope::shared",
                       std::invalid_argument);
  s.parameter("other", {1}, Init::ones());
  CHECK(store.initialised() == std::vector<std::string>{"m.other"});
  CHECK_FALSE(store.find("m.none").defined());
}
