// SPDX-License-Identifier: Apache-2.0
// The queue of one device: launches are recorded into command buffers, with a barrier only where one needs another's
// results, and submitted in batches. Only wait(), synchronize() and a full staging ring wait for the device. Tickets
// number the submissions.
#pragma once

#include <vulkan/vulkan.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "backends/vulkan/hazards.h"
#include "backends/vulkan/kernel.h"
#include "backends/vulkan/pipelines.h"
#include "backends/vulkan/ring.h"

namespace thaw::vulkan {

class Device;
class Profile;
struct VulkanBlock;

// What was done since the device was opened.
struct StreamCounters {
  uint64_t dispatches = 0;
  uint64_t copies = 0;  // copies and fills by transfer commands
  uint64_t barriers = 0;
  uint64_t submissions = 0;
  uint64_t waits = 0;  // times the host had to wait for the device
  uint64_t uploaded_bytes = 0;
  uint64_t downloaded_bytes = 0;
};

class Stream {
 public:
  Stream(const Device& device, Pipelines& pipelines, Profile* profile);
  // Waits for what is under way.
  ~Stream();

  void dispatch(const Dispatch& launch);
  // Transfer commands. Offsets and sizes of fill() are multiples of 4.
  void copy(const Block& to, uint64_t to_offset, const Block& from, uint64_t from_offset, uint64_t bytes);
  void fill(const Block& block, uint64_t offset, uint64_t bytes, uint32_t word);
  // Host bytes into a block, by way of the ring; they are read before this returns.
  void upload(const Block& to, uint64_t offset, const void* from, uint64_t bytes);

  // Submits what is recorded. Returns the ticket of the last submission.
  uint64_t flush();
  // Waits until a submission and all before it are done, and submits it first if it is still being recorded. 0: returns
  // at once.
  void wait(uint64_t ticket);
  void synchronize() { wait(flush()); }
  bool is_done(uint64_t ticket);
  // The ticket of what is recorded next.
  uint64_t next_ticket() const { return submitted_ + 1; }
  // Of the last command, recorded or submitted.
  uint64_t last_ticket() const { return batch_ ? submitted_ + 1 : submitted_; }

  StreamCounters& counters() { return counters_; }
  Ring& ring() { return ring_; }

 private:
  // One command buffer and what is measured in it.
  struct Batch {
    VkCommandPool pool = VK_NULL_HANDLE;
    VkCommandBuffer commands = VK_NULL_HANDLE;
    VkQueryPool times = VK_NULL_HANDLE;
    uint64_t ticket = 0;
    std::vector<Label> labels;        // of the measured commands
    std::vector<VkBufferView> views;  // that its commands fetch from
  };

  VkCommandBuffer open();
  Batch new_batch();
  VkBufferView view_of(const Texels& texels);
  void before(const std::vector<const Block*>& reads, const std::vector<const Block*>& writes);
  template <typename Commands>
  void record(const Label& label, const Commands& commands);
  void after(const std::vector<const Block*>& reads, const std::vector<const Block*>& writes);
  void barrier();
  void retire();
  void destroy_views(Batch& batch);
  void collect(Batch& batch);
  void check_lost(VkResult result, const char* what);

  const Device& device_;
  Pipelines& pipelines_;
  Profile* profile_;
  VkSemaphore timeline_ = VK_NULL_HANDLE;
  Ring ring_;
  Hazards hazards_;
  StreamCounters counters_;
  std::unique_ptr<Batch> batch_;                          // being recorded
  std::deque<std::unique_ptr<Batch>> submitted_batches_;  // oldest first
  std::vector<std::unique_ptr<Batch>> idle_batches_;
  uint64_t submitted_ = 0, completed_ = 0;  // tickets
  uint32_t recorded_ = 0;                   // commands in batch_
  uint32_t batch_size_;                     // commands after which it is submitted
  VkPipeline bound_ = VK_NULL_HANDLE;
  std::deque<Label> recent_;  // the last commands, for the error of a lost device
};

// Bytes that the launches recorded during this object's life may read by address: for descriptors larger than push
// constants.
class Parameters {
 public:
  Parameters(Stream& stream, std::span<const std::byte> bytes);
  ~Parameters() { stream_.ring().give_back(region_.id, stream_.last_ticket()); }
  Parameters(const Parameters&) = delete;
  Parameters& operator=(const Parameters&) = delete;

  uint64_t address() const { return region_.address; }

 private:
  Stream& stream_;
  Ring::Region region_;
};

}  // namespace thaw::vulkan
