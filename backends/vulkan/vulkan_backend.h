// SPDX-License-Identifier: Apache-2.0
// The Vulkan backend: the contract (tensor/backend.h), and what its kernels are written with. Each family of functions
// has its own file; what is not overridden runs by its default body.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "backends/vulkan/facts.h"
#include "backends/vulkan/kernel.h"
#include "backends/vulkan/tuning.h"
#include "tensor/backend.h"
#include "tensor/lstm_kernels.h"

namespace thaw::vulkan {

class Device;
class MemoryPool;
class Pipelines;
class Profile;
class Stream;

// Memory for one function's intermediate results; back in the pool when the object dies, for later launches to use.
class ScratchBlock {
 public:
  ScratchBlock(Backend& backend, size_t bytes) : block_(backend.allocate(bytes)) {}
  ~ScratchBlock() {
    if (block_) block_->backend->release(block_);
  }
  ScratchBlock(ScratchBlock&& other) noexcept : block_(other.block_) { other.block_ = nullptr; }
  ScratchBlock& operator=(ScratchBlock&&) = delete;

  Block* block() const { return block_; }
  uint64_t address() const { return block_->handle; }

 private:
  Block* block_;
};

// A view with dense rows (View::has_dense_rows) or wholly contiguous: the one given, or a copy of it in scratch memory.
struct Dense {
  View view;
  std::optional<ScratchBlock> copy;
};

class VulkanBackend final : public Backend, public LstmKernels {
 public:
  // Opens a device by its number, its name (or a part of it) or its UUID; "": THAW_VULKAN_DEVICE, else the best usable
  // one.
  explicit VulkanBackend(const std::string& which);
  ~VulkanBackend() override;
  // At the program's end: waits for what is under way and keeps the pipelines on disk.
  void finish() noexcept;

  std::string name() const override;
  std::string description() const override;
  bool supports(DType dtype) const override;

  Block* allocate(size_t bytes) override;
  void release(Block* block) noexcept override;
  void upload(Block& to, size_t byte_offset, const void* from, size_t bytes) override;
  void download(const Block& from, size_t byte_offset, void* to, size_t bytes) override;
  std::unique_ptr<PendingRead> download_later(const Block& from, size_t byte_offset, size_t bytes) override;
  void flush() override;
  void synchronize() override;
  MemoryStats& memory() override;

  void fill(const View& out, double value) override;                                    // copy.cpp
  void copy(const View& out, const View& in) override;                                  // copy.cpp
  void unary(UnaryOp op, const View& out, const View& x, UnaryParams params) override;  // pointwise.cpp
  void unary_backward(UnaryOp op, const View& dx, const View& dy, const View& x,
                      UnaryParams params) override;                                                     // pointwise.cpp
  void binary(BinaryOp op, const View& out, const View& a, const View& b) override;                     // pointwise.cpp
  void where(const View& out, const View& condition, const View& a, const View& b) override;            // pointwise.cpp
  void uniform(const View& out, RandomKey key) override;                                                // random.cpp
  void dropout(const View& out, const View& x, const View* residual, const Dropout& dropout) override;  // random.cpp
  void reduce(ReduceOp op, const View& out, const View& in, double scale, bool accumulate) override;    // reduce.cpp
  void argmax(const View& out, const View& in) override;                                                // softmax.cpp
  void gather_rows(const View& out, const View& table, const View& ids) override;                       // rows.cpp
  void scatter_add_rows(const View& table, const View& rows, const View& ids,
                        std::span<const int32_t> host_ids) override;              // rows.cpp
  void softmax(const View& y, const View& x) override;                            // softmax.cpp
  void softmax_backward(const View& dx, const View& dy, const View& y) override;  // softmax.cpp
  void matmul(const MatmulArgs& args) override;                                   // matmul.cpp
  void norm(const NormArgs& args) override;                                       // norm.cpp
  void norm_backward(const NormBackwardArgs& args) override;                      // norm.cpp
  void attention(const AttentionArgs& args) override;                             // attention.cpp
  void attention_backward(const AttentionBackwardArgs& args) override;            // attention.cpp
  void lstm_cell(const LstmCellArgs& args) override;                              // lstm.cpp
  void lstm_cell_backward(const LstmCellBackwardArgs& args) override;             // lstm.cpp
  void cross_entropy(const CrossEntropyArgs& args) override;                      // cross_entropy.cpp
  void cross_entropy_backward(const CrossEntropyBackwardArgs& args) override;     // cross_entropy.cpp
  void sum_squares(const View& out, std::span<const View> tensors) override;      // optimizers.cpp
  void adamw(const AdamWArgs& args) override;                                     // optimizers.cpp
  void sgd(const SgdArgs& args) override;                                         // optimizers.cpp

  // --- for kernels ---

  Stream& stream() { return *stream_; }  // stream.h: dispatch(), upload(), Parameters
  const Facts& facts() const;
  const Tuning& tuning() const { return tuning_; }
  // What a kernel gets that asks for a size: THAW_VULKAN_SUBGROUP, else the device's own.
  uint32_t subgroup_size() const { return subgroup_size_; }
  ScratchBlock scratch(size_t bytes) { return ScratchBlock(*this, bytes); }
  Dense dense_rows(const View& view);
  Dense contiguous(const View& view);

 private:
  Block* allocate_from(MemoryPool& pool, size_t bytes);
  Block* host_copy(const Block& from, size_t byte_offset, size_t bytes);

  // In the order of their dependence: what is destroyed last comes first.
  MemoryStats stats_;
  std::unique_ptr<Device> device_;
  Tuning tuning_;
  std::unique_ptr<MemoryPool> pool_, host_pool_;
  std::unique_ptr<Pipelines> pipelines_;
  std::unique_ptr<Profile> profile_;
  std::unique_ptr<Stream> stream_;
  uint32_t subgroup_size_;
  bool poison_;  // new and freed blocks are filled with NaN patterns
};

}  // namespace thaw::vulkan
