// SPDX-License-Identifier: Apache-2.0
// Histograms of colours against each other.
#include "examples/data/scene_retrieval.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "examples/data/scene_captions.h"
#include "examples/data/scene_picture.h"
#include "tensor/check.h"

namespace thaw {
namespace {

constexpr double same = 1e-9;  // of differences

ColourShares normalised(ColourShares counts) {
  const double sum = std::accumulate(counts.begin(), counts.end(), 0.0);
  if (sum > 0)
    for (double& count : counts) count /= sum;
  return counts;
}

double difference(const ColourShares& a, const ColourShares& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]);
  return sum;
}

}  // namespace

ColourShares shares_in_picture(std::span<const uint8_t> rgb) {
  ColourShares counts{};
  for (const size_t index : palette_indices(rgb))
    if (index < counts.size()) counts[index] += 1;
  return normalised(counts);
}

ColourShares shares_in_caption(const std::string& caption) {
  ColourShares counts{};
  for (const SceneThing& thing : described(caption).things) counts[static_cast<size_t>(thing.pair.colour)] += 1;
  return normalised(counts);
}

double first_by_colours(const std::vector<ColourShares>& pictures, const std::vector<ColourShares>& captions) {
  check(!pictures.empty() && pictures.size() == captions.size(), "{} pictures have {} captions", pictures.size(),
        captions.size());
  double found = 0;
  for (size_t i = 0; i < captions.size(); ++i) {
    const double own = difference(pictures[i], captions[i]);
    size_t nearer = 0, as_near = 0;  // its own among the latter
    for (const ColourShares& picture : pictures) {
      const double other = difference(picture, captions[i]);
      nearer += other < own - same ? 1 : 0;
      as_near += std::abs(other - own) <= same ? 1 : 0;
    }
    if (nearer == 0) found += 1 / static_cast<double>(as_near);
  }
  return found / static_cast<double>(captions.size());
}

}  // namespace thaw
