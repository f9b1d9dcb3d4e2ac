// SPDX-License-Identifier: Apache-2.0
// Bookkeeping: calls by kernel and shapes, bytes, and the cpu device's copies.
#include <algorithm>
#include <tuple>

#include "backends/dry/dry_backend.h"
#include "backends/shared/matmul_layout.h"

namespace thaw {
namespace {

// Of a broadcast view, what is repeated counts once.
double bytes_of(const View& view) {
  double bytes = static_cast<double>(size_of(view.dtype));
  for (int axis = 0; axis < view.rank(); ++axis)
    if (view.strides[axis] != 0) bytes *= static_cast<double>(view.shape[axis]);
  return view.numel() == 0 ? 0 : bytes;
}

size_t copied_bytes(const View& view) { return static_cast<size_t>(view.numel()) * size_of(view.dtype); }

}  // namespace

void DryBackend::tally(const char* kernel, Views read, Views written, double flops, MovedBytes more) {
  flops_ += flops;
  if (!tells_apart_) return;
  std::string shapes;
  const auto add = [&shapes](const View* view, double& bytes) {
    if (!view) return;
    bytes += bytes_of(*view);
    shapes += (shapes.empty() ? "" : " ") + view->shape.to_string();
  };
  for (const View* view : read) add(view, more.read);
  shapes += shapes.empty() ? "->" : " ->";
  for (const View* view : written) add(view, more.written);
  KernelUse& use = kernels_[{kernel, shapes}];
  ++use.calls;
  use.flops += flops;
  use.bytes_read += more.read;
  use.bytes_written += more.written;
}

std::vector<KernelUse> DryBackend::kernels() const {
  std::vector<KernelUse> all;
  for (const auto& [key, use] : kernels_) {
    all.push_back(use);
    std::tie(all.back().kernel, all.back().shapes) = key;
  }
  return all;
}

void DryBackend::clear() {
  flops_ = 0;
  kernels_.clear();
}

void DryBackend::contiguous_copies(Views views) {
  size_t bytes = 0;
  for (const View* view : views)
    if (view && !view->is_contiguous()) bytes += copied_bytes(*view);
  workspace(bytes);
}

void DryBackend::dense_row_copies(Views views) {
  size_t bytes = 0;
  for (const View* view : views)
    if (view->shape[-1] > 1 && view->strides[-1] != 1) bytes += copied_bytes(*view);
  workspace(bytes);
}

void DryBackend::workspace(size_t bytes) {
  if (bytes == 0) return;
  memory_.allocated(bytes);
  memory_.released(bytes);
}

void DryBackend::pack(const View& weight) {
  std::vector<Packed>& entries = packed_[weight.block];
  const bool known = std::ranges::any_of(entries, [&](const Packed& packed) {
    return packed.offset == weight.offset && packed.shape == weight.shape && packed.strides == weight.strides;
  });
  if (known) return;
  const auto numbers = static_cast<size_t>(contiguous_copy(weight, weight.dtype).numel());
  entries.push_back({weight.offset, weight.shape, weight.strides, numbers * size_of(weight.dtype)});
}

uint64_t DryBackend::packed_bytes() const {
  uint64_t bytes = 0;
  for (const auto& [block, entries] : packed_)
    for (const Packed& packed : entries) bytes += packed.bytes;
  return bytes;
}

}  // namespace thaw
