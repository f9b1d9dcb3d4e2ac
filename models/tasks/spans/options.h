// SPDX-License-Identifier: Apache-2.0
// What a caller may say of learning to restore missing spans. The names of the fields are those that messages give.
#pragma once

#include <string>

namespace thaw {

struct SpansOptions {
  std::string text_column = "text";
  double noise_density = 0.15;          // share of a text's tokens that go missing
  double mean_noise_span_length = 3.0;  // tokens of a span, on average
  bool join_texts = false;              // pieces are cut from all texts joined, not from each
};

}  // namespace thaw
