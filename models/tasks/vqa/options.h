// SPDX-License-Identifier: Apache-2.0
// What a caller may say of answering questions about pictures. The names of the fields are those that messages give.
#pragma once

#include <string>

namespace thaw {

struct VqaOptions {
  std::string image_column = "image";  // paths of pictures
  std::string text_column = "text";    // questions
  std::string label_column = "label";  // answers
  std::string label_separator;         // not empty: what several people answered, joined by this
  bool probabilities = false;          // of predictions: those of all answers, not of the predicted one alone
};

}  // namespace thaw
