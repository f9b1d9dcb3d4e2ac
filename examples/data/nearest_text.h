// SPDX-License-Identifier: Apache-2.0
// Which of some texts is like another one? What a model that writes must beat: the answer to the nearest text it saw.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace thaw {

// For each query the number of the text with the highest cosine of their TF-IDF vectors (tfidf.h, fitted on `texts`),
// the first of equals; of a query that shares no term with any, 0. std::invalid_argument if there are no texts.
std::vector<size_t> nearest_texts(const std::vector<std::string>& texts, const std::vector<std::string>& queries);

}  // namespace thaw
