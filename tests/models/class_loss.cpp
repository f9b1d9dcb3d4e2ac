// SPDX-License-Identifier: Apache-2.0
// Losses of rows whose classes weigh differently, and of a smoothed truth.
#include "models/class_loss.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "autograd/functions.h"
#include "models/data/class_weights.h"
#include "tests/error_of.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

Variable logits() {
  return Variable::leaf(
      Tensor::from_host(std::vector<double>{1, -2, 0.5, 3, 0, -1}, {3, 2}, Device::open("reference"), DType::f64),
      "logits");
}

double loss_of(const std::vector<int32_t>& classes, const ClassLoss& how) {
  return class_loss(logits(), classes, how).value().to_host<double>()[0];
}

}  // namespace

TEST_CASE("class loss: a mean weighed by what each row's class weighs; even weights change nothing") {
  const std::vector<int32_t> classes{0, 1, 0};
  const double plain = loss_of(classes, {});
  CHECK(loss_of(classes, {{3, 3}, 0}) == doctest::Approx(plain).epsilon(1e-12));
  // Of rows (1, -2), (0.5, 3), (0, -1): log(1 + e^-3), log(1 + e^-2.5), log(1 + e^-1).
  const double a = std::log1p(std::exp(-3)), b = std::log1p(std::exp(-2.5)), c = std::log1p(std::exp(-1));
  CHECK(plain == doctest::Approx((a + b + c) / 3).epsilon(1e-12));
  CHECK(loss_of(classes, {{0.5, 4}, 0}) == doctest::Approx((0.5 * a + 4 * b + 0.5 * c) / 5).epsilon(1e-12));
  CHECK(loss_of({0, -100, 0}, {{0.5, 4}, 0}) == doctest::Approx((a + c) / 2).epsilon(1e-12));
  CHECK(ClassLoss{{0.5, 4}}.terms(classes) == 5);
}

TEST_CASE("class loss: what is smoothed is spread evenly, and weighs as the class that it comes to") {
  // Of each row what its truth costs, and how much more the other class does.
  const double a = std::log1p(std::exp(-3)), b = std::log1p(std::exp(-2.5)), c = std::log1p(std::exp(-1));
  CHECK(loss_of({0, 1, 0}, {{}, 0.2}) == doctest::Approx((a + b + c + 0.1 * (3 + 2.5 + 1)) / 3).epsilon(1e-12));
  const auto row = [](double own, double own_weight, double more, double other_weight) {
    return 0.9 * own_weight * own + 0.1 * other_weight * (own + more);
  };
  CHECK(loss_of({0, 1, 0}, {{1, 5}, 0.2}) ==
        doctest::Approx((row(a, 1, 3, 5) + row(b, 5, 2.5, 1) + row(c, 1, 1, 5)) / 7).epsilon(1e-12));
}

TEST_CASE("class loss: parts of a step add up") {
  const ClassLoss how{{0.5, 4}, 0.1};
  const std::vector<int32_t> classes{0, 1, 0};
  const Variable all = logits();
  const double count = how.terms(classes);
  const double first = class_loss(slice(all, 0, 0, 1), {0}, how, count).value().to_host<double>()[0];
  const double rest = class_loss(slice(all, 0, 1, 3), {1, 0}, how, count).value().to_host<double>()[0];
  CHECK(first + rest == doctest::Approx(loss_of(classes, how)).epsilon(1e-12));
}

TEST_CASE("class weights: balanced ones make all classes weigh alike") {
  CHECK(balanced_weights(std::vector<int64_t>{6, 2, 0}) == std::vector<double>{8.0 / 12, 2, 1});
}

TEST_CASE("class weights: a file names every label once, with a number above 0") {
  const ScratchFolder folder;
  const LabelSet labels(std::vector<std::string>{"a b", "c"});
  const auto error = [&](const std::string& text) {
    const std::string file = folder.write("w.tsv", text).string();
    const std::string message = error_of<std::runtime_error>([&] { read_class_weights(file, labels); });
    return message.substr(message.rfind('/') + 1);
  };
  CHECK(read_class_weights(folder.write("w.tsv", "c\t2.5\n\na b\t1e-1\n"), labels) == std::vector<double>{0.1, 2.5});
  CHECK(error("c\t1\n") == "w.tsv: has no weight for a b");
  CHECK(error("c\t1\nc\t2\n") == "w.tsv:2: \"c\" has a weight already, in line 1");
  CHECK(error("c 1\n") == "w.tsv:1: a label, a tab and its weight were expected, not \"c 1\"");
  CHECK(error("c\t1e38\n") == "w.tsv:1: the weight of \"c\" is \"1e38\": a number from 1e-09 to 1e+09 was expected");
  CHECK(error("c\t1e-38\n").find("a number from 1e-09 to 1e+09 was expected") != std::string::npos);
  CHECK(error("c\t-1\n") == "w.tsv:1: the weight of \"c\" is \"-1\": a number above 0 was expected");
  CHECK(error("c\tnan\n").find("a number above 0") != std::string::npos);
  CHECK(error("d\t1\n").starts_with("w.tsv:1: unknown label \"d\""));
}
