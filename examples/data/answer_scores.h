// SPDX-License-Identifier: Apache-2.0
// How right an answer is, as the official script of SQuAD 2.0 counts it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace thaw {

// The words that count: in small letters, without ASCII punctuation and the articles a, an, the.
std::vector<std::string> answer_words(std::string_view text);

// The same words: 1, else 0. "" is that there is no answer.
double exact_match(std::string_view given, std::string_view wanted);

// 2 common / (given + wanted) words, counted as often as they occur; where one has none, 1 if both have none, else 0.
double answer_f1(std::string_view given, std::string_view wanted);

}  // namespace thaw
