// SPDX-License-Identifier: Apache-2.0
// A device with the primitive functions of another and nothing of its fused ones: those run by their default bodies.
#pragma once

#include "tensor/backend.h"

namespace thaw::ops {

class DefaultBodies : public Backend {
 public:
  explicit DefaultBodies(Backend& inner) : inner_(inner) {}

  std::string name() const override { return inner_.name() + " by default bodies"; }
  std::string description() const override { return inner_.description(); }
  bool supports(DType dtype) const override { return inner_.supports(dtype); }

  // Blocks come from the inner backend, but tensors on them must launch here.
  Block* allocate(size_t bytes) override {
    Block* block = inner_.allocate(bytes);
    block->backend = this;
    return block;
  }
  void release(Block* block) noexcept override {
    block->backend = &inner_;
    inner_.release(block);
  }
  void upload(Block& to, size_t byte_offset, const void* from, size_t bytes) override {
    inner_.upload(to, byte_offset, from, bytes);
  }
  void download(const Block& from, size_t byte_offset, void* to, size_t bytes) override {
    inner_.download(from, byte_offset, to, bytes);
  }
  void flush() override { inner_.flush(); }
  void synchronize() override { inner_.synchronize(); }
  MemoryStats& memory() override { return inner_.memory(); }

  void fill(const View& out, double value) override { inner_.fill(out, value); }
  void copy(const View& out, const View& in) override { inner_.copy(out, in); }
  void unary(UnaryOp op, const View& out, const View& x, UnaryParams params) override {
    inner_.unary(op, out, x, params);
  }
  void unary_backward(UnaryOp op, const View& dx, const View& dy, const View& x, UnaryParams params) override {
    inner_.unary_backward(op, dx, dy, x, params);
  }
  void binary(BinaryOp op, const View& out, const View& a, const View& b) override { inner_.binary(op, out, a, b); }
  void where(const View& out, const View& condition, const View& a, const View& b) override {
    inner_.where(out, condition, a, b);
  }
  void uniform(const View& out, RandomKey key) override { inner_.uniform(out, key); }
  void reduce(ReduceOp op, const View& out, const View& in, double scale, bool accumulate) override {
    inner_.reduce(op, out, in, scale, accumulate);
  }
  void argmax(const View& out, const View& in) override { inner_.argmax(out, in); }
  void matmul(const MatmulArgs& args) override { inner_.matmul(args); }
  void gather_rows(const View& out, const View& table, const View& ids) override {
    inner_.gather_rows(out, table, ids);
  }
  void scatter_add_rows(const View& table, const View& rows, const View& ids,
                        std::span<const int32_t> host_ids) override {
    inner_.scatter_add_rows(table, rows, ids, host_ids);
  }
  void softmax(const View& y, const View& x) override { inner_.softmax(y, x); }
  void softmax_backward(const View& dx, const View& dy, const View& y) override { inner_.softmax_backward(dx, dy, y); }

 private:
  Backend& inner_;
};

}  // namespace thaw::ops
