// SPDX-License-Identifier: Apache-2.0
// Optimizer steps and the sum of squares for clipping, over all tensors in few launches.
#include <algorithm>
#include <cmath>
#include <deque>

#include "backends/vulkan/shaders.h"
#include "backends/vulkan/stream.h"
#include "backends/vulkan/tensor_list.h"
#include "backends/vulkan/vulkan_backend.h"

namespace thaw::vulkan {
namespace {

// Calls launch(list) for the tensors, as many at a time as a list holds. `add` puts one of them into a list.
template <typename Tensors, typename Add, typename Launch>
void in_lists(uint32_t chunk_size, const Tensors& tensors, const Add& add, const Launch& launch) {
  TensorList list(chunk_size);
  for (const auto& tensor : tensors) {
    add(list, tensor);
    if (list.is_full()) {
      launch(list);
      list = TensorList(chunk_size);
    }
  }
  if (list.tensors() > 0) launch(list);
}

// The blocks of a list and of the two numbers of an optimizer step.
template <typename Args>
std::vector<const Block*> read_blocks(std::vector<const Block*> blocks, const Args& args) {
  blocks.push_back(block_of(args.grad_scale));
  blocks.push_back(block_of(args.guard));
  return blocks;
}

}  // namespace

void VulkanBackend::sum_squares(const View& out, std::span<const View> tensors) {
  const uint32_t chunk_size = tuning_.list_chunk;
  std::vector<Dense> dense;  // keeps copies until the launches are recorded
  uint64_t chunks = 0;
  for (const View& tensor : tensors) {
    dense.push_back(contiguous(tensor));
    chunks += ceil_divide(static_cast<uint64_t>(tensor.numel()), chunk_size);
  }
  const ScratchBlock sums = scratch(std::max<uint64_t>(1, chunks) * sizeof(float));
  uint64_t done = 0;
  in_lists(
      chunk_size, dense, [](TensorList& list, const Dense& tensor) { list.add({&tensor.view}); },
      [&](const TensorList& list) {
        const Parameters parameters(*stream_, list.bytes());
        struct Push {
          uint64_t list, sums;
          uint32_t tensors, chunks;
        } push{parameters.address(), sums.address() + done * sizeof(float), list.tensors(), list.chunks()};
        stream_->dispatch({.shader = shaders::sum_squares,
                           .constants = {tuning_.list_workgroup, chunk_size},
                           .push = bytes_of(push),
                           .groups = groups_over(push.chunks),
                           .reads = list.blocks({0}),
                           .writes = {sums.block()},
                           .label = {"sum_squares", {push.tensors, push.chunks}}});
        done += list.chunks();
      });
  const auto count = static_cast<int64_t>(chunks);
  View total = out;
  total.shape = {1};
  total.strides = {1};
  reduce(ReduceOp::sum, total, {sums.block(), 0, {count}, {1}, DType::f32}, 1, false);
}

void VulkanBackend::adamw(const AdamWArgs& args) {
  const double t = static_cast<double>(args.step);
  in_lists(
      tuning_.list_chunk, args.tensors,
      [&](TensorList& list, const OptimizerTensor& tensor) {
        list.add({&tensor.param, &tensor.grad, &tensor.first, &tensor.second},
                 static_cast<float>(args.learning_rate * static_cast<double>(tensor.weight_decay)));
      },
      [&](const TensorList& list) {
        const Parameters parameters(*stream_, list.bytes());
        struct Push {
          uint64_t list, grad_scale, guard;
          uint32_t tensors, chunks;
          float one_minus_beta1, beta2, one_minus_beta2, root_correction2, eps, rate;
        } push{parameters.address(),
               address_of(args.grad_scale),
               address_of(args.guard),
               list.tensors(),
               list.chunks(),
               static_cast<float>(1 - args.beta1),
               static_cast<float>(args.beta2),
               static_cast<float>(1 - args.beta2),
               static_cast<float>(std::sqrt(1 - std::pow(args.beta2, t))),
               static_cast<float>(args.eps),
               static_cast<float>(args.learning_rate / (1 - std::pow(args.beta1, t)))};
        stream_->dispatch({.shader = shaders::adamw,
                           .constants = {tuning_.list_workgroup, tuning_.list_chunk, args.grad_scale != nullptr,
                                         args.guard != nullptr},
                           .push = bytes_of(push),
                           .groups = groups_over(push.chunks),
                           .reads = read_blocks(list.blocks({0, 1, 2, 3}), args),
                           .writes = list.blocks({0, 2, 3}),
                           .label = {"adamw", {push.tensors, push.chunks}}});
      });
}

void VulkanBackend::sgd(const SgdArgs& args) {
  const bool momentum = args.momentum != 0;
  in_lists(
      tuning_.list_chunk, args.tensors,
      [&](TensorList& list, const OptimizerTensor& tensor) {
        list.add({&tensor.param, &tensor.grad, momentum ? &tensor.first : nullptr}, tensor.weight_decay);
      },
      [&](const TensorList& list) {
        const Parameters parameters(*stream_, list.bytes());
        struct Push {
          uint64_t list, grad_scale, guard;
          uint32_t tensors, chunks;
          float learning_rate, momentum;
        } push{parameters.address(),
               address_of(args.grad_scale),
               address_of(args.guard),
               list.tensors(),
               list.chunks(),
               static_cast<float>(args.learning_rate),
               static_cast<float>(args.momentum)};
        stream_->dispatch({.shader = shaders::sgd,
                           .constants = {tuning_.list_workgroup, tuning_.list_chunk, args.grad_scale != nullptr,
                                         args.guard != nullptr, momentum, args.nesterov, args.step == 1},
                           .push = bytes_of(push),
                           .groups = groups_over(push.chunks),
                           .reads = read_blocks(list.blocks({0, 1, 2}), args),
                           .writes = list.blocks({0, 2}),
                           .label = {"sgd", {push.tensors, push.chunks}}});
      });
}

}  // namespace thaw::vulkan
