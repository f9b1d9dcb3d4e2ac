// SPDX-License-Identifier: Apache-2.0
// Opening the backend, its memory, and the ways between host and device.
#include "backends/vulkan/vulkan_backend.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <limits>

#include "backends/shared/config.h"
#include "backends/vulkan/cache_file.h"
#include "backends/vulkan/describe.h"
#include "backends/vulkan/device.h"
#include "backends/vulkan/environment.h"
#include "backends/vulkan/memory_pool.h"
#include "backends/vulkan/pipelines.h"
#include "backends/vulkan/profile.h"
#include "backends/vulkan/read_facts.h"
#include "backends/vulkan/stream.h"
#include "tensor/check.h"

namespace thaw::vulkan {
namespace {

constexpr uint32_t nan_pattern = 0xFFFFFFFF;  // NaN in f32, bf16 and f16

// The copy that is under way lies in host memory.
class VulkanRead final : public PendingRead {
 public:
  VulkanRead(Stream& stream, Block* block)
      : stream_(stream), block_(block), ticket_(vulkan_block(*block).uses.write_ticket) {}
  ~VulkanRead() override { block_->backend->release(block_); }
  const void* wait() override {
    stream_.wait(ticket_);
    return vulkan_block(*block_).mapped();
  }

 private:
  Stream& stream_;
  Block* block_;
  uint64_t ticket_;
};

// The subgroup size that all pipelines are to have; 0: what the driver likes.
uint32_t forced_subgroup_size(const Device& device) {
  const uint32_t size = environment_number("THAW_VULKAN_SUBGROUP", 0);
  if (size == 0) return 0;
  const Facts& facts = device.facts();
  check(facts.subgroup_size_control && size >= facts.min_subgroup_size && size <= facts.max_subgroup_size &&
            (size & (size - 1)) == 0,
        "THAW_VULKAN_SUBGROUP: {} allows sizes from {} to {}, not {}", device.name(), facts.min_subgroup_size,
        facts.max_subgroup_size, size);
  return size;
}

uint64_t memory_limit() {
  const uint32_t megabytes = environment_number("THAW_VULKAN_MEMORY_MB", 0);
  return megabytes ? uint64_t{megabytes} * 1'000'000 : std::numeric_limits<uint64_t>::max();
}

}  // namespace

VulkanBackend::VulkanBackend(const std::string& which)
    : device_(std::make_unique<Device>(which)),
      tuning_(tuning_for(device_->facts(), environment_text("THAW_VULKAN_TUNING"))),
      poison_(THAW_DEBUG || environment_number("THAW_VULKAN_POISON", 0) != 0) {
  const uint32_t tensors = tensor_memory_type(device_->memory()), host = host_memory_type(device_->memory(), true);
  pool_ = std::make_unique<MemoryPool>(*device_, tensors, memory_limit(), stats_);
  if (host != tensors) host_pool_ = std::make_unique<MemoryPool>(*device_, host, memory_limit(), stats_);
  const uint32_t forced = forced_subgroup_size(*device_);
  subgroup_size_ = forced ? forced : device_->facts().subgroup_size;
  pipelines_ = std::make_unique<Pipelines>(*device_, cache_path(device_->facts()), forced);
  if (const std::string trace = environment_text("THAW_VULKAN_PROFILE"); !trace.empty())
    profile_ = std::make_unique<Profile>(trace);
  stream_ = std::make_unique<Stream>(*device_, *pipelines_, profile_.get());
}

VulkanBackend::~VulkanBackend() = default;

void VulkanBackend::finish() noexcept {
  try {
    // What is not submitted yet, nobody can ask for any more; and layers record nothing once the program's exit has
    // taken their tables.
    stream_->wait(stream_->next_ticket() - 1);
    pipelines_->save();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
}

std::string VulkanBackend::name() const { return device_->name(); }
std::string VulkanBackend::description() const { return describe(device_->facts(), tuning_); }
const Facts& VulkanBackend::facts() const { return device_->facts(); }
MemoryStats& VulkanBackend::memory() { return stats_; }

bool VulkanBackend::supports(DType dtype) const {
  switch (dtype) {
    case DType::f32:
    case DType::i32: return true;
    case DType::bf16:
    case DType::f16: return device_->facts().storage_16bit;
    case DType::u8: return device_->facts().storage_8bit;
    case DType::f64: return false;
  }
  return false;
}

Block* VulkanBackend::allocate(size_t bytes) { return allocate_from(*pool_, bytes); }

Block* VulkanBackend::allocate_from(MemoryPool& pool, size_t bytes) {
  check(bytes <= device_->facts().max_buffer, "{}: {} bytes asked for in one piece; the device gives at most {}",
        name(), bytes, device_->facts().max_buffer);
  VulkanBlock* block = pool.allocate(bytes);
  if (!block) {
    stream_->synchronize();
    pool_->trim();
    if (host_pool_) host_pool_->trim();
    block = pool.allocate(bytes);
  }
  if (!block) throw OutOfMemory(name(), bytes, stats_);
  block->backend = this;
  block->pool = &pool;
  stats_.allocated(bytes);
  if (poison_) stream_->fill(*block, 0, block->size, nan_pattern);
  return block;
}

void VulkanBackend::release(Block* block) noexcept {
  auto* own = static_cast<VulkanBlock*>(block);
  stats_.released(own->bytes);
  if (poison_) stream_->fill(*own, 0, own->size, nan_pattern);
  own->pool->release(own);
}

void VulkanBackend::upload(Block& to, size_t byte_offset, const void* from, size_t bytes) {
  if (bytes == 0) return;
  const VulkanBlock& block = vulkan_block(to);
  stream_->counters().uploaded_bytes += bytes;
  // Memory that no command uses any more is written directly.
  if (block.mapped() && stream_->is_done(block.uses.last_ticket())) {
    std::memcpy(block.mapped() + byte_offset, from, bytes);
  } else {
    stream_->upload(to, byte_offset, from, bytes);
  }
}

// A copy in memory that the host reads well, recorded.
Block* VulkanBackend::host_copy(const Block& from, size_t byte_offset, size_t bytes) {
  Block* copy = allocate_from(host_pool_ ? *host_pool_ : *pool_, bytes);
  stream_->copy(*copy, 0, from, byte_offset, bytes);
  return copy;
}

void VulkanBackend::download(const Block& from, size_t byte_offset, void* to, size_t bytes) {
  if (bytes == 0) return;
  const VulkanBlock& block = vulkan_block(from);
  stream_->counters().downloaded_bytes += bytes;
  if (block.mapped() && device_->facts().host_cached) {
    stream_->wait(block.uses.write_ticket);
    std::memcpy(to, block.mapped() + byte_offset, bytes);
  } else {
    VulkanRead read(*stream_, host_copy(from, byte_offset, bytes));
    std::memcpy(to, read.wait(), bytes);
  }
}

std::unique_ptr<PendingRead> VulkanBackend::download_later(const Block& from, size_t byte_offset, size_t bytes) {
  stream_->counters().downloaded_bytes += bytes;
  return std::make_unique<VulkanRead>(*stream_, host_copy(from, byte_offset, bytes));
}

void VulkanBackend::flush() { stream_->flush(); }
void VulkanBackend::synchronize() { stream_->synchronize(); }

Dense VulkanBackend::contiguous(const View& view) {
  if (view.is_contiguous()) return {view, std::nullopt};
  ScratchBlock block = scratch(static_cast<size_t>(view.numel()) * size_of(view.dtype));
  View copied{block.block(), 0, view.shape, contiguous_strides(view.shape), view.dtype};
  copy(copied, view);
  return {copied, std::move(block)};
}

Dense VulkanBackend::dense_rows(const View& view) {
  if (view.has_dense_rows()) return {view, std::nullopt};
  return contiguous(view);
}

}  // namespace thaw::vulkan
