// SPDX-License-Identifier: Apache-2.0
// Steps of BERT-base with dropout, clipping and AdamW, the loss read a step later; on Vulkan what a step records,
// submits and waits for.
#include <chrono>
#include <utility>

#include "backends/shared/config.h"
#include "models/bert/classification.h"
#include "nn/optim/adamw.h"
#include "nn/optim/clip.h"
#include "tensor/check.h"
#include "tensor/ops.h"
#include "tests/benchmarks/benchmark.h"
#if THAW_VULKAN
#include "backends/vulkan/stream.h"
#include "backends/vulkan/vulkan_backend.h"
#endif

namespace thaw::benchmarks {
namespace {

// 8 texts of 30 to 37 tokens.
std::vector<Encoding> texts(const BertConfig& config, int64_t seed) {
  std::vector<Encoding> all(8);
  for (size_t b = 0; b < all.size(); ++b)
    for (size_t t = 0; t < 30 + b; ++t) {
      all[b].ids.push_back(static_cast<int32_t>((t * 7919 + b * 104729 + static_cast<size_t>(seed) * 31) %
                                                static_cast<size_t>(config.vocab_size)));
      all[b].type_ids.push_back(0);
    }
  return all;
}

#if THAW_VULKAN
vulkan::StreamCounters counters_of(Device device) {
  auto* backend = dynamic_cast<vulkan::VulkanBackend*>(&device.backend());
  return backend ? backend->stream().counters() : vulkan::StreamCounters();
}
#endif

}  // namespace

void training_step(Device device) {
  BertConfig config;
  ParameterStore store(device, DType::f32, 1);
  const BertForSequenceClassification model(Scope(store), config);
  AdamW optimizer(store);
  store.mode().training = true;
  fmt::print("\n{}\n", training_step_name);
  Pending<float> loss_before;
  for (int64_t step = 0; step < 4; ++step) {
#if THAW_VULKAN
    const vulkan::StreamCounters before = counters_of(device);
#endif
    const auto start = std::chrono::steady_clock::now();
    const BertInput text = BertInput::from_encodings(texts(config, step), device);
    const Variable loss = model.loss(model(text), {{0, 1, 0, 1, 0, 1, 0, 1}, {}});
    backward(loss);
    device.backend().flush();
    if (loss_before.defined()) loss_before.get();
    const GradientNorm norm = clip_gradients(store, 1);
    optimizer.step(1e-5, norm.scale, add(loss.value(), norm.norm));
    optimizer.clear_gradients();
    loss_before = loss.value().to_host_later();
    device.backend().flush();
    const double recorded = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (step == 0) continue;  // makes pipelines, fills the pool
    fmt::print("step {}: {:.3f} s", step, recorded);
#if THAW_VULKAN
    const vulkan::StreamCounters after = counters_of(device);
    if (after.dispatches > 0)
      fmt::print(", {} dispatches, {} copies, {} barriers, {} submissions, {} waits",
                 after.dispatches - before.dispatches, after.copies - before.copies, after.barriers - before.barriers,
                 after.submissions - before.submissions, after.waits - before.waits);
#endif
    fmt::print("\n");
    std::fflush(stdout);
  }
  device.backend().synchronize();
}

}  // namespace thaw::benchmarks
