// SPDX-License-Identifier: Apache-2.0
// Finds pictures by captions from colours alone: what a model that matches both must beat.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "examples/data/scene.h"

namespace thaw {

// How much of a scene has which colour; sums to 1, or to 0 if there is none.
using ColourShares = std::array<double, scene_colours.size()>;

// Of the pixels that are no background.
ColourShares shares_in_picture(std::span<const uint8_t> rgb);
// Of the things that a caption names, whatever their size and shape.
ColourShares shares_in_caption(const std::string& caption);

// For how many captions the picture of the same number is the first (R@1), pictures in the order of the difference
// between both's shares (the sum over the colours). Where k pictures are equally near it counts 1/k.
double first_by_colours(const std::vector<ColourShares>& pictures, const std::vector<ColourShares>& captions);

}  // namespace thaw
