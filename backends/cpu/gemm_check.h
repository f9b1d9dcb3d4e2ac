// SPDX-License-Identifier: Apache-2.0
// A library's wrong product must not reach a user: before a kind of product is used for the first time, a small one of
// its kind is computed from known numbers and compared.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "backends/cpu/gemm_kind.h"

namespace thaw::cpu {

using Product = std::function<void(const Gemm&)>;

// A product to try, and what computes it.
struct Trial {
  Gemm gemm;
  Product product;
};

// Does `product` compute this product right? Gives it inputs of whole numbers, which add up exactly in any order, with
// NaN before, behind and between their lines; beside the result nothing may be written. Of large products only some
// rows are compared.
bool computes_right(Gemm gemm, const Product& product);

// The kinds that were checked, by what computes them ("oneDNN brgemm:avx512_core") and the small product.
class CheckedKinds {
 public:
  // Checks a kind at its first call, by the trial that `make_trial` gives. A kind that is refused is named in the
  // profile.
  bool allows(const std::string& by, const Gemm& small, const std::function<Trial()>& make_trial);
  size_t checked() const;
  size_t refused() const;

 private:
  mutable std::mutex mutex_;  // for what follows, not while a kind is tried
  std::map<std::pair<GemmNumbers, std::string>, bool> right_;
  size_t refused_ = 0;
};

// Those of this process.
CheckedKinds& checked_kinds();

}  // namespace thaw::cpu
