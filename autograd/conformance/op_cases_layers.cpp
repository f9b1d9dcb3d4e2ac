// SPDX-License-Identifier: Apache-2.0
// The op table's rows for what models are made of: norms, attention, losses, optimizer steps. The others are in
// op_cases.cpp.
#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "autograd/conformance/op_table.h"

namespace thaw::ops {
namespace {

const RandomKey key{11, 29};

Shape as_shape(std::initializer_list<int64_t> sizes) { return Shape(sizes); }

// Classes for `count` rows of logits, every fourth one ignored.
Indices some_targets(int64_t count, int64_t classes, Device device, int32_t ignore = -100) {
  std::vector<int32_t> values;
  for (int64_t t = 0; t < count; ++t)
    values.push_back(t % 4 == 3 ? ignore : static_cast<int32_t>((t * 7 + 2) % classes));
  return {values, device};
}

// 0.5, 1.5, 2.5, 0.5, ...
std::vector<double> some_weights(int64_t classes) {
  std::vector<double> weights;
  for (int64_t v = 0; v < classes; ++v) weights.push_back(0.5 + static_cast<double>(v % 3));
  return weights;
}

Variable weighted_loss(const Variable& logits, double smoothing, Device device) {
  return weighted_cross_entropy(logits, some_targets(logits.size(0), logits.size(1), device),
                                some_weights(logits.size(1)), {-100, smoothing});
}

// The loss over w's classes, the logits made in three chunks of rows.
Variable chunked_loss(const Variable& x, const Variable& w, const Variable& b, LinearCrossEntropy options) {
  const int64_t classes = w.size(options.in_out ? 1 : 0);
  options.chunk_bytes = (x.size(0) / 3 + 1) * classes * static_cast<int64_t>(size_of(x.value().dtype()));
  return linear_cross_entropy(x, w, b, some_targets(x.size(0), classes, x.value().device()), options);
}

// `total` tokens in `count` sequences, of which the second is empty.
Segments segments(int64_t total, int64_t count, Device device) {
  std::vector<int32_t> lengths(static_cast<size_t>(count), 0);
  for (int64_t b = 0, left = total; b < count; ++b) {
    if (b == 1 && count > 2) continue;
    const int64_t length = b + 1 == count ? left : std::min(left, total / count + 2 * (b % 2));
    lengths[static_cast<size_t>(b)] = static_cast<int32_t>(length);
    left -= length;
  }
  return {lengths, device};
}

// The bucket of each distance in [-longest, longest], some distances sharing one.
RelativeBiasVariable relative_bias(const Variable& table, int64_t longest, int64_t query_offset = 0) {
  std::vector<int32_t> buckets;
  for (int64_t d = -longest - query_offset; d <= longest; ++d)
    buckets.push_back(static_cast<int32_t>((std::abs(d) / 2 + (d > 0)) % std::max<int64_t>(1, table.size(0))));
  return {table, Indices(buckets, table.value().device()), longest + query_offset, query_offset};
}

// Attention of segments of 2, 0, 1 and 1 queries to 4 (or 0), 3, 11 and 3 keys among in[1] and in[2], some of them more
// than once, or where they lie.
Variable decoded(const Inputs& in, bool has_places, const RelativeBiasVariable& bias = {}) {
  const Segments queries({2, 0, 1, 1}, in.device()), keys({has_places ? 4 : 0, 3, 11, 3}, in.device());
  Attention options{.scale = 0.4, .causal = bias.table.defined()};
  if (options.causal) options.bias = {bias.table.value(), bias.bucket_of, bias.zero, 0};
  std::vector<int32_t> places;
  for (int32_t t = 0; has_places && t < 21; ++t)
    places.push_back((t * 5 + t / 7) % static_cast<int32_t>(in[1].size(0)));
  return Variable(decode_attention(in[0].value(), in[1].value(), in[2].value(), queries, keys,
                                   has_places ? Indices(places, in.device()) : Indices(), options));
}

// Inputs whose gradients come from a launch that makes others too: to leave one out saves its memory.
std::map<size_t, Saving> only_memory(std::initializer_list<size_t> inputs) {
  std::map<size_t, Saving> saves;
  for (const size_t input : inputs) saves[input] = Saving::memory;
  return saves;
}

// Several tensors of different sizes from one input of rows: the first row, the middle, the rest.
std::vector<Tensor> pieces(const Tensor& x) {
  const int64_t rows = x.size(0), a = std::min<int64_t>(1, rows), b = rows / 2 > a ? rows / 2 : a;
  return {x.slice(0, 0, a).clone(), x.slice(0, a, b).clone(), x.slice(0, b, rows).clone()};
}

// Steps 1 and 2 of an optimizer over pieces of param (in[0]) and gradient (in[1]); the parameters and states after
// them, side by side.
template <typename Args>
Variable optimizer_steps(const Inputs& in, Args args) {
  const std::vector<Tensor> params = pieces(in[0].value()), grads = pieces(in[1].value());
  std::vector<Tensor> first, second;
  std::vector<OptimizerTensor> tensors;
  for (size_t i = 0; i < params.size(); ++i) {
    first.push_back(Tensor::zeros(params[i].shape(), params[i].dtype(), in.device()));
    second.push_back(Tensor::zeros(params[i].shape(), params[i].dtype(), in.device()));
    tensors.push_back({params[i].view(), grads[i].view(), first[i].view(), second[i].view(), i == 1 ? 0.0f : 0.1f});
  }
  const Tensor scale = Tensor::full({}, 0.75, in[0].value().dtype(), in.device());
  args.tensors = tensors;
  args.grad_scale = &scale.view();
  for (args.step = 1; args.step <= 2; ++args.step) {
    if constexpr (std::is_same_v<Args, AdamWArgs>) {
      in.device().backend().adamw(args);
    } else {
      in.device().backend().sgd(args);
    }
  }
  std::vector<Tensor> all(params);
  all.insert(all.end(), first.begin(), first.end());
  all.insert(all.end(), second.begin(), second.end());
  return concat(std::span<const Tensor>(all), 0);
}

}  // namespace

void add_layer_ops(OpTable& table) {
  // --- norms ---
  table.fused("layer norm", {uniform("x", 3, 5, 7), uniform("weight", 7), uniform("bias", 7)},
              [](auto& in) { return norm(in[0], {}, in[1], in[2], {}); }, {.saves = only_memory({0, 1, 2})});
  table.fused("layer norm, small eps", {uniform("x", 5, 7), uniform("weight", 7), uniform("bias", 7)},
              [](auto& in) {
                return norm(in[0], {}, in[1], in[2], {NormKind::layer, 1e-12, {}});
              },
              {.smallest = 2, .saves = only_memory({0, 1, 2})});
  table.fused("layer norm without weight", {uniform("x", 5, 7)}, [](auto& in) { return norm(in[0], {}, {}, {}, {}); });
  table.fused("layer norm with residual",
              {uniform("x", 5, 7), uniform("residual", 5, 7), uniform("weight", 7), uniform("bias", 7)},
              [](auto& in) { return norm(in[0], in[1], in[2], in[3], {}); }, {.saves = only_memory({2, 3})});
  table.fused("layer norm with dropout", {uniform("x", 5, 7), uniform("weight", 7), uniform("bias", 7)},
              [](auto& in) {
                return norm(in[0], {}, in[1], in[2], {NormKind::layer, 1e-5, {0.25f, key}});
              },
              {.saves = only_memory({0, 1, 2})});
  table.fused("layer norm with residual and dropout",
              {uniform("x", 3, 5, 7), uniform("residual", 3, 5, 7), uniform("weight", 7), uniform("bias", 7)},
              [](auto& in) {
                return norm(in[0], in[1], in[2], in[3], {NormKind::layer, 1e-5, {0.25f, key}});
              },
              {.saves = only_memory({0, 1, 2, 3})});
  table.fused("layer norm of shifted numbers", {uniform("x", 5, 64), uniform("weight", 64), uniform("bias", 64)},
              [](auto& in) { return norm(affine(in[0], 1, 100), {}, in[1], in[2], {}); },
              {.smallest = 2,
               .bound = 1e-9,
               .reason = "numbers near 100 are themselves rounded to 4e-6",
               .saves = only_memory({0, 1, 2})});
  // The gradient of the sum is that of the residual, and is needed for that of x.
  table.fused("layer norm and its sum",
              {uniform("x", 5, 7), uniform("residual", 5, 7), uniform("weight", 7), uniform("bias", 7)},
              [](auto& in) {
                Variable s;
                const Variable y = norm(in[0], in[1], in[2], in[3], {NormKind::layer, 1e-5, {0.25f, key}}, &s);
                return add(y, mul(s, s));
              },
              {.saves = {{1, Saving::nothing}, {2, Saving::memory}, {3, Saving::memory}}});
  table.fused("layer norm of 768 channels",
              {uniform("x", 9, 768), uniform("residual", 9, 768), uniform("weight", 768), uniform("bias", 768)},
              [](auto& in) {
                return norm(in[0], in[1], in[2], in[3], {NormKind::layer, 1e-12, {0.1f, key}});
              },
              {.largest = -1, .saves = only_memory({0, 1, 2, 3})});
  table.fused("rms norm", {uniform("x", 3, 5, 7), uniform("weight", 7)},
              [](auto& in) {
                return norm(in[0], {}, in[1], {}, {NormKind::rms, 1e-6, {}});
              },
              {.saves = only_memory({0, 1})});
  table.fused("rms norm without weight", {uniform("x", 5, 7)},
              [](auto& in) {
                return norm(in[0], {}, {}, {}, {NormKind::rms, 1e-6, {}});
              },
              {.smallest = 2});
  table.fused("rms norm with residual and dropout",
              {uniform("x", 5, 7), uniform("residual", 5, 7), uniform("weight", 7)},
              [](auto& in) {
                return norm(in[0], in[1], in[2], {}, {NormKind::rms, 1e-6, {0.25f, key}});
              },
              {.saves = only_memory({0, 1, 2})});
  table.fused("rms norm and its sum", {uniform("x", 5, 7), uniform("residual", 5, 7), uniform("weight", 7)},
              [](auto& in) {
                Variable s;
                const Variable y = norm(in[0], in[1], in[2], {}, {NormKind::rms, 1e-6, {}}, &s);
                return add(y, s);
              },
              {.saves = only_memory({2})});
  table.fused("norm and its sum, alone", {uniform("x", 5, 7), uniform("weight", 7)},
              [](auto& in) {
                Variable s;
                const Variable y = norm(in[0], {}, in[1], {}, {}, &s);
                return mul(y, s);
              },
              {.saves = only_memory({1})});

  // --- attention: q [Tq, H, D], k and v [Tk, H, D] ---
  table.fused("attention", {uniform("query", 11, 2, 5), uniform("key", 11, 2, 5), uniform("value", 11, 2, 5)},
              [](auto& in) {
                const Segments s = segments(in[0].size(0), 4, in.device());
                return attention(in[0], in[1], in[2], s, s, {.scale = 0.4});
              },
              {.largest = 257});
  table.fused("attention, one long segment",
              {uniform("query", 67, 2, 5), uniform("key", 67, 2, 5), uniform("value", 67, 2, 5)},
              [](auto& in) {
                const Segments s({static_cast<int32_t>(in[0].size(0))}, in.device());
                return attention(in[0], in[1], in[2], s, s, {.scale = 0.4});
              },
              {.largest = -1});
  table.fused("attention, causal", {uniform("query", 11, 2, 5), uniform("key", 11, 2, 5), uniform("value", 11, 2, 5)},
              [](auto& in) {
                const Segments s = segments(in[0].size(0), 3, in.device());
                return attention(in[0], in[1], in[2], s, s, {.scale = 0.4, .causal = true});
              },
              {.largest = 257});
  table.fused("attention, causal with a cache",
              {uniform("query", 5, 2, 4), uniform("key", 17, 2, 4), uniform("value", 17, 2, 4)},
              [](auto& in) {
                const Segments q({2, 1, 2}, in.device()), k({7, 1, 9}, in.device());
                return attention(in[0], in[1], in[2], q, k, {.scale = 0.5, .causal = true});
              },
              {.largest = 257, .fixed = {5, 17}});
  table.fused("attention across lengths",
              {uniform("query", 11, 2, 5), uniform("key", 13, 2, 5), uniform("value", 13, 2, 5)},
              [](auto& in) {
                return attention(in[0], in[1], in[2], segments(in[0].size(0), 3, in.device()),
                                 segments(in[1].size(0), 3, in.device()), {.scale = 0.4});
              },
              {.largest = 257});
  table.fused("attention with empty segments",
              {uniform("query", 7, 2, 5), uniform("key", 6, 2, 5), uniform("value", 6, 2, 5)},
              [](auto& in) {
                const Segments q({3, 0, 2, 0, 2}, in.device()), k({4, 2, 0, 0, 0}, in.device());
                return attention(in[0], in[1], in[2], q, k, {.scale = 0.4});
              },
              {.largest = 257, .fixed = {6, 7}});
  table.fused("attention with more causal queries than keys",
              {uniform("query", 7, 2, 5), uniform("key", 4, 2, 5), uniform("value", 4, 2, 5)},
              [](auto& in) {
                const Segments q({5, 2}, in.device()), k({2, 2}, in.device());
                return attention(in[0], in[1], in[2], q, k, {.scale = 0.4, .causal = true});
              },
              {.largest = 257, .fixed = {4, 7}});
  table.fused("attention with dropout",
              {uniform("query", 11, 2, 5), uniform("key", 13, 2, 5), uniform("value", 13, 2, 5)},
              [](auto& in) {
                return attention(in[0], in[1], in[2], segments(in[0].size(0), 3, in.device()),
                                 segments(in[1].size(0), 3, in.device()), {.scale = 0.4, .dropout = {0.3f, key}});
              },
              {.largest = 257});
  table.fused(
      "attention with a relative bias",
      {uniform("query", 11, 2, 5), uniform("key", 11, 2, 5), uniform("value", 11, 2, 5), uniform("bias table", 8, 2)},
      [](auto& in) {
        const Segments s = segments(in[0].size(0), 3, in.device());
        return attention(in[0], in[1], in[2], s, s, {.scale = 0.4}, relative_bias(in[3], in[0].size(0)));
      },
      {.smallest = 1, .largest = 257, .saves = only_memory({3})});
  table.fused(
      "attention with everything",
      {uniform("query", 5, 2, 4), uniform("key", 17, 2, 4), uniform("value", 17, 2, 4), uniform("bias table", 8, 2)},
      [](auto& in) {
        const Segments q({2, 1, 2}, in.device()), k({7, 1, 9}, in.device());
        const Attention options{.scale = 0.5, .causal = true, .dropout = {0.3f, key}};
        return attention(in[0], in[1], in[2], q, k, options, relative_bias(in[3], 17, 5));
      },
      {.largest = 257, .fixed = {5, 17, 8}, .saves = only_memory({3})});
  table.fused("attention over slices of one projection", {uniform("projection", 11, 30)},
              [](auto& in) {
                const Segments s = segments(in[0].size(0), 3, in.device());
                const auto part = [&](int64_t i) {
                  return reshape(slice(in[0], 1, 10 * i, 10 * i + 10), as_shape({in[0].size(0), 2, 5}));
                };
                return attention(part(0), part(1), part(2), s, s, {.scale = 0.4});
              },
              {.largest = 257, .fixed = {30}});
  table.fused("attention, head size 1", {uniform("query", 7, 3, 1), uniform("key", 7, 3, 1), uniform("value", 7, 3, 1)},
              [](auto& in) {
                const Segments s = segments(7, 2, in.device());
                return attention(in[0], in[1], in[2], s, s, {.causal = true, .dropout = {0.2f, key}});
              },
              {.largest = -1});
  table.fused("attention, head size 32",
              {uniform("query", 37, 2, 32), uniform("key", 41, 2, 32), uniform("value", 41, 2, 32)},
              [](auto& in) {
                const Segments q({20, 17}, in.device()), k({5, 36}, in.device());
                return attention(in[0], in[1], in[2], q, k, {.scale = 0.177, .dropout = {0.2f, key}});
              },
              {.largest = -1});
  table.fused("attention, head size 64",
              {uniform("query", 70, 2, 64), uniform("key", 70, 2, 64), uniform("value", 70, 2, 64)},
              [](auto& in) {
                const Segments s({35, 2, 33}, in.device());
                return attention(in[0], in[1], in[2], s, s, {.scale = 0.125, .causal = true, .dropout = {0.1f, key}});
              },
              {.largest = -1});
  table.fused("attention, head size 80",
              {uniform("query", 19, 1, 80), uniform("key", 19, 1, 80), uniform("value", 19, 1, 80),
               uniform("bias table", 6, 1)},
              [](auto& in) {
                const Segments s({9, 10}, in.device());
                return attention(in[0], in[1], in[2], s, s, {.scale = 0.11}, relative_bias(in[3], 10));
              },
              {.largest = -1,
               .bound = 1e-9,
               .reason = "the table's gradient cancels to 0 where all queries are one",
               .saves = only_memory({3})});

  table.fused_value("decode_attention",
                    {uniform("query", 4, 2, 5), uniform("key pool", 17, 2, 5), uniform("value pool", 17, 2, 5)},
                    [](auto& in) { return decoded(in, true); }, {.smallest = 1, .largest = 257, .fixed = {4}});
  table.fused_value("decode_attention of keys in order",
                    {uniform("query", 4, 2, 64), uniform("key pool", 17, 2, 64), uniform("value pool", 17, 2, 64)},
                    [](auto& in) { return decoded(in, false); }, {.largest = 257, .fixed = {4, 17}});
  table.fused_value("decode_attention with a relative bias",
                    {uniform("query", 4, 3, 37), uniform("key pool", 17, 3, 37), uniform("value pool", 17, 3, 37),
                     uniform("bias table", 8, 3)},
                    [](auto& in) { return decoded(in, true, relative_bias(in[3], 11)); },
                    {.smallest = 1, .largest = 257, .fixed = {4, 8}});

  // --- pooling ---
  table.op("mean_segments", {uniform(11, 7)},
           [](auto& in) { return mean_segments(in[0], segments(in[0].size(0), 3, in.device())); });

  // --- losses ---
  table.fused(
      "cross_entropy", {uniform("logits", 11, 7)},
      [](auto& in) { return cross_entropy(scale(in[0], 3), some_targets(in[0].size(0), in[0].size(1), in.device())); },
      {.smallest = 1});
  table.fused(
      "cross_entropy, smoothed", {uniform("logits", 11, 7)},
      [](auto& in) {
        return cross_entropy(scale(in[0], 3), some_targets(in[0].size(0), in[0].size(1), in.device(), 1), {1, 0.1});
      },
      {.smallest = 3});
  table.fused(
      "cross_entropy by a given count", {uniform("logits", 11, 7)},
      [](auto& in) { return cross_entropy(in[0], some_targets(in[0].size(0), in[0].size(1), in.device()), {}, 5); },
      {.smallest = 1});
  table.fused("cross_entropy, everything ignored", {uniform("logits", 3, 7)},
              [](auto& in) { return cross_entropy(in[0], Indices(std::vector<int32_t>(3, -100), in.device())); },
              {.fixed = {3}});
  table.fused("cross_entropy over many classes", {uniform("logits", 3, 30522)},
              [](auto& in) {
                return cross_entropy(in[0], some_targets(3, 30522, in.device()), {-100, 0.05});
              },
              {.largest = -1});
  table.op("binary_cross_entropy", {uniform("logits", 5, 7), mask("targets", 5, 7)},
           [](auto& in) { return binary_cross_entropy(scale(in[0], 5), in[1].value()); });
  table.op("cross_entropy_rows", {uniform("logits", 11, 7)},
           [](auto& in) {
             return cross_entropy_rows(scale(in[0], 3), some_targets(in[0].size(0), in[0].size(1), in.device()),
                                       {-100, 0.1});
           },
           {.smallest = 1});
  const std::vector<Input> loss_inputs{uniform("input", 11, 5), uniform("weight", 7, 5), uniform("bias", 7)};
  table.op("linear_cross_entropy", loss_inputs, [](auto& in) { return chunked_loss(in[0], in[1], in[2], {}); },
           {.smallest = 1, .largest = 257});
  table.op("linear_cross_entropy, smoothed and scaled", loss_inputs,
           [](auto& in) {
             return chunked_loss(in[0], in[1], in[2], {.loss = {-100, 0.1}, .scale = 0.3});
           },
           {.smallest = 1, .largest = 257});
  table.op("linear_cross_entropy, weight stored [C, V]", {uniform("input", 11, 5), uniform("weight", 5, 7)},
           [](auto& in) { return chunked_loss(in[0], in[1], {}, {.in_out = true}); }, {.smallest = 1, .largest = 257});
  table.op("linear_cross_entropy of few rows", loss_inputs,
           [](auto& in) {
             return linear_cross_entropy(in[0], in[1], in[2], some_targets(in[0].size(0), in[1].size(0), in.device()),
                                         {.scale = 0.3}, 5);
           },
           {.smallest = 1, .largest = 257});
  table.op("weighted_cross_entropy", {uniform("logits", 11, 7)},
           [](auto& in) { return weighted_loss(scale(in[0], 3), 0, in.device()); }, {.smallest = 1});
  table.op("weighted_cross_entropy, smoothed", {uniform("logits", 11, 7)},
           [](auto& in) { return weighted_loss(scale(in[0], 3), 0.2, in.device()); }, {.smallest = 1});
  table.op("weighted_binary_cross_entropy", {uniform("logits", 5, 7), mask("targets", 5, 7)}, [](auto& in) {
    return weighted_binary_cross_entropy(scale(in[0], 5), in[1].value(), some_weights(in[0].size(1)));
  });
  table.op("mean_squared_error", {uniform("x", 5, 7), constant(uniform("target", 5, 7))},
           [](auto& in) { return mean_squared_error(in[0], in[1].value()); });

  // --- optimizers, over several tensors ---
  table.fused_value("adamw", {constant(uniform("parameter", 9, 7)), constant(uniform("gradient", 9, 7))}, [](auto& in) {
    return optimizer_steps(in, AdamWArgs{.learning_rate = 0.01, .beta1 = 0.9, .beta2 = 0.99});
  });
  table.fused_value("sgd", {constant(uniform("parameter", 9, 7)), constant(uniform("gradient", 9, 7))},
                    [](auto& in) { return optimizer_steps(in, SgdArgs{.learning_rate = 0.1}); });
  table.fused_value("sgd with momentum", {constant(uniform("parameter", 9, 7)), constant(uniform("gradient", 9, 7))},
                    [](auto& in) { return optimizer_steps(in, SgdArgs{.learning_rate = 0.1, .momentum = 0.9}); });
  table.fused_value(
      "sgd, nesterov", {constant(uniform("parameter", 9, 7)), constant(uniform("gradient", 9, 7))},
      [](auto& in) { return optimizer_steps(in, SgdArgs{.learning_rate = 0.1, .momentum = 0.9, .nesterov = true}); });
}

}  // namespace thaw::ops
