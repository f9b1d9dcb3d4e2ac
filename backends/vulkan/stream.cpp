// SPDX-License-Identifier: Apache-2.0
// Recording, barriers, submissions.
#include "backends/vulkan/stream.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <utility>

#include "backends/vulkan/device.h"
#include "backends/vulkan/memory_pool.h"
#include "backends/vulkan/profile.h"
#include "backends/vulkan/result.h"

namespace thaw::vulkan {
namespace {

// The first batch after a wait is small, so that the device starts early; each further one is twice as large.
constexpr uint32_t first_batch = 8, largest_batch = 96;
constexpr size_t remembered_commands = 16;
constexpr uint32_t max_groups = 65535;

constexpr VkPipelineStageFlags work_stages = VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT | VK_PIPELINE_STAGE_TRANSFER_BIT;
constexpr VkAccessFlags work_writes = VK_ACCESS_SHADER_WRITE_BIT | VK_ACCESS_TRANSFER_WRITE_BIT;
constexpr VkAccessFlags work_accesses = work_writes | VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_TRANSFER_READ_BIT;

}  // namespace

Stream::Stream(const Device& device, Pipelines& pipelines, Profile* profile)
    : device_(device), pipelines_(pipelines), profile_(profile), ring_(device, *this), batch_size_(first_batch) {
  VkSemaphoreTypeCreateInfo type{};
  type.sType = VK_STRUCTURE_TYPE_SEMAPHORE_TYPE_CREATE_INFO;
  type.semaphoreType = VK_SEMAPHORE_TYPE_TIMELINE;
  VkSemaphoreCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO;
  info.pNext = &type;
  check_result(vkCreateSemaphore(device_.handle(), &info, nullptr, &timeline_), "vkCreateSemaphore");
}

Stream::~Stream() {
  vkDeviceWaitIdle(device_.handle());
  for (auto& batch : submitted_batches_) {
    collect(*batch);
    idle_batches_.push_back(std::move(batch));
  }
  if (batch_) idle_batches_.push_back(std::move(batch_));
  for (const auto& batch : idle_batches_) {
    destroy_views(*batch);
    vkDestroyQueryPool(device_.handle(), batch->times, nullptr);
    vkDestroyCommandPool(device_.handle(), batch->pool, nullptr);
  }
  vkDestroySemaphore(device_.handle(), timeline_, nullptr);
}

template <typename Commands>
void Stream::record(const Label& label, const Commands& commands) {
  const VkCommandBuffer buffer = batch_->commands;
  recent_.push_back(label);
  if (recent_.size() > remembered_commands) recent_.pop_front();
  if (device_.has_labels()) device_.begin_label(buffer, label.text().c_str());
  const auto query = static_cast<uint32_t>(2 * batch_->labels.size());
  if (batch_->times) vkCmdWriteTimestamp(buffer, VK_PIPELINE_STAGE_TOP_OF_PIPE_BIT, batch_->times, query);
  commands(buffer);
  if (batch_->times) {
    vkCmdWriteTimestamp(buffer, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, batch_->times, query + 1);
    batch_->labels.push_back(label);
  }
  if (device_.has_labels()) device_.end_label(buffer);
}

void Stream::dispatch(const Dispatch& launch) {
  const Groups& groups = launch.groups;
  if (groups.x == 0 || groups.y == 0 || groups.z == 0) return;
  check(groups.x <= max_groups && groups.y <= max_groups && groups.z <= max_groups,
        "vulkan: {}: a grid of {} x {} x {} workgroups", launch.label.text(), groups.x, groups.y, groups.z);
  check(launch.texels.empty() || launch.texels.size() == texel_bindings, "vulkan: {}: {} texel buffers",
        launch.label.text(), launch.texels.size());
  const bool texels = !launch.texels.empty();
  const VkPipeline pipeline = pipelines_.get(launch.shader, launch.constants, texels, launch.subgroup_size);
  const VkPipelineLayout layout = pipelines_.layout(texels);
  before(launch.reads, launch.writes);
  record(launch.label, [&](VkCommandBuffer commands) {
    if (pipeline != bound_) vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline);
    bound_ = pipeline;
    if (!launch.push.empty())
      vkCmdPushConstants(commands, layout, VK_SHADER_STAGE_COMPUTE_BIT, 0, static_cast<uint32_t>(launch.push.size()),
                         launch.push.data());
    if (texels) {
      std::array<VkBufferView, texel_bindings> views;
      std::transform(launch.texels.begin(), launch.texels.end(), views.begin(),
                     [&](const Texels& part) { return view_of(part); });
      device_.push_texels(commands, layout, views);
    }
    vkCmdDispatch(commands, groups.x, groups.y, groups.z);
  });
  ++counters_.dispatches;
  after(launch.reads, launch.writes);
}

void Stream::copy(const Block& to, uint64_t to_offset, const Block& from, uint64_t from_offset, uint64_t bytes) {
  if (bytes == 0) return;
  const VulkanBlock& source = vulkan_block(from);
  const VulkanBlock& target = vulkan_block(to);
  before({&from}, {&to});
  record({"copy", {static_cast<int64_t>(bytes)}}, [&](VkCommandBuffer commands) {
    const VkBufferCopy region{source.offset + from_offset, target.offset + to_offset, bytes};
    vkCmdCopyBuffer(commands, source.chunk->buffer(), target.chunk->buffer(), 1, &region);
  });
  ++counters_.copies;
  after({&from}, {&to});
}

void Stream::fill(const Block& block, uint64_t offset, uint64_t bytes, uint32_t word) {
  if (bytes == 0) return;
  const VulkanBlock& target = vulkan_block(block);
  before({}, {&block});
  record({"fill", {static_cast<int64_t>(bytes)}}, [&](VkCommandBuffer commands) {
    vkCmdFillBuffer(commands, target.chunk->buffer(), target.offset + offset, bytes, word);
  });
  ++counters_.copies;
  after({}, {&block});
}

void Stream::upload(const Block& to, uint64_t offset, const void* from, uint64_t bytes) {
  const VulkanBlock& target = vulkan_block(to);
  for (uint64_t done = 0; done < bytes;) {
    const uint64_t size = std::min(bytes - done, Ring::largest);
    const Ring::Region region = ring_.take(size);
    std::memcpy(region.host, static_cast<const std::byte*>(from) + done, size);
    before({}, {&to});
    record({"upload", {static_cast<int64_t>(size)}}, [&](VkCommandBuffer commands) {
      const VkBufferCopy piece{region.offset, target.offset + offset + done, size};
      vkCmdCopyBuffer(commands, ring_.buffer(), target.chunk->buffer(), 1, &piece);
    });
    ring_.give_back(region.id, next_ticket());
    ++counters_.copies;
    after({}, {&to});
    done += size;
  }
}

uint64_t Stream::flush() {
  if (!batch_) return submitted_;
  // What this batch wrote becomes visible to later batches and to the host.
  VkMemoryBarrier visible{};
  visible.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER;
  visible.srcAccessMask = work_writes;
  visible.dstAccessMask = work_accesses | VK_ACCESS_HOST_READ_BIT;
  vkCmdPipelineBarrier(batch_->commands, work_stages, work_stages | VK_PIPELINE_STAGE_HOST_BIT, 0, 1, &visible, 0,
                       nullptr, 0, nullptr);
  ++counters_.barriers;
  hazards_.next_epoch();
  check_result(vkEndCommandBuffer(batch_->commands), "vkEndCommandBuffer");

  const uint64_t ticket = submitted_ + 1;
  VkTimelineSemaphoreSubmitInfo values{};
  values.sType = VK_STRUCTURE_TYPE_TIMELINE_SEMAPHORE_SUBMIT_INFO;
  values.signalSemaphoreValueCount = 1;
  values.pSignalSemaphoreValues = &ticket;
  VkSubmitInfo submit{};
  submit.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO;
  submit.pNext = &values;
  submit.commandBufferCount = 1;
  submit.pCommandBuffers = &batch_->commands;
  submit.signalSemaphoreCount = 1;
  submit.pSignalSemaphores = &timeline_;
  check_lost(vkQueueSubmit(device_.queue(), 1, &submit, VK_NULL_HANDLE), "vkQueueSubmit");
  batch_->ticket = submitted_ = ticket;
  submitted_batches_.push_back(std::move(batch_));
  ++counters_.submissions;
  batch_size_ = std::min(batch_size_ * 2, largest_batch);
  return ticket;
}

void Stream::wait(uint64_t ticket) {
  if (ticket > submitted_) flush();
  if (is_done(ticket)) return retire();
  VkSemaphoreWaitInfo info{};
  info.sType = VK_STRUCTURE_TYPE_SEMAPHORE_WAIT_INFO;
  info.semaphoreCount = 1;
  info.pSemaphores = &timeline_;
  info.pValues = &ticket;
  check_lost(vkWaitSemaphores(device_.handle(), &info, std::numeric_limits<uint64_t>::max()), "vkWaitSemaphores");
  ++counters_.waits;
  completed_ = std::max(completed_, ticket);
  if (completed_ == submitted_ && !batch_) batch_size_ = first_batch;
  retire();
}

// Takes up what submissions that are done have left: their times, their views, and their command buffers for new use.
void Stream::retire() {
  while (!submitted_batches_.empty() && is_done(submitted_batches_.front()->ticket)) {
    collect(*submitted_batches_.front());
    destroy_views(*submitted_batches_.front());
    idle_batches_.push_back(std::move(submitted_batches_.front()));
    submitted_batches_.pop_front();
  }
}

bool Stream::is_done(uint64_t ticket) {
  if (ticket <= completed_) return true;
  if (ticket > submitted_) return false;
  check_lost(vkGetSemaphoreCounterValue(device_.handle(), timeline_, &completed_), "vkGetSemaphoreCounterValue");
  return ticket <= completed_;
}

// The command buffer being recorded.
VkCommandBuffer Stream::open() {
  if (batch_) return batch_->commands;
  retire();
  if (idle_batches_.empty()) {
    batch_ = std::make_unique<Batch>(new_batch());
  } else {
    batch_ = std::move(idle_batches_.back());
    idle_batches_.pop_back();
    check_result(vkResetCommandPool(device_.handle(), batch_->pool, 0), "vkResetCommandPool");
  }
  VkCommandBufferBeginInfo begin{};
  begin.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO;
  begin.flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT;
  check_result(vkBeginCommandBuffer(batch_->commands, &begin), "vkBeginCommandBuffer");
  if (batch_->times) vkCmdResetQueryPool(batch_->commands, batch_->times, 0, 2 * largest_batch);
  recorded_ = 0;
  bound_ = VK_NULL_HANDLE;
  return batch_->commands;
}

Stream::Batch Stream::new_batch() {
  Batch batch;
  VkCommandPoolCreateInfo pool{};
  pool.sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO;
  pool.flags = VK_COMMAND_POOL_CREATE_TRANSIENT_BIT;
  pool.queueFamilyIndex = device_.queue_family();
  check_result(vkCreateCommandPool(device_.handle(), &pool, nullptr, &batch.pool), "vkCreateCommandPool");
  VkCommandBufferAllocateInfo buffer{};
  buffer.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO;
  buffer.commandPool = batch.pool;
  buffer.level = VK_COMMAND_BUFFER_LEVEL_PRIMARY;
  buffer.commandBufferCount = 1;
  check_result(vkAllocateCommandBuffers(device_.handle(), &buffer, &batch.commands), "vkAllocateCommandBuffers");
  if (profile_ && device_.facts().timestamp_period > 0) {
    VkQueryPoolCreateInfo times{};
    times.sType = VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO;
    times.queryType = VK_QUERY_TYPE_TIMESTAMP;
    times.queryCount = 2 * largest_batch;
    check_result(vkCreateQueryPool(device_.handle(), &times, nullptr, &batch.times), "vkCreateQueryPool");
  }
  return batch;
}

// For the batch being recorded.
VkBufferView Stream::view_of(const Texels& texels) {
  const VulkanBlock& block = vulkan_block(*texels.block);
  const uint64_t texel_size = (texels.quads ? 4 : 1) * (texels.halves ? 2 : 4);
  VkBufferViewCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_BUFFER_VIEW_CREATE_INFO;
  info.buffer = block.chunk->buffer();
  info.format = texels.halves ? (texels.quads ? VK_FORMAT_R16G16B16A16_UINT : VK_FORMAT_R16_UINT)
                              : (texels.quads ? VK_FORMAT_R32G32B32A32_SFLOAT : VK_FORMAT_R32_SFLOAT);
  info.offset = block.offset + texels.offset;
  info.range = std::min(block.size - texels.offset, device_.facts().texel_elements * texel_size);
  VkBufferView view = VK_NULL_HANDLE;
  check_result(vkCreateBufferView(device_.handle(), &info, nullptr, &view), "vkCreateBufferView");
  batch_->views.push_back(view);
  return view;
}

void Stream::destroy_views(Batch& batch) {
  for (const VkBufferView view : batch.views) vkDestroyBufferView(device_.handle(), view, nullptr);
  batch.views.clear();
}

// Places a barrier if the next command may not run beside those since the last one.
void Stream::before(const std::vector<const Block*>& reads, const std::vector<const Block*>& writes) {
  open();
  const bool conflict =
      std::any_of(reads.begin(), reads.end(),
                  [&](const Block* block) { return block && hazards_.read_conflicts(vulkan_block(*block).uses); }) ||
      std::any_of(writes.begin(), writes.end(),
                  [&](const Block* block) { return block && hazards_.write_conflicts(vulkan_block(*block).uses); });
  if (conflict) barrier();
}

void Stream::after(const std::vector<const Block*>& reads, const std::vector<const Block*>& writes) {
  for (const Block* block : reads)
    if (block) hazards_.note_read(vulkan_block(*block).uses, next_ticket());
  for (const Block* block : writes)
    if (block) hazards_.note_write(vulkan_block(*block).uses, next_ticket());
  if (++recorded_ >= batch_size_) flush();
}

void Stream::barrier() {
  VkMemoryBarrier memory{};
  memory.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER;
  memory.srcAccessMask = work_writes;
  memory.dstAccessMask = work_accesses;
  vkCmdPipelineBarrier(batch_->commands, work_stages, work_stages, 0, 1, &memory, 0, nullptr, 0, nullptr);
  ++counters_.barriers;
  hazards_.next_epoch();
}

// The times of a batch that is done.
void Stream::collect(Batch& batch) {
  if (batch.labels.empty()) return;
  std::vector<uint64_t> ticks(2 * batch.labels.size());
  const VkResult result =
      vkGetQueryPoolResults(device_.handle(), batch.times, 0, static_cast<uint32_t>(ticks.size()),
                            ticks.size() * sizeof(uint64_t), ticks.data(), sizeof(uint64_t), VK_QUERY_RESULT_64_BIT);
  const double period = static_cast<double>(device_.facts().timestamp_period);
  for (size_t i = 0; result == VK_SUCCESS && i < batch.labels.size(); ++i)
    profile_->add(batch.labels[i].text(), static_cast<double>(ticks[2 * i]) * period,
                  static_cast<double>(ticks[2 * i + 1]) * period);
  batch.labels.clear();
}

void Stream::check_lost(VkResult result, const char* what) {
  if (result != VK_ERROR_DEVICE_LOST) return check_result(result, what);
  std::string last;
  for (const Label& label : recent_) last += (last.empty() ? "" : ", ") + label.text();
  const std::string fault = device_.fault();
  fail("{}: the device was lost{}{}; the last operations, newest at the end: {}", device_.name(),
       fault.empty() ? "" : ": ", fault, last);
}

Parameters::Parameters(Stream& stream, std::span<const std::byte> bytes)
    : stream_(stream), region_(stream.ring().take(bytes.size())) {
  std::memcpy(region_.host, bytes.data(), bytes.size());
}

}  // namespace thaw::vulkan
