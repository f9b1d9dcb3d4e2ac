// SPDX-License-Identifier: Apache-2.0
// Targets that are labels: a classifier that writes the name of its class.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace thaw {

// The targets of training data, in the order of their first appearance, if they are labels: 2 to 100 of them, each
// there ten times on average; else nothing.
class LabelWordSearch {
 public:
  void add(const std::string& target);
  std::vector<std::string> words() const;

 private:
  std::vector<std::string> words_;
  size_t targets_ = 0;
};

// What is wrong with a list of labels that somebody wrote: an empty one, one that is there twice. Empty: nothing.
std::string label_words_fault(const std::vector<std::string>& words);

// A list of them as one text, a word a line, and back.
std::string label_word_lines(const std::vector<std::string>& words);
std::vector<std::string> label_words_of(const std::string& lines);

}  // namespace thaw
