// SPDX-License-Identifier: Apache-2.0
// Adapters in weights: the model computes the same without them, and the base comes back.
#include "nn/change/merge.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "autograd/compressed_weight.h"
#include "nn/adapters.h"
#include "nn/change/applied_change.h"
#include "tests/error_of.h"
#include "tests/nn/change/small_products.h"

using namespace thaw;

namespace {

// LoRA and factors on both layouts.
ModelChange mergeable(bool magnitudes) {
  ModelChange change;
  change.products["first"].low_rank = low_rank(4, 5, magnitudes);
  change.products["first"].scaling = ModelChange::Scaling{true, host_numbers({1, 4}, "in")};
  change.products["second"].low_rank = low_rank(5, 4, magnitudes);
  change.products["second"].scaling = ModelChange::Scaling{false, host_numbers({4, 1}, "out")};
  return change;
}

void check_close(const std::vector<float>& got, const std::vector<float>& expected) {
  REQUIRE(got.size() == expected.size());
  float worst = 0, largest = 0;
  for (size_t i = 0; i < got.size(); ++i) {
    worst = std::max(worst, std::abs(got[i] - expected[i]));
    largest = std::max(largest, std::abs(expected[i]));
  }
  CHECK(worst <= 1e-5F * largest);
}

}  // namespace

TEST_CASE("merging: the weights do what the adapters did, and come back by their originals or the formula") {
  for (const bool magnitudes : {false, true}) {
    SmallProducts model;
    model.first.bias.value().copy_from(host_numbers({5}, "b").to(model.device));
    model.second.bias.value().copy_from(host_numbers({4}, "b").to(model.device));
    AppliedChange change(model.store, mergeable(magnitudes));
    const auto adapted = bytes_of(model.store);
    const std::vector<float> before = model().value().to_host<float>();
    {
      MergedAdapters merged(model.store, MergedAdapters::Originals::kept);
      CHECK(adapter_parameters(model.store).empty());
      CHECK(merged.untied().empty());
      check_close(model().value().to_host<float>(), before);
      CHECK(model.second.weight.changed().whole);
      CHECK(model.second.bias.changed().whole);
      merged.unmerge();
      CHECK(bytes_of(model.store) == adapted);
      CHECK_FALSE(model.second.weight.changed().any());
      CHECK_FALSE(model.second.bias.changed().any());
    }
    MergedAdapters merged(model.store);
    if (magnitudes) {
      const auto weights = bytes_of(model.store);
      CHECK(error_of([&] { merged.unmerge(); }) ==
            "first: the lengths that DoRA gave its rows cannot be undone; keep the originals");
      CHECK(bytes_of(model.store) == weights);
    } else {
      merged.unmerge();
      check_close(model().value().to_host<float>(), before);
      change.take_off();
    }
  }
}

TEST_CASE("merging: a tied weight stays as it is for the other module") {
  SmallProducts model;
  const auto base = bytes_of(model.store);
  ModelChange on_tie;
  on_tie.products["said"].low_rank = low_rank(4, 6);
  const AppliedChange change(model.store, on_tie);
  const std::vector<float> before = model().value().to_host<float>();
  const MergedAdapters merged(model.store);
  CHECK(bytes_of(model.store).at("words.weight") == base.at("words.weight"));
  CHECK(model().value().to_host<float>() == before);
  REQUIRE(merged.untied().size() == 1);
  CHECK(merged.untied()[0].name == "said.weight");
  CHECK(merged.untied()[0].tied_to == "words.weight");

  // By that weight alone the product is the same.
  SmallProducts other;
  const Linear alone(Scope(other.store) / "alone", 4, 6, Init::zeros(), false);
  alone.weight.value().copy_from(merged.untied()[0].value);
  const Variable x(host_numbers({3, 4}, "x").to(model.device));
  check_close(alone(x).value().to_host<float>(), model.said(x).value().to_host<float>());
}

TEST_CASE("merging: what is no part of a weight, or cannot be undone") {
  SmallProducts model;
  ModelChange change = mergeable(false);
  change.products["second"].bottleneck = ModelChange::Bottleneck{{.size = 2},
                                                                 host_numbers({2, 4}, "d"),
                                                                 host_numbers({2}, "db"),
                                                                 host_numbers({4, 2}, "u"),
                                                                 host_numbers({4}, "ub")};
  AppliedChange with_bottleneck(model.store, change);
  const auto adapted = bytes_of(model.store);
  CHECK(error_of([&] { MergedAdapters{model.store}; }) ==
        "second: a bottleneck adapter is no part of a weight: it cannot be merged");
  CHECK(bytes_of(model.store) == adapted);
  with_bottleneck.take_off();

  change = {};
  change.products["first"].scaling =
      ModelChange::Scaling{true, Tensor::from_host(std::vector<float>{1, 0, 2, 3}, {1, 4}, Device::open("reference"))};
  const AppliedChange with_zero(model.store, change);
  MergedAdapters merged(model.store);
  CHECK(error_of([&] { merged.unmerge(); }) == "first: a factor of 0 cannot be undone; keep the originals");
}

TEST_CASE("merging: a compressed weight behind others leaves those as they are") {
  SmallProducts model;
  const AppliedChange change(model.store, mergeable(false));
  model.second.weight.freeze();
  model.second.weight.compress(as_int8(model.second.weight.value(), true));
  const auto adapted = bytes_of(model.store);
  CHECK(error_of([&] { MergedAdapters{model.store}; }) ==
        "second.weight: is kept as int8: merge into the weights of the base as they are");
  CHECK(bytes_of(model.store) == adapted);
}
