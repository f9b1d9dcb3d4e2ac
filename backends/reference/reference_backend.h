// SPDX-License-Identifier: Apache-2.0
// The contract in plain loops, in f32 and f64: the oracle that other devices are held to, and the example for who
// ports. It implements the primitive functions; the fused ones run by their default bodies (tensor/backend*.cpp). Sums
// accumulate in double.
#pragma once

#include "tensor/backend.h"

namespace thaw {

class ReferenceBackend : public Backend {
 public:
  // memory.cpp
  std::string name() const override { return "reference"; }
  bool rows_are_independent() const override { return true; }
  std::string description() const override { return "slow and exact, one thread; f32, f64, bf16, f16, i32, u8"; }
  bool supports(DType) const override { return true; }
  Block* allocate(size_t bytes) override;
  void release(Block* block) noexcept override;
  void upload(Block& to, size_t byte_offset, const void* from, size_t bytes) override;
  void download(const Block& from, size_t byte_offset, void* to, size_t bytes) override;
  MemoryStats& memory() override { return memory_; }

  // copy.cpp
  void fill(const View& out, double value) override;
  void copy(const View& out, const View& in) override;

  // pointwise.cpp
  void unary(UnaryOp op, const View& out, const View& x, UnaryParams params) override;
  void unary_backward(UnaryOp op, const View& dx, const View& dy, const View& x, UnaryParams params) override;
  void binary(BinaryOp op, const View& out, const View& a, const View& b) override;
  void where(const View& out, const View& condition, const View& a, const View& b) override;
  void uniform(const View& out, RandomKey key) override;

  // reduce.cpp
  void reduce(ReduceOp op, const View& out, const View& in, double scale, bool accumulate) override;
  void argmax(const View& out, const View& in) override;

  // matmul.cpp
  void matmul(const MatmulArgs& args) override;

  // rows.cpp
  void gather_rows(const View& out, const View& table, const View& ids) override;
  void scatter_add_rows(const View& table, const View& rows, const View& ids,
                        std::span<const int32_t> host_ids) override;

  // softmax.cpp
  void softmax(const View& y, const View& x) override;
  void softmax_backward(const View& dx, const View& dy, const View& y) override;

 private:
  MemoryStats memory_;
};

}  // namespace thaw
