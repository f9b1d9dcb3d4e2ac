// SPDX-License-Identifier: Apache-2.0
// What a model that answers questions must beat: the sentence that has most words of the question.
#pragma once

#include <string>
#include <string_view>

namespace thaw {

// Of the context's sentences (".", "!" or "?" before a blank ends one) the first that has most of the question's
// different words (tfidf.h: words_of); of its words the longest run, of equals the last, without words of the question,
// less the marks around it. Never empty, unless all words are the question's.
std::string overlap_answer(std::string_view context, std::string_view question);

}  // namespace thaw
