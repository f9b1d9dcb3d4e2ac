// SPDX-License-Identifier: Apache-2.0
// The fused functions at the sizes where the cpu device's blocks, panels and pieces end: against their default bodies
// on the reference device.
#include "tests/backends/cpu/both_devices.h"

using namespace thaw;
using test::check_both;
using test::random_tensor;

namespace {

struct AttentionCase {
  std::vector<int32_t> queries, keys;
  int64_t heads, size;
  bool causal;
  float dropout;
  bool bias;
};

std::vector<Tensor> run_attention(const AttentionCase& c, Device device) {
  const Segments queries(c.queries, device), keys(c.keys, device);
  // Queries, keys and values are views of wider tensors, as in a model.
  const Tensor q = random_tensor({queries.total(), c.heads + 1, c.size}, device, 1, -2, 2).slice(1, 0, c.heads);
  const Tensor kv = random_tensor({keys.total(), 2, c.heads, c.size}, device, 2, -2, 2);
  const Tensor k = kv.slice(1, 0, 1).squeeze(1), v = kv.slice(1, 1, 2).squeeze(1);
  Attention options;
  options.scale = 1 / std::sqrt(static_cast<double>(c.size));
  options.causal = c.causal;
  options.dropout = {c.dropout, {3, 5}};
  if (c.bias) {
    std::vector<int32_t> buckets;
    const auto span = static_cast<int32_t>(queries.longest() + keys.longest());
    for (int32_t distance = -span; distance <= span; ++distance) buckets.push_back(std::abs(distance) % 7);
    options.bias = RelativeBiasTable{random_tensor({7, c.heads}, device, 3), Indices(buckets, device), span, 0};
  }
  const AttentionResult kept = attention(q, k, v, queries, keys, options, true);
  const Tensor dout = random_tensor(q.shape(), device, 4);
  const AttentionGradients g =
      attention_backward(dout, q, k, v, kept, queries, keys, options, {true, true, true, c.bias});
  const AttentionGradients only_v =
      attention_backward(dout, q, k, v, kept, queries, keys, options, {false, false, true, false});
  return {kept.out, kept.lse, g.q, g.k, g.v, g.table, only_v.v, attention(q, k, v, queries, keys, options, false).out};
}

}  // namespace

TEST_CASE("cpu attention: whole and broken blocks, empty segments, bias, dropout") {
  const std::vector<AttentionCase> cases{
      {{1, 5, 48, 49, 0, 17}, {1, 5, 48, 49, 0, 17}, 3, 16, false, 0.1f, false},
      {{100, 3}, {100, 3}, 2, 32, true, 0, false},
      {{7, 60, 2}, {33, 61, 0}, 2, 8, false, 0.3f, true},
      {{5, 13, 0}, {20, 13, 4}, 3, 20, true, 0.5f, true},
      {{9}, {4}, 1, 5, true, 0, false},
      {{96}, {200}, 1, 64, false, 0, true},
  };
  for (size_t i = 0; i < cases.size(); ++i)
    check_both("case " + std::to_string(i), [&](Device device) { return run_attention(cases[i], device); });
}

TEST_CASE("cpu attention of a step of decoding: a query gives the same bits whatever is beside it") {
  const Device device = Device::open("cpu");
  const std::vector<int32_t> lengths{1, 3, 64, 65, 130, 300, 7, 4};
  const Segments keys(lengths, device), queries(std::vector<int32_t>(lengths.size(), 1), device);
  for (const int64_t size : {5, 16, 64, 72}) {
    const int64_t heads = 3, room = 400;
    const Tensor q = random_tensor({queries.total(), heads, size}, device, 1, -2, 2),
                 k = random_tensor({room, heads, size}, device, 2, -2, 2),
                 v = random_tensor({room, heads, size}, device, 3), table = random_tensor({7, heads}, device, 4);
    std::vector<int32_t> places, buckets;
    for (int32_t t = 0; t < static_cast<int32_t>(keys.total()); ++t)
      places.push_back(t * 7 % static_cast<int32_t>(room));
    for (int32_t distance = 0; distance <= 300; ++distance) buckets.push_back((300 - distance) % 7);
    Attention options{.scale = 0.3, .causal = true};
    options.bias = RelativeBiasTable{table, Indices(buckets, device), 300, 0};
    const Tensor together = decode_attention(q, k, v, queries, keys, Indices(places, device), options);
    for (int64_t b = 0; b < keys.count(); ++b) {
      const std::vector<int32_t> own(places.begin() + keys.begin(b), places.begin() + keys.end(b));
      const Tensor alone = decode_attention(q.slice(0, b, b + 1), k, v, Segments({1}, device),
                                            Segments({keys.length(b)}, device), Indices(own, device), options);
      CHECK(alone.to_bytes() == together.slice(0, b, b + 1).to_bytes());
    }
  }
}

TEST_CASE("cpu norms: odd widths, many rows, each optional part") {
  for (const int64_t channels : {1, 5, 17, 384})
    for (const NormKind kind : {NormKind::layer, NormKind::rms})
      for (const float probability : {0.0f, 0.25f})
        for (const bool has_residual : {false, true})
          check_both(
              fmt::format("{} channels, dropout {}", channels, probability),
              [&](Device device) {
                const Shape shape{131, channels};
                const Tensor x = random_tensor(shape, device, 1, -3, 4), weight = random_tensor({channels}, device, 2),
                             dy = random_tensor(shape, device, 3);
                const Tensor bias = kind == NormKind::layer ? random_tensor({channels}, device, 4) : Tensor();
                const Tensor residual = has_residual ? random_tensor(shape, device, 5) : Tensor();
                const Norm options{kind, 1e-5, {probability, {1, 2}}};
                const NormResult r = norm(x, residual, weight, bias, options, true);
                const NormGradients g = norm_backward(dy, r, weight, options, {true, true, true, bias.defined()});
                return std::vector<Tensor>{r.y,      r.sum,  r.mean,
                                           r.rstd,   g.x,    g.residual,
                                           g.weight, g.bias, norm(x, residual, weight, bias, options, false).y};
              },
              1e-9);
}

TEST_CASE("cpu cross-entropy: long and short rows, ignored rows, smoothing") {
  for (const int64_t classes : {1, 3, 1000, 5003})
    for (const double smoothing : {0.0, 0.1})
      check_both(fmt::format("{} classes", classes), [&](Device device) {
        const Tensor logits = random_tensor({9, classes}, device, 1, -20, 20);
        std::vector<int32_t> labels;
        for (int32_t t = 0; t < 9; ++t) labels.push_back(t % 4 == 3 ? -100 : static_cast<int32_t>(t * 131 % classes));
        const Indices targets(labels, device);
        const CrossEntropy options{-100, smoothing};
        const CrossEntropyResult r = cross_entropy(logits, targets, options, true);
        const Tensor one = random_tensor({}, device, 2);
        return std::vector<Tensor>{r.losses, r.lse,
                                   cross_entropy_backward(one.expand({9}), logits, r.lse, targets, options)};
      });
}

TEST_CASE("cpu optimizer steps: torch's formulas over several tensors") {
  for (const int64_t step : {1, 7})
    for (const bool nesterov : {false, true})
      check_both(fmt::format("step {}", step), [&](Device device) {
        std::vector<Tensor> all;
        for (uint64_t i = 0; i < 2; ++i) {
          const Shape shape{i ? 40000 : 13};
          all.push_back(random_tensor(shape, device, 10 * i));
          all.push_back(random_tensor(shape, device, 10 * i + 1));
          all.push_back(random_tensor(shape, device, 10 * i + 2));
          all.push_back(random_tensor(shape, device, 10 * i + 3, 0, 1));
        }
        const Tensor scale = Tensor::full({}, 0.5, DType::f32, device);
        const std::vector<OptimizerTensor> tensors{{all[0].view(), all[1].view(), all[2].view(), all[3].view(), 0.01f},
                                                   {all[4].view(), all[5].view(), all[6].view(), all[7].view(), 0}};
        AdamWArgs adamw{tensors, 1e-2};
        adamw.step = step;
        adamw.grad_scale = &scale.view();
        device.backend().adamw(adamw);
        device.backend().sgd({tensors, 1e-2, nesterov || step > 1 ? 0.9 : 0.0, nesterov, step, &scale.view()});
        all.push_back(sum_squares(all));
        return all;
      });
}
