// SPDX-License-Identifier: Apache-2.0
// Where partners stand among candidates, by the cosines of vectors that are kept to judge a model by. Q queries, N
// candidates, C numbers a vector.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tensor/device.h"

namespace thaw {

// The dot product of two vectors [C]: the same bits for the same vectors, wherever they stand.
float exact_cosine(std::span<const float> a, std::span<const float> b);

// Of each query its best partner's place among the candidates that are none of its partners, from 1: [Q]. Of equal
// cosines it is the last one, and where a cosine is no number, behind all (as of rank_of()). queries: [Q, C],
// candidates: [N, C], row-major and of unit length; partners: of each query, numbers of candidates, at least one.
// Cosines are computed in blocks of at most `block` by `block`, so that memory does not grow with Q N.
std::vector<int64_t> partner_ranks(std::span<const float> queries, std::span<const float> candidates, int64_t width,
                                   const std::vector<std::vector<int64_t>>& partners, const Device& device,
                                   int64_t block = 512);

}  // namespace thaw
