// SPDX-License-Identifier: Apache-2.0
// Products: FLOPs, and what the cpu device copies and keeps for them.
#include "backends/dry/dry_backend.h"
#include "backends/shared/matmul_layout.h"

namespace thaw {
namespace {

// As a library sees `view`; `bytes` grows by those of the copy that it may need.
View usable(View view, bool is_vector, size_t& bytes) {
  if (make_usable(view, is_vector)) return view;
  const View copy = contiguous_copy(view, view.dtype);
  bytes += static_cast<size_t>(copy.numel()) * size_of(copy.dtype);
  return repeated_as(copy, view);
}

}  // namespace

void DryBackend::matmul(const MatmulArgs& args) {
  const int64_t m = args.out.shape[-2], n = args.out.shape[-1], k = args.a.shape[-1];
  const double flops = 2 * static_cast<double>(args.out.numel()) * static_cast<double>(k);
  tally("matmul", {&args.a, &args.b, args.bias, args.accumulate ? &args.out : nullptr},
        {&args.out, args.pre_activation}, flops);
  if (flops == 0) return;
  size_t copied_a = 0, copied_b = 0;
  const View a = usable(with_batch_of(args.a, args.out), m == 1, copied_a);
  const View b = usable(with_batch_of(args.b, args.out), n == 1, copied_b);
  workspace(copied_a + copied_b);
  if (args.constant_b && copied_b == 0 && packs_b(fold(args.out, a, b))) pack(args.b);
}

}  // namespace thaw
