// SPDX-License-Identifier: Apache-2.0
// Inputs for kernels that want consecutive numbers: the view itself where it is so, else a copy of it that lives as
// long as this object.
#pragma once

#include "backends/cpu/cpu_backend.h"

namespace thaw::cpu {

class Dense {
 public:
  // All of the view contiguous. Null stays null.
  Dense(CpuBackend& backend, const View* view) : backend_(backend) {
    if (!view) return;
    view_ = *view;
    if (!view_.is_contiguous()) copy();
  }
  // The last axis consecutive, the others as they are.
  static Dense rows(CpuBackend& backend, const View& view) {
    return Dense(backend, view, view.shape[-1] <= 1 || view.strides[-1] == 1);
  }
  ~Dense() {
    if (copy_) backend_.release(copy_);
  }
  Dense(const Dense&) = delete;
  Dense& operator=(const Dense&) = delete;

  const View& view() const { return view_; }
  float* data() const { return view_.block ? view_.as<float>() : nullptr; }

 private:
  Dense(CpuBackend& backend, const View& view, bool as_it_is) : backend_(backend), view_(view) {
    if (!as_it_is) copy();
  }
  void copy() {
    const View original = view_;
    copy_ = backend_.allocate(static_cast<size_t>(view_.numel()) * sizeof(float));
    view_ = {copy_, 0, view_.shape, contiguous_strides(view_.shape), view_.dtype};
    backend_.copy(view_, original);
  }

  CpuBackend& backend_;
  View view_;
  Block* copy_ = nullptr;
};

}  // namespace thaw::cpu
