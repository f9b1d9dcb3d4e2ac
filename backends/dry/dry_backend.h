// SPDX-License-Identifier: Apache-2.0
// The contract without numbers. It overrides the fused functions that the cpu device overrides, so that no default
// body's temporaries are counted (tests/examples/thaw/rehearsal.cpp holds the two together); a function that it does
// not know runs by its default body.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tensor/backend.h"
#include "tensor/dry_device.h"
#include "tensor/lstm_kernels.h"

namespace thaw {

struct MovedBytes {
  double read = 0, written = 0;
};

class DryBackend : public Backend, public LstmKernels {
 public:
  // memory.cpp
  std::string name() const override { return "dry"; }
  bool rows_are_independent() const override { return true; }
  std::string description() const override { return "computes nothing, counts; f32, bf16, f16, i32, u8"; }
  bool supports(DType dtype) const override { return dtype != DType::f64; }
  Block* allocate(size_t bytes) override;
  void release(Block* block) noexcept override;
  void upload(Block&, size_t, const void*, size_t) override {}
  void download(const Block& from, size_t byte_offset, void* to, size_t bytes) override;
  MemoryStats& memory() override { return memory_; }

  // simple.cpp
  void fill(const View& out, double value) override;
  void copy(const View& out, const View& in) override;
  void unary(UnaryOp op, const View& out, const View& x, UnaryParams params) override;
  void unary_backward(UnaryOp op, const View& dx, const View& dy, const View& x, UnaryParams params) override;
  void binary(BinaryOp op, const View& out, const View& a, const View& b) override;
  void where(const View& out, const View& condition, const View& a, const View& b) override;
  void uniform(const View& out, RandomKey key) override;
  void reduce(ReduceOp op, const View& out, const View& in, double scale, bool accumulate) override;
  void argmax(const View& out, const View& in) override;
  void gather_rows(const View& out, const View& table, const View& ids) override;
  void scatter_add_rows(const View& table, const View& rows, const View& ids,
                        std::span<const int32_t> host_ids) override;
  void softmax(const View& y, const View& x) override;
  void softmax_backward(const View& dx, const View& dy, const View& y) override;
  void dropout(const View& out, const View& x, const View* residual, const Dropout& dropout) override;

  // matmul.cpp
  void matmul(const MatmulArgs& args) override;

  // fused.cpp
  void norm(const NormArgs& args) override;
  void norm_backward(const NormBackwardArgs& args) override;
  void attention(const AttentionArgs& args) override;
  void attention_backward(const AttentionBackwardArgs& args) override;
  void decode_attention(const DecodeAttentionArgs& args) override;
  void lstm_cell(const LstmCellArgs& args) override;
  void lstm_cell_backward(const LstmCellBackwardArgs& args) override;
  void cross_entropy(const CrossEntropyArgs& args) override;
  void cross_entropy_backward(const CrossEntropyBackwardArgs& args) override;
  void sum_squares(const View& out, std::span<const View> tensors) override;
  void adamw(const AdamWArgs& args) override;
  void sgd(const SgdArgs& args) override;

  // tally.cpp: what DryDevice tells.
  double flops() const { return flops_; }
  std::vector<KernelUse> kernels() const;
  void tell_kernels_apart(bool on) { tells_apart_ = on; }
  void clear();
  uint64_t packed_bytes() const;

 private:
  // Null views are left out. `more`: bytes read and written beside the views.
  using Views = std::initializer_list<const View*>;
  void tally(const char* kernel, Views read, Views written, double flops = 0, MovedBytes more = {});
  // Counts what the cpu device allocates while it copies those of `views` that are not as its kernels want them.
  void contiguous_copies(Views views);
  void dense_row_copies(Views views);
  void workspace(size_t bytes);
  void pack(const View& weight);

  MemoryStats memory_;
  double flops_ = 0;
  bool tells_apart_ = false;
  std::map<std::pair<std::string, std::string>, KernelUse> kernels_;
  struct Packed {
    int64_t offset;
    Shape shape;
    Strides strides;
    uint64_t bytes;
  };
  std::map<const Block*, std::vector<Packed>> packed_;
};

}  // namespace thaw
