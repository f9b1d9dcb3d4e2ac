// SPDX-License-Identifier: Apache-2.0
// Optimizer steps over many tensors, in pieces that all threads share.
#include <algorithm>
#include <cmath>
#include <vector>

#include "backends/cpu/cpu_backend.h"
#include "backends/cpu/kernels.h"
#include "backends/cpu/parallel.h"
#include "backends/cpu/profile.h"

namespace thaw::cpu {
namespace {

// Calls f(tensor, begin, count) for pieces of all tensors.
template <typename F>
void for_pieces(std::span<const OptimizerTensor> tensors, const F& f) {
  constexpr int64_t piece = 1 << 15;
  std::vector<std::pair<const OptimizerTensor*, int64_t>> pieces;
  for (const OptimizerTensor& tensor : tensors)
    for (int64_t begin = 0; begin < tensor.param.numel(); begin += piece) pieces.emplace_back(&tensor, begin);
  parallel_tasks(static_cast<int64_t>(pieces.size()), [&](int64_t task) {
    const auto& [tensor, begin] = pieces[static_cast<size_t>(task)];
    f(*tensor, begin, std::min(piece, tensor->param.numel() - begin));
  });
}

float number(const View* view) { return view ? *view->as<float>() : 1; }

bool is_guarded(const View* guard) { return guard && !std::isfinite(*guard->as<float>()); }

}  // namespace

void CpuBackend::adamw(const AdamWArgs& args) {
  const Timed timed("adamw");
  if (is_guarded(args.guard)) return;
  const double t = static_cast<double>(args.step);
  AdamWStep common;
  common.one_minus_beta1 = static_cast<float>(1 - args.beta1);
  common.beta2 = static_cast<float>(args.beta2);
  common.one_minus_beta2 = static_cast<float>(1 - args.beta2);
  common.step_size = static_cast<float>(args.learning_rate / (1 - std::pow(args.beta1, t)));
  common.root_of_correction2 = static_cast<float>(std::sqrt(1 - std::pow(args.beta2, t)));
  common.eps = static_cast<float>(args.eps);
  common.grad_scale = number(args.grad_scale);
  for_pieces(args.tensors, [&](const OptimizerTensor& tensor, int64_t begin, int64_t n) {
    AdamWStep step = common;
    step.decay = static_cast<float>(args.learning_rate * tensor.weight_decay);
    kernels().adamw(tensor.param.as<float>() + begin, tensor.grad.as<float>() + begin, tensor.first.as<float>() + begin,
                    tensor.second.as<float>() + begin, n, step);
  });
}

void CpuBackend::sgd(const SgdArgs& args) {
  const Timed timed("sgd");
  if (is_guarded(args.guard)) return;
  for_pieces(args.tensors, [&](const OptimizerTensor& tensor, int64_t begin, int64_t n) {
    const SgdStep step{static_cast<float>(args.learning_rate),
                       static_cast<float>(args.momentum),
                       static_cast<float>(tensor.weight_decay),
                       number(args.grad_scale),
                       args.nesterov,
                       args.step == 1};
    float* const buffer = args.momentum != 0 ? tensor.first.as<float>() + begin : nullptr;
    kernels().sgd(tensor.param.as<float>() + begin, tensor.grad.as<float>() + begin, buffer, n, step);
  });
}

}  // namespace thaw::cpu
