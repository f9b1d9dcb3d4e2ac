// SPDX-License-Identifier: Apache-2.0
// The CPU device: every function of the contract that computes, on oneDNN, OpenBLAS and the loops of kernels.h.
#pragma once

#include "backends/cpu/block_pool.h"
#include "tensor/backend.h"
#include "tensor/lstm_kernels.h"

namespace thaw::cpu {

class CpuBackend : public Backend, public LstmKernels {
 public:
  // memory.cpp, describe.cpp
  std::string name() const override { return "cpu"; }
  bool rows_are_independent() const override;
  std::string description() const override;
  bool supports(DType dtype) const override { return dtype != DType::f64; }
  Block* allocate(size_t bytes) override;
  void release(Block* block) noexcept override;
  void upload(Block& to, size_t byte_offset, const void* from, size_t bytes) override;
  void download(const Block& from, size_t byte_offset, void* to, size_t bytes) override;
  MemoryStats& memory() override { return pool_.stats(); }

  // pointwise.cpp
  void fill(const View& out, double value) override;
  void copy(const View& out, const View& in) override;
  void unary(UnaryOp op, const View& out, const View& x, UnaryParams params) override;
  void unary_backward(UnaryOp op, const View& dx, const View& dy, const View& x, UnaryParams params) override;
  void binary(BinaryOp op, const View& out, const View& a, const View& b) override;
  void where(const View& out, const View& condition, const View& a, const View& b) override;
  void uniform(const View& out, RandomKey key) override;
  void dropout(const View& out, const View& x, const View* residual, const Dropout& dropout) override;

  // reduce.cpp
  void reduce(ReduceOp op, const View& out, const View& in, double scale, bool accumulate) override;
  void argmax(const View& out, const View& in) override;
  void sum_squares(const View& out, std::span<const View> tensors) override;

  // matmul.cpp
  void matmul(const MatmulArgs& args) override;

  // rows.cpp
  void gather_rows(const View& out, const View& table, const View& ids) override;
  void scatter_add_rows(const View& table, const View& rows, const View& ids,
                        std::span<const int32_t> host_ids) override;

  // softmax.cpp
  void softmax(const View& y, const View& x) override;
  void softmax_backward(const View& dx, const View& dy, const View& y) override;
  void cross_entropy(const CrossEntropyArgs& args) override;
  void cross_entropy_backward(const CrossEntropyBackwardArgs& args) override;

  // norm.cpp
  void norm(const NormArgs& args) override;
  void norm_backward(const NormBackwardArgs& args) override;

  // attention.cpp
  void attention(const AttentionArgs& args) override;
  void attention_backward(const AttentionBackwardArgs& args) override;
  // decode_attention.cpp
  void decode_attention(const DecodeAttentionArgs& args) override;

  // lstm.cpp
  void lstm_cell(const LstmCellArgs& args) override;
  void lstm_cell_backward(const LstmCellBackwardArgs& args) override;

  // optimizer.cpp
  void adamw(const AdamWArgs& args) override;
  void sgd(const SgdArgs& args) override;

 private:
  BlockPool pool_;
};

}  // namespace thaw::cpu
