// SPDX-License-Identifier: Apache-2.0
// The queue of one device: launches are recorded into command buffers, with a barrier only where one needs another's results, and submitted in
// batches. Nothing here waits but wait() and synchronize(); tickets number the submissions.
#pragma once

#include <vulkan/vulkan.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "backends/vulkan/hazards.h"
#include "backends/vulkan/kernel.h"

namespace thaw::vulkan {

class Device;
class PipelineCache;
class Profile;
class Ring;
struct VulkanBlock;

// What was done since the device was opened.
struct StreamCounters {
  uint64_t dispatches = 0;
  uint64_t copies = 0;       // copies and fills by the transfer commands
  uint64_t barriers = 0;
  uint64_t submissions = 0;
  uint64_t waits = 0;        // times the host had to wait for the device
  uint64_t pipelines = 0;    // made (each once)
  uint64_t uploaded_bytes = 0;
  uint64_t downloaded_bytes = 0;
};

// Bytes that the launches recorded during this object's life may read by address: for descriptors larger than push constants.
class Parameters {
 public:
  Parameters(Stream& stream, std::span<const std::byte> bytes);
  ~Parameters();
  Parameters(const Parameters&) = delete;
  Parameters& operator=(const Parameters&) = delete;
  uint64_t address() const { return address_; }

 private:
  Stream& stream_;
  uint64_t address_ = 0;
  uint64_t region_ = 0;
};

class Stream {
 public:
  Stream(Device& device, Profile* profile);
  ~Stream();

  void dispatch(const Dispatch& launch);
  // The transfer commands. Offsets and sizes of fill() are multiples of 4.
  void copy(const Block& to, uint64_t to_offset, const Block& from, uint64_t from_offset, uint64_t bytes);
  void fill(const Block& block, uint64_t offset, uint64_t bytes, uint32_t word);
  // Host bytes into a block, through the staging ring.
  void upload(const Block& to, uint64_t offset, const void* from, uint64_t bytes);

  // Submits what is recorded. Returns the ticket of the last submission.
  uint64_t flush();
  // Waits until the submission (and all before it) is done; submits it first if it is still being recorded.
  void wait(uint64_t ticket);
  void synchronize();
  bool is_done(uint64_t ticket);
  // The ticket that what is recorded now will have.
  uint64_t next_ticket() const { return submitted_ + 1; }

  StreamCounters& counters() { return counters_; }
  const StreamCounters& counters() const { return counters_; }
  Ring& ring() { return *ring_; }

 private:
  uint64_t submitted_ = 0;
  StreamCounters counters_;
  std::unique_ptr<Ring> ring_;
};

}  // namespace thaw::vulkan
