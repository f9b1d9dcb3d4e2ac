// SPDX-License-Identifier: Apache-2.0
// English words without their endings (Porter 1980, "An algorithm for suffix stripping").
#pragma once

#include <string>
#include <string_view>

namespace thaw {

// As NLTK's PorterStemmer does by default, which has irregular forms and a few rules more than the paper, and so
// rouge-score. The word is of lower-case letters and digits of ASCII.
std::string porter_stem(std::string_view word);

}  // namespace thaw
