// SPDX-License-Identifier: Apache-2.0
// Places of partners among candidates: several partners, equal cosines, blocks.
#include "models/tasks/partner_ranks.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "nn/init.h"

using namespace thaw;

namespace {

// The same, one cosine after the other.
std::vector<int64_t> counted(const std::vector<float>& queries, const std::vector<float>& candidates, int64_t width,
                             const std::vector<std::vector<int64_t>>& partners) {
  const auto row = [&](const std::vector<float>& of, int64_t i) {
    return std::span(of).subspan(static_cast<size_t>(i * width), static_cast<size_t>(width));
  };
  std::vector<int64_t> ranks;
  for (int64_t q = 0; q < std::ssize(partners); ++q) {
    const std::vector<int64_t>& own = partners[static_cast<size_t>(q)];
    float best = -2;
    for (const int64_t p : own) best = std::max(best, exact_cosine(row(queries, q), row(candidates, p)));
    int64_t rank = 1;
    for (int64_t c = 0; c < std::ssize(candidates) / width; ++c)
      rank += std::ranges::find(own, c) == own.end() && exact_cosine(row(queries, q), row(candidates, c)) >= best;
    ranks.push_back(rank);
  }
  return ranks;
}

}  // namespace

TEST_CASE("partner ranks: the best of several partners counts, and they are no rivals of each other") {
  const Device device = Device::open("reference");
  const std::vector<float> queries{1, 0}, candidates{0, 1, 1, 0, 0.8F, 0.6F, 0.6F, 0.8F};
  CHECK(partner_ranks(queries, candidates, 2, {{1}}, device) == std::vector<int64_t>{1});
  CHECK(partner_ranks(queries, candidates, 2, {{0}}, device) == std::vector<int64_t>{4});
  CHECK(partner_ranks(queries, candidates, 2, {{0, 2}}, device) == std::vector<int64_t>{2});
  CHECK(partner_ranks(queries, candidates, 2, {{0, 1, 2, 3}}, device) == std::vector<int64_t>{1});
}

TEST_CASE("partner ranks: of equal cosines a partner is the last, and what is no number is behind all") {
  const Device device = Device::open("reference");
  const std::vector<float> queries{1, 0}, same{1, 0, 1, 0, 1, 0};
  CHECK(partner_ranks(queries, same, 2, {{1}}, device) == std::vector<int64_t>{3});
  const float none = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> odd{1, 0, none, 0, 0.5F, 0};
  CHECK(partner_ranks(queries, odd, 2, {{1}}, device) == std::vector<int64_t>{3});
  CHECK(partner_ranks(queries, odd, 2, {{0}}, device) == std::vector<int64_t>{2});
}

TEST_CASE("partner ranks: blocks of any size count the same") {
  const Device device = Device::from_environment();
  constexpr int64_t width = 5;
  const std::vector<float> queries = Init::normal(1).values({7, width}, 3, "queries"),
                           candidates = Init::normal(1).values({11, width}, 3, "candidates");
  std::vector<std::vector<int64_t>> partners;
  for (int64_t q = 0; q < 7; ++q) partners.push_back({q, (3 * q + 1) % 11});
  const std::vector<int64_t> expected = counted(queries, candidates, width, partners);
  for (const int64_t block : {1, 2, 3, 512}) {
    CAPTURE(block);
    CHECK(partner_ranks(queries, candidates, width, partners, device, block) == expected);
  }
}
