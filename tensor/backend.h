// SPDX-License-Identifier: Apache-2.0
// THE CONTRACT between the engine and a device. A new device = a class that implements every family but the last: the
// fused functions have default bodies (backend*.cpp) composed from the others, which are also their definition.
//
// Rules for every function:
// - Outputs are views that the caller allocated; shapes and dtypes were checked by the caller (tensor/ops_*.cpp).
// - An input may have any strides (0 on broadcast axes) unless its comment says dense; an output of a pointwise
//   function may be one of its inputs (the same view). Other outputs overlap no input unless their comment allows
//   it.
// - What only a gradient needs is a pointer that may be null: then do not compute it.
// - Floating views of one call have one dtype: f32 (and f64 on the reference backend), but for copy (casts) and the
//   inputs of matmul (bf16, f16).
// - Work may be queued; it happens in the order of the calls. download() and synchronize() wait.
// - The same calls with the same values give the same bits: fixed order of sums, no atomics on floats.
// - Sizes may be 0: then nothing is read, and reductions give 0 (sum), -inf (max), +inf (min).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "tensor/kernel_args.h"
#include "tensor/memory_stats.h"
#include "tensor/view.h"

namespace thaw {

// A copy to the host that is under way.
class PendingRead {
 public:
  virtual ~PendingRead() = default;
  // Waits until the bytes are there and returns their address; valid while this object lives.
  virtual const void* wait() = 0;
};

class Backend {
 public:
  virtual ~Backend() = default;

  // --- what it is ---

  virtual std::string name() const = 0;          // what Device::open takes: "cpu", "vulkan:0"
  virtual std::string description() const = 0;   // a line: hardware, memory, types; more lines: kernels, their sizes
  virtual bool supports(DType dtype) const = 0;  // storage of that type
  // Is what a product of f32 numbers gives for a row always the same, to the bit, whichever other rows (one at least)
  // stand beside it? Libraries may choose kernels, and cut K, by the number of rows. All else computes rows by
  // themselves anyway.
  virtual bool rows_are_independent() const { return false; }

  // --- memory and queue ---

  // A block of at least `bytes` bytes (0 is allowed), aligned to 64. Throws OutOfMemory (memory_stats.h).
  virtual Block* allocate(size_t bytes) = 0;
  // Gives it back; work queued before may still read it, so reuse must come later in the queue.
  virtual void release(Block* block) noexcept = 0;
  virtual void upload(Block& to, size_t byte_offset, const void* from, size_t bytes) = 0;
  virtual void download(const Block& from, size_t byte_offset, void* to, size_t bytes) = 0;
  // Starts a copy and returns at once. Default: copies now.
  virtual std::unique_ptr<PendingRead> download_later(const Block& from, size_t byte_offset, size_t bytes);
  virtual void flush() {}        // hands queued work to the device
  virtual void synchronize() {}  // waits until everything queued is done
  virtual MemoryStats& memory() = 0;

  // --- pointwise, data movement ---

  // out[i] = value (rounded to out's dtype)
  virtual void fill(const View& out, double value) = 0;
  // out[i] = in[i], same shape, any strides on both sides, any pair of dtypes: casts between floating types round to
  // nearest even; floating to integer truncates.
  virtual void copy(const View& out, const View& in) = 0;
  // out = f(x), same shape
  virtual void unary(UnaryOp op, const View& out, const View& x, UnaryParams params) = 0;
  // dx = dy * f'(x), same shape
  virtual void unary_backward(UnaryOp op, const View& dx, const View& dy, const View& x, UnaryParams params) = 0;
  // out = f(a, b); a and b have out's shape (broadcast axes have stride 0)
  virtual void binary(BinaryOp op, const View& out, const View& a, const View& b) = 0;
  // out = condition != 0 ? a : b; all of one shape and dtype
  virtual void where(const View& out, const View& condition, const View& a, const View& b) = 0;
  // out[i] = (word i of the stream >> 8) * 2^-24, in [0, 1); out contiguous (random_key.h)
  virtual void uniform(const View& out, RandomKey key) = 0;

  // --- reductions, products, rows ---

  // out has in's rank, size 1 on each reduced axis (those where out.shape is 1 and in.shape is not).
  // out = scale * op over them (+ out if accumulate)
  virtual void reduce(ReduceOp op, const View& out, const View& in, double scale, bool accumulate) = 0;
  // out i32 [...] = index of the first largest element along the last axis of in [..., n], n >= 1
  virtual void argmax(const View& out, const View& in) = 0;
  virtual void matmul(const MatmulArgs& args) = 0;
  // out [T, C] = table[ids[t], :]; table [V, C] dense rows, ids i32 [T] in [0, V)
  virtual void gather_rows(const View& out, const View& table, const View& ids) = 0;
  // table[ids[t], :] += rows[t, :] in the order of t; an id outside [0, V) is skipped. host_ids: the ids again, on the
  // host.
  virtual void scatter_add_rows(const View& table, const View& rows, const View& ids,
                                std::span<const int32_t> host_ids) = 0;
  // along the last axis: y = exp(x - max) / sum;  dx = y * (dy - sum(dy * y))
  virtual void softmax(const View& y, const View& x) = 0;
  virtual void softmax_backward(const View& dx, const View& dy, const View& y) = 0;

  // --- fused: each has a default body in backend*.cpp ---

  // out = dropout(x) + residual (null: 0), row-major index of elements; its gradient is itself without residual
  virtual void dropout(const View& out, const View& x, const View* residual, const Dropout& dropout);
  virtual void norm(const NormArgs& args);
  virtual void norm_backward(const NormBackwardArgs& args);
  virtual void attention(const AttentionArgs& args);
  virtual void attention_backward(const AttentionBackwardArgs& args);
  virtual void decode_attention(const DecodeAttentionArgs& args);
  virtual void cross_entropy(const CrossEntropyArgs& args);
  virtual void cross_entropy_backward(const CrossEntropyBackwardArgs& args);
  // out (one number) = sum of squares of all numbers of all the tensors
  virtual void sum_squares(const View& out, std::span<const View> tensors);
  virtual void adamw(const AdamWArgs& args);
  virtual void sgd(const SgdArgs& args);
};

}  // namespace thaw
