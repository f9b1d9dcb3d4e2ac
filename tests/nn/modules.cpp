// SPDX-License-Identifier: Apache-2.0
// Modules against plain compositions of tensor functions, and when dropout acts.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "nn/activation.h"
#include "nn/adapters.h"
#include "nn/attention.h"
#include "nn/embedding.h"
#include "nn/feed_forward.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/frozen_block.h"
#include "nn/norm.h"

using namespace thaw;

namespace {

const Init spread = Init::normal(0.5);

Tensor numbers(const Shape& shape, Device device, const std::string& name) {
  return Tensor::from_host(Init::normal(1).values(shape, 11, name), shape, device);
}

void check_close(const Tensor& got, const Tensor& expected, double tolerance = 1e-5) {
  REQUIRE(got.shape() == expected.shape());
  const auto a = got.to_host<double>(), b = expected.to_host<double>();
  double worst = 0;
  for (size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(a[i] - b[i]));
  CHECK(worst <= tolerance);
}

int64_t zeros_in(const Tensor& x) {
  const std::vector<float> values = x.to_host<float>();
  return std::count(values.begin(), values.end(), 0.0f);
}

}  // namespace

TEST_CASE("modules: names, shapes and values of linear and embedding") {
  const Device device = Device::from_environment();
  ParameterStore store(device);
  const Scope s(store);
  const Linear dense(s / "dense", 4, 3, spread);
  const Linear plain(s / "plain", 4, 3, spread, false);
  CHECK(store.find("dense.weight").value().shape() == Shape{3, 4});
  CHECK(store.find("dense.bias").value().shape() == Shape{3});
  CHECK_FALSE(plain.bias.defined());
  CHECK(store.all().size() == 3);
  const Tensor x = numbers({2, 5, 4}, device, "x");
  check_close(plain(x).value(), matmul(x, plain.weight.value().transpose()));
  dense.bias.value().copy_from(numbers({3}, device, "b"));
  check_close(dense(x, UnaryOp::tanh).value(),
              unary(UnaryOp::tanh, add(matmul(x, dense.weight.value().transpose()), dense.bias.value())));

  const Embedding table(s / "table", 6, 4, spread);
  const Tensor rows = table(Indices({5, 0, 5}, device)).value();
  check_close(rows.slice(0, 2, 3), table.weight.value().slice(0, 5, 6), 0);
  check_close(rows.slice(0, 1, 2), table.weight.value().slice(0, 0, 1), 0);
}

TEST_CASE("modules: norms of the sum of a residual and what comes in") {
  const Device device = Device::from_environment();
  ParameterStore store(device);
  const LayerNorm layer(Scope(store) / "LayerNorm", 8, 1e-5);
  const RMSNorm rms(Scope(store) / "layer_norm", 8, 1e-6);
  layer.weight.value().copy_from(numbers({8}, device, "w"));
  layer.bias.value().copy_from(numbers({8}, device, "b"));
  rms.weight.value().copy_from(numbers({8}, device, "w"));
  const Tensor x = numbers({5, 8}, device, "x"), r = numbers({5, 8}, device, "r"), both = add(x, r);
  const Tensor centred = sub(both, mean(both, {1}, true));
  const auto normalised = [](const Tensor& t, double eps) {
    return mul(t, unary(UnaryOp::rsqrt, affine(mean(unary(UnaryOp::square, t), {1}, true), 1, eps)));
  };
  Variable sum;
  check_close(layer(x, r, {}, &sum).value(),
              add(mul(normalised(centred, 1e-5), layer.weight.value()), layer.bias.value()));
  check_close(sum.value(), both, 0);
  check_close(rms(x, r).value(), mul(normalised(both, 1e-6), rms.weight.value()));
  check_close(layer(both).value(), layer(x, r).value());
  CHECK_FALSE(LayerNorm(Scope(store) / "free", 8, 1e-5, false).bias.defined());
}

TEST_CASE("modules: feed-forward is two products") {
  const Device device = Device::from_environment();
  ParameterStore store(device);
  const Scope s(store);
  const FeedForward ffn(s / "intermediate.dense", s / "output.dense", {.channels = 4, .inner_channels = 10}, spread);
  CHECK(store.find("intermediate.dense.weight").value().shape() == Shape{10, 4});
  CHECK(store.find("output.dense.weight").value().shape() == Shape{4, 10});
  const Tensor x = numbers({5, 4}, device, "x");
  check_close(ffn(x).value(), linear(linear(x, ffn.inner.weight.value(), ffn.inner.bias.value(), UnaryOp::gelu),
                                     ffn.outer.weight.value(), ffn.outer.bias.value()));
}

TEST_CASE("modules: attention is softmax over the tokens of one's own segment") {
  const Device device = Device::from_environment();
  ParameterStore store(device);
  AttentionOptions options{.channels = 6, .heads = 2};
  options.memory_channels = 5;
  const MultiHeadAttention attention(Scope(store) / "self", options, spread);
  CHECK(store.find("self.key.weight").value().shape() == Shape{6, 5});
  CHECK(attention.scale == doctest::Approx(1 / std::sqrt(3.0)));
  const Segments queries({2, 3}, device), keys({4, 1}, device);
  const Tensor x = numbers({5, 6}, device, "x"), memory = numbers({5, 5}, device, "m");
  const Tensor out = attention(x, memory, queries, keys).value();
  CHECK(out.shape() == Shape{5, 6});
  for (int64_t b = 0; b < 2; ++b) {
    const Tensor own = x.slice(0, queries.begin(b), queries.end(b));
    const Tensor seen = memory.slice(0, keys.begin(b), keys.end(b));
    const auto heads = [](const Linear& l, const Tensor& t) {
      return linear(t, l.weight.value(), l.bias.value()).reshape({t.size(0), 2, 3}).permute({1, 0, 2});
    };
    const Tensor scores =
        scale(matmul(heads(attention.query, own), heads(attention.key, seen).transpose()), attention.scale);
    const Tensor mixed = matmul(softmax(scores), heads(attention.value, seen)).permute({1, 0, 2});
    check_close(out.slice(0, queries.begin(b), queries.end(b)), mixed.reshape({own.size(0), 6}));
  }
  check_close(
      attention.attend(attention.queries(x), attention.keys(memory), attention.values(memory), queries, keys).value(),
      out, 0);

  AttentionOptions causal{.channels = 6, .heads = 3, .head_size = 4, .scale = 1, .causal = true, .bias = false};
  const MultiHeadAttention t5(Scope(store) / "t5", causal, spread);
  CHECK(store.find("t5.query.weight").value().shape() == Shape{12, 6});
  CHECK_FALSE(t5.query.bias.defined());
  const Segments whole({5}, device), start({3}, device);
  check_close(t5(x, whole).value().slice(0, 0, 3), t5(x.slice(0, 0, 3), start).value());  // later tokens are not seen
  CHECK_THROWS_WITH_AS(MultiHeadAttention(Scope(store) / "odd", {.channels = 7, .heads = 2}, spread),
                       "odd: 7 channels do not make 2 heads", std::invalid_argument);
}

TEST_CASE("modules: a prefix stands before each text's keys, of one joined product and under a causal mask, too") {
  const Device device = Device::from_environment();
  ParameterStore store(device);
  AttentionOptions options{.channels = 6, .heads = 2, .causal = true, .joined = "c_attn"};
  const MultiHeadAttention self(Scope(store) / "attn", options, spread);
  options.takes_prefixes = false;
  const MultiHeadAttention cross(Scope(store) / "cross", options, spread);
  CHECK(cross.prefix_rows() == 0);
  REQUIRE(store.attention_prefixes().size() == 1);
  const Segments texts({3, 2}, device);
  const Variable x(numbers({5, 6}, device, "x"));
  const Tensor without = self(x, texts).value();
  AttentionPrefix& prefix = *store.attention_prefixes()[0];
  prefix.put_on(store, 2);
  CHECK(store.find("attn.prefix_values").value().shape() == Shape{2, 6});
  const Tensor out = self(x, texts).value();
  const MultiHeadAttention::Heads first = self.heads_of_prefix();
  for (int64_t b = 0; b < 2; ++b) {
    const MultiHeadAttention::Heads own = self.heads_of(slice(x, 0, texts.begin(b), texts.end(b)));
    const Tensor keys = concat(std::vector{first.keys.value(), own.keys.value()}, 0);
    const Tensor values = concat(std::vector{first.values.value(), own.values.value()}, 0);
    const int32_t length = texts.length(b);
    const Tensor alone = thaw::attention(own.queries.value(), keys, values, Segments({length}, device),
                                         Segments({length + 2}, device), {self.scale, true, {}, {}}, false)
                             .out;
    check_close(out.slice(0, texts.begin(b), texts.end(b)), alone.reshape({length, 6}));
  }
  take_off_adapters(store, prefix, [](const Parameter&) { return true; });
  check_close(self(x, texts).value(), without, 0);
}

TEST_CASE("dropout: acts in training alone, and takes a stream only then") {
  const Device device = Device::from_environment();
  ParameterStore store(device);
  const Scope s(store);
  const DropoutLayer half(s, 0.5), none(s, 0);
  const Tensor x = Tensor::full({100, 100}, 1, DType::f32, device), r = Tensor::full({100, 100}, 3, DType::f32, device);
  store.mode().random = RandomStreams(4);
  CHECK(half(x).value().same_view(x));
  CHECK(zeros_in(half(x, r).value()) == 0);
  CHECK(store.mode().random.position() == 0);

  store.mode().training = true;
  CHECK(none(x).value().same_view(x));
  CHECK(store.mode().random.position() == 0);
  const Tensor y = half(x).value();
  CHECK(store.mode().random.position() == 1);
  CHECK(zeros_in(y) == doctest::Approx(5000).epsilon(0.05));
  for (const float v : y.to_host<float>()) REQUIRE((v == 0 || v == 2));
  for (const float v : half(x, r).value().to_host<float>()) REQUIRE((v == 3 || v == 5));
  CHECK(half(x).value().to_host<float>() != y.to_host<float>());
  store.mode().random.set_position(0);
  CHECK(half(x).value().to_host<float>() == y.to_host<float>());
  CHECK_THROWS_WITH_AS(DropoutLayer(s / "a", 1), "a: dropout 1 is not in [0, 1)", std::invalid_argument);
}

TEST_CASE("frozen block: no dropout where nothing in or below a block is trained") {
  const Device device = Device::from_environment();
  ParameterStore store(device);
  struct Block {
    Scope scope;
    Linear dense;
    DropoutLayer dropout;
    Block(const Scope& s) : scope(s), dense(s / "dense", 4, 4, Init::ones()), dropout(s, 0.5) {}
    Variable operator()(const Variable& x) const {
      const FrozenBlock evaluation(scope, {x});
      return dropout(dense(x));
    }
  };
  const Block lower(Scope(store) / "layer" / 1),
      upper(Scope(store) / "layer" / 11);  // "layer.1" is not below "layer.11"
  const Tensor x = Tensor::full({50, 4}, 1, DType::f32, device);
  store.mode().training = true;
  FreezeMask::all_frozen().train("layer.11.*").apply(store);
  const Variable h = lower(x);
  CHECK(zeros_in(h.value()) == 0);
  CHECK(store.mode().random.position() == 0);
  CHECK(store.mode().training);
  CHECK(zeros_in(upper(h).value()) > 0);
  FreezeMask::all_frozen().train("layer.1.*").apply(store);
  const Variable tracked = lower(x);
  CHECK(zeros_in(tracked.value()) > 0);
  CHECK(zeros_in(upper(tracked).value()) > 0);  // frozen itself, but a gradient passes through
}

TEST_CASE("activations: the names of config.json") {
  CHECK(activation_named("gelu", "config.json: hidden_act") == UnaryOp::gelu);
  CHECK(activation_named("gelu_new", "c") == UnaryOp::gelu_tanh);
  CHECK(activation_named("gelu_pytorch_tanh", "c") == UnaryOp::gelu_tanh);
  CHECK(activation_named("swish", "c") == UnaryOp::silu);
  for (const auto& [name, op] : {std::pair{"tanh", UnaryOp::tanh},
                                 {"sigmoid", UnaryOp::sigmoid},
                                 {"relu", UnaryOp::relu},
                                 {"quick_gelu", UnaryOp::quick_gelu},
                                 {"silu", UnaryOp::silu},
                                 {"linear", UnaryOp::identity}})
    CHECK(activation_named(name, "c") == op);
  for (const char* own : {"gelu_tanh", "softplus", "exp"})
    CHECK_THROWS_AS(activation_named(own, "c"), std::runtime_error);
  CHECK_THROWS_WITH_AS(
      activation_named("gulp", "config.json: hidden_act"),
      doctest::Contains("config.json: hidden_act: activation \"gulp\" is not supported; there are gelu, "),
      std::runtime_error);
}
