// SPDX-License-Identifier: Apache-2.0
// Counts texts that did not fit, to say so.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace thaw {

class CutCount {
 public:
  // A text, and how many of its tokens did not fit.
  void add(int64_t cut) {
    ++texts_;
    cut_texts_ += cut > 0;
    tokens_ += cut;
  }
  // "2 of 30 texts are too long: 17 tokens are cut off"; empty if all fit. name: of one of them.
  std::string to_text(std::string_view name = "text") const {
    if (cut_texts_ == 0) return {};
    return fmt::format("{} of {} {}s {} too long: {} token{} cut off", cut_texts_, texts_, name,
                       cut_texts_ == 1 ? "is" : "are", tokens_, tokens_ == 1 ? " is" : "s are");
  }

 private:
  int64_t texts_ = 0, cut_texts_ = 0, tokens_ = 0;
};

}  // namespace thaw
