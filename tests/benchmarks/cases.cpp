// SPDX-License-Identifier: Apache-2.0
// The cases. T tokens, C channels, H heads, D head size, V classes.
#include <fmt/format.h>

#include "tensor/ops.h"
#include "tests/benchmarks/benchmark.h"

namespace thaw::benchmarks {
namespace {

constexpr int64_t T = 512, C = 768, F = 3072, H = 12, D = 64, V = 30522;

Tensor numbers(const Shape& shape, Device device, uint64_t stream = 1) {
  return affine(uniform(shape, {7, stream}, DType::f32, device), 2, -1);
}

Case product(int64_t m, int64_t k, int64_t n, const char* layout) {
  const std::string name = layout;
  const bool transposed_a = name == "TN", transposed_b = name == "NT";
  return {fmt::format("matmul {} {}x{}x{}", layout, m, k, n), Unit::gflops,
          2.0 * static_cast<double>(m) * static_cast<double>(k) * static_cast<double>(n), [=](Device device) {
            const Tensor a = transposed_a ? numbers({k, m}, device).transpose() : numbers({m, k}, device);
            const Tensor b = transposed_b ? numbers({n, k}, device, 2).transpose() : numbers({k, n}, device, 2);
            return [=] { matmul(a, b); };
          }};
}

// `tensors` of [T, C] are read or written.
Case stream_of(const char* name, double tensors,
               std::function<std::function<void()>(const Tensor&, const Tensor&)> make) {
  return {fmt::format("{} {}x{}", name, T, C), Unit::gigabytes, tensors * static_cast<double>(T * C) * sizeof(float),
          [=](Device device) {
            return make(numbers({T, C}, device), numbers({T, C}, device, 2));
          }};
}

Case attention_case(bool backwards) {
  // 4 D operations for each score and 10 D for its gradients.
  const int64_t texts = 4, length = T / texts;
  const double scores = static_cast<double>(texts * H * length * length);
  return {fmt::format("attention{} {} x {} tokens, {} heads", backwards ? " backward" : "", texts, length, H),
          Unit::gflops, scores * static_cast<double>(D) * (backwards ? 10 : 4), [=](Device device) {
            const Tensor q = numbers({T, H, D}, device, 1), k = numbers({T, H, D}, device, 2),
                         v = numbers({T, H, D}, device, 3), dout = numbers({T, H, D}, device, 4);
            const Segments segments(std::vector<int32_t>(texts, static_cast<int32_t>(length)), device);
            Attention options;
            options.scale = 0.125;
            const AttentionResult kept = attention(q, k, v, segments, segments, options, true);
            return [=]() {
              if (backwards) {
                attention_backward(dout, q, k, v, kept, segments, segments, options, {true, true, true, false});
              } else {
                attention(q, k, v, segments, segments, options, false);
              }
            };
          }};
}

Case cross_entropy_case(bool backwards) {
  const int64_t rows = 128;
  return {fmt::format("cross-entropy{} {}x{}", backwards ? " backward" : "", rows, V), Unit::gigabytes,
          (backwards ? 2.0 : 1.0) * static_cast<double>(rows * V) * sizeof(float), [=](Device device) {
            const Tensor logits = numbers({rows, V}, device);
            std::vector<int32_t> classes(static_cast<size_t>(rows));
            for (size_t t = 0; t < classes.size(); ++t)
              classes[t] = static_cast<int32_t>(t * 7919 % static_cast<size_t>(V));
            const Indices targets(classes, device);
            const CrossEntropyResult kept = cross_entropy(logits, targets, {}, true);
            const Tensor dlosses = numbers({rows}, device, 3);
            return [=]() {
              if (backwards) {
                cross_entropy_backward(dlosses, logits, kept.lse, targets, {});
              } else {
                cross_entropy(logits, targets, {}, false);
              }
            };
          }};
}

Case adamw_case() {
  const int64_t count = C * F;
  return {fmt::format("AdamW {} numbers", count), Unit::gigabytes, 7.0 * static_cast<double>(count) * sizeof(float),
          [=](Device device) {
            const Tensor p = numbers({count}, device, 1), g = numbers({count}, device, 2),
                         m = Tensor::zeros({count}, DType::f32, device), v = Tensor::zeros({count}, DType::f32, device);
            return [=]() {
              const OptimizerTensor tensor{p.view(), g.view(), m.view(), v.view(), 0.01f};
              AdamWArgs args;
              args.tensors = std::span(&tensor, 1);
              args.learning_rate = 1e-4;
              device.backend().adamw(args);
            };
          }};
}

}  // namespace

std::vector<Case> cases() {
  std::vector<Case> all{product(T, C, C, "NN"), product(T, C, C, "NT"), product(T, F, C, "NT"),
                        product(C, T, F, "TN"), attention_case(false),  attention_case(true)};
  all.push_back(stream_of("layer norm", 2, [](const Tensor& x, const Tensor&) {
    const Tensor weight = Tensor::full({C}, 1, DType::f32, x.device()),
                 bias = Tensor::zeros({C}, DType::f32, x.device());
    return [=] { norm(x, {}, weight, bias, {}, false); };
  }));
  all.push_back(stream_of("layer norm backward", 3, [](const Tensor& x, const Tensor& dy) {
    const Tensor weight = Tensor::full({C}, 1, DType::f32, x.device()),
                 bias = Tensor::zeros({C}, DType::f32, x.device());
    const NormResult kept = norm(x, {}, weight, bias, {}, true);
    return [=] { norm_backward(dy, kept, weight, {}, {true, false, true, true}); };
  }));
  all.push_back(stream_of("add", 3, [](const Tensor& x, const Tensor& y) { return [=] { add(x, y); }; }));
  all.push_back(stream_of("gelu", 2, [](const Tensor& x, const Tensor&) { return [=] { unary(UnaryOp::gelu, x); }; }));
  all.push_back(stream_of("gelu backward", 3, [](const Tensor& x, const Tensor& dy) {
    return [=] { unary_backward(UnaryOp::gelu, dy, x); };
  }));
  all.push_back(stream_of("dropout + residual", 3, [](const Tensor& x, const Tensor& y) {
    return [=] { dropout(x, {0.1f, {1, 2}}, y); };
  }));
  all.push_back(stream_of("softmax", 2, [](const Tensor& x, const Tensor&) { return [=] { softmax(x); }; }));
  all.push_back(stream_of("sum of rows", 1, [](const Tensor& x, const Tensor&) { return [=] { sum_rows(x); }; }));
  all.push_back(stream_of("copy transposed", 2,
                          [](const Tensor& x, const Tensor&) { return [=] { x.transpose().contiguous(); }; }));
  all.push_back(cross_entropy_case(false));
  all.push_back(cross_entropy_case(true));
  all.push_back(adamw_case());
  return all;
}

}  // namespace thaw::benchmarks
