// SPDX-License-Identifier: Apache-2.0
// Pictures made worse in eight ways, to a degree that is known: what a model of quality can be taught by without
// people.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "models/image/picture.h"

namespace thaw {

enum class Damage { blur, noise, blocks, contrast, saturation, posterising, scaling, tilt };

inline constexpr std::array<std::string_view, 8> damage_names = {"blur",       "noise",       "blocks",  "contrast",
                                                                 "saturation", "posterising", "scaling", "tilt"};
constexpr int most_damage = 4;  // the levels are 0, no damage, to this

// Each of a picture in three channels, which keeps its size; numbers are rounded and kept in 0..255.

// The mean of its surroundings by a Gaussian of this deviation in pixels, as far as three of them; beyond an edge
// stands the edge's own pixel.
Picture blurred(const Picture& picture, double deviation);
// With normal numbers of this deviation added, drawn by the seed (the sum of twelve even ones, less 6).
Picture noisy(const Picture& picture, double deviation, uint64_t seed);
// As JPEG makes blocks of 8 x 8: of each channel the cosine coefficients (u, v) are rounded to multiples of step (1 + u
// + v). Blocks at the edges are as far as the picture goes: their sides must be multiples of 8.
Picture blocky(const Picture& picture, double step);
// Each number this share as far from the mean of all numbers.
Picture flattened(const Picture& picture, double share);
// Each pixel's colours this share as far from its grey (.299 red + .587 green + .114 blue).
Picture greyed(const Picture& picture, double share);
// So many values are left in each channel, evenly spaced, 0 and 255 among them.
Picture posterised(const Picture& picture, int values);
// Shrunk by a divisor (bilinear) and brought back (bicubic).
Picture rescaled(const Picture& picture, double divisor);
// Turned around its middle by degrees, against the clock, each pixel of the four nearest; around it is white.
Picture tilted(const Picture& picture, double degrees);

// One of those at a level from 0 (the picture as it is) to most_damage. The seed decides on the noise, and on the side
// that it is tilted to.
Picture damaged(const Picture& picture, Damage damage, int level, uint64_t seed);

// What a picture is called sharp by without a model: the variance of 4 x - (its four neighbours) over all inner pixels
// of its grey. 0 of pictures of less than 3 x 3.
double laplacian_variance(const Picture& picture);

}  // namespace thaw
