// SPDX-License-Identifier: Apache-2.0
// Are all pages of an Ogg file there? libsndfile goes on behind one that is damaged or missing, and where a file is cut
// off it ends without a word.
#pragma once

#include <string>
#include <string_view>

namespace thaw {

// The bytes of all its pages, without what stands behind the last. std::runtime_error "PATH: ...": a page is damaged
// (they have check sums) or missing (they have numbers), or the last one does not end its stream.
std::string_view whole_ogg_pages(std::string_view bytes, const std::string& path);

}  // namespace thaw
