// SPDX-License-Identifier: Apache-2.0
// Linear and what is made of it, values and gradients, against plain compositions: both layouts, shared weights, joined
// queries, keys and values, gated feed-forward, and every subset of frozen inputs.
#include "nn/linear.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "nn/attention.h"
#include "nn/embedding.h"
#include "nn/feed_forward.h"
#include "tensor/counters.h"

using namespace thaw;

namespace {

const Init spread = Init::normal(0.5);

Tensor numbers(const Shape& shape, const std::string& name) {
  return Tensor::from_host(Init::normal(1).values(shape, 11, name), shape, Device::from_environment());
}

void check_close(const Tensor& got, const Tensor& expected, double tolerance = 1e-5) {
  REQUIRE(got.defined());
  REQUIRE(got.shape() == expected.shape());
  const std::vector<double> a = got.to_host<double>(), b = expected.to_host<double>();
  double worst = 0;
  for (size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(a[i] - b[i]));
  CHECK(worst <= tolerance);
}

// Sum of y times fixed numbers: every element of y has a gradient of its own.
void walk_back(const Variable& y) { backward(std::vector{y}, std::vector{numbers(y.shape(), "dy")}); }

Variable leaf(const Parameter& p) { return Variable::leaf(p.value().clone(), "expected " + p.name()); }
Tensor gradient(const Parameter& p) { return p.variable().grad(); }
void forget(const ParameterStore& store) {
  for (const Parameter& p : store.all()) p.variable().clear_grad();
}
uint64_t copies() { return counters().by_name["copy"]; }

}  // namespace

TEST_CASE("modules: linear in both layouts, with gradients") {
  ParameterStore store(Device::from_environment());
  const Scope s(store);
  const Linear by_rows(s / "rows", 4, 3, spread), by_columns(s / "columns", 4, 3, spread, true, WeightLayout::in_out);
  CHECK(by_rows.weight.value().shape() == Shape{3, 4});
  CHECK(by_columns.weight.value().shape() == Shape{4, 3});
  for (const Linear& product : {by_rows, by_columns}) {
    CHECK(product.in() == 4);
    CHECK(product.out() == 3);
    product.bias.value().copy_from(numbers({3}, "b"));
    const Variable x = Variable::leaf(numbers({2, 5, 4}, "x")), plain_x = Variable::leaf(numbers({2, 5, 4}, "x"));
    const Variable w = leaf(product.weight), b = leaf(product.bias);
    const Variable y = product(x, UnaryOp::tanh);
    const Variable matrix = product.layout == WeightLayout::out_in ? transpose(w) : w;
    const Variable expected = tanh(add(matmul(plain_x, matrix), b));
    check_close(y.value(), expected.value());
    walk_back(y);
    walk_back(expected);
    check_close(x.grad(), plain_x.grad());
    check_close(gradient(product.weight), w.grad());
    check_close(gradient(product.bias), b.grad());
  }
}

TEST_CASE("modules: a linear layer with a frozen subset gives the others the same bits, and the frozen nothing") {
  for (const WeightLayout layout : {WeightLayout::out_in, WeightLayout::in_out}) {
    ParameterStore store(Device::from_environment());
    const Linear product(Scope(store) / "dense", 4, 3, spread, true, layout);
    const auto gradients = [&](int frozen) {
      forget(store);
      const Tensor input = numbers({5, 4}, "x");
      const Variable x = frozen & 1 ? Variable(input) : Variable::leaf(input);
      frozen & 2 ? product.weight.freeze() : product.weight.train();
      frozen & 4 ? product.bias.freeze() : product.bias.train();
      const Variable y = product(x, UnaryOp::gelu);
      CHECK(y.tracked() == (frozen != 7));
      if (frozen != 7) walk_back(y);
      std::vector<std::vector<float>> found;
      for (const Variable& v : {x, product.weight.variable(), product.bias.variable()})
        found.push_back(v.tracked() ? v.grad().to_host<float>() : std::vector<float>());
      return found;
    };
    const auto all = gradients(0);
    for (int frozen = 1; frozen < 8; ++frozen) {
      const auto found = gradients(frozen);
      for (int i = 0; i < 3; ++i) CHECK(found[i] == (frozen >> i & 1 ? std::vector<float>() : all[i]));
    }
    // Rows of the stored matrix.
    product.weight.train_rows(1, 3);
    forget(store);
    walk_back(product(numbers({5, 4}, "x"), UnaryOp::gelu));
    const int64_t width = product.weight.value().size(1);
    const std::vector<float> rows(all[1].begin() + width, all[1].begin() + 3 * width);
    check_close(gradient(product.weight), Tensor::from_host(rows, {2, width}, store.device()));
  }
}

TEST_CASE("modules: a head by the embeddings' weight adds its gradient to theirs, and has a bias of its own") {
  ParameterStore store(Device::from_environment());
  const Scope s(store);
  const Embedding words(s / "words", 6, 4, spread);
  const Parameter bias = s.parameter("head.bias", {6}, spread);
  const Linear head(s / "head.decoder", words.weight, bias);
  CHECK(store.all().size() == 2);
  CHECK(head.weight.same(words.weight));
  CHECK(head.out() == 6);
  const Indices ids({5, 0, 5}, store.device());
  const Variable table = leaf(words.weight), b = leaf(bias);
  const Variable y = head(words(ids)), expected = linear(embedding(table, ids), table, b);
  check_close(y.value(), expected.value());
  walk_back(y);
  walk_back(expected);
  check_close(gradient(words.weight), table.grad());
  check_close(gradient(bias), b.grad());

  bias.freeze();
  forget(store);
  walk_back(head(words(ids)));
  check_close(gradient(words.weight), table.grad());
  bias.train();
  words.weight.freeze();
  walk_back(head(words(ids)));
  check_close(gradient(bias), b.grad());

  const Linear other(s / "other", s.parameter("matrix", {4, 6}, spread), {}, WeightLayout::in_out);
  check_close(other(words(ids)).value(), matmul(words(ids).value(), other.weight.value()));
}

TEST_CASE("modules: what does not fit a product is named") {
  ParameterStore store(Device::from_environment());
  const Scope s(store);
  const Linear dense(s / "layer.3.dense", 4, 3, spread), turned(s / "c_fc", 4, 3, spread, true, WeightLayout::in_out);
  CHECK_THROWS_WITH_AS(dense(numbers({2, 3}, "x")), "linear: input [2, 3] does not fit layer.3.dense.weight [3, 4]",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(turned(numbers({2, 3}, "x")), "linear: input [2, 3] does not fit c_fc.weight [4, 3]",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(Linear()(numbers({2, 3}, "x")), "linear: a product without a weight", std::invalid_argument);
  CHECK_THROWS_WITH_AS(Linear(s / "head", Parameter()), "head: the weight it shares is undefined",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(Linear(s / "head", dense.bias), "head: layer.3.dense.bias [3] is no matrix",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(Linear(s / "head", turned.weight, turned.bias),
                       "head: bias c_fc.bias [3] does not fit c_fc.weight [4, 3]", std::invalid_argument);
}

TEST_CASE("modules: attention by one product for queries, keys and values is attention by three") {
  ParameterStore store(Device::from_environment());
  const Scope s(store);
  AttentionOptions options{.channels = 6, .heads = 2, .causal = true, .layout = WeightLayout::in_out};
  const MultiHeadAttention three(s / "three", options, spread);
  options.joined = "c_attn";
  const MultiHeadAttention one(s / "one", options, spread);
  CHECK(store.find("one.c_attn.weight").value().shape() == Shape{6, 18});
  CHECK(store.find("one.c_attn.bias").value().shape() == Shape{18});
  CHECK(store.all().size() == 8);
  one.joined.bias.value().copy_from(numbers({18}, "b"));
  const std::vector<Linear> parts{three.query, three.key, three.value};
  for (int64_t i = 0; i < 3; ++i) {
    parts[i].weight.value().copy_from(one.joined.weight.value().slice(1, 6 * i, 6 * i + 6));
    parts[i].bias.value().copy_from(one.joined.bias.value().slice(0, 6 * i, 6 * i + 6));
  }
  const Segments segments({2, 3}, store.device());
  const Variable x = Variable::leaf(numbers({5, 6}, "x")), other_x = Variable::leaf(numbers({5, 6}, "x"));
  const uint64_t products = counters().matmuls, copied = copies();
  const Variable y = one(x, segments);
  CHECK(counters().matmuls - products == 1);
  CHECK(copies() == copied);
  const Variable expected = three(other_x, segments);
  check_close(y.value(), expected.value());
  walk_back(y);
  walk_back(expected);
  check_close(x.grad(), other_x.grad());
  const auto check_blocks = [&](bool weights) {
    for (int64_t i = 0; i < 3; ++i) {
      if (weights) check_close(gradient(one.joined.weight).slice(1, 6 * i, 6 * i + 6), gradient(parts[i].weight));
      check_close(gradient(one.joined.bias).slice(0, 6 * i, 6 * i + 6), gradient(parts[i].bias));
    }
  };
  check_blocks(true);

  // The bias alone.
  one.joined.weight.freeze();
  one.joined.bias.variable().clear_grad();
  const uint64_t before = counters().matmuls;
  walk_back(one(x.detach(), segments));
  CHECK(counters().matmuls - before == 1);
  check_blocks(false);
  one.joined.bias.freeze();
  CHECK_FALSE(one(x.detach(), segments).tracked());

  // [out, in] puts the blocks in rows.
  options.layout = WeightLayout::out_in;
  const MultiHeadAttention rows(s / "rows", options, spread);
  rows.joined.weight.value().copy_from(one.joined.weight.value().transpose());
  rows.joined.bias.value().copy_from(one.joined.bias.value());
  check_close(rows(x.detach(), segments).value(), y.value());
  const MultiHeadAttention::Heads h = rows.heads_of(x.detach());
  CHECK(h.keys.shape() == Shape{5, 2, 3});
  check_close(rows.attend(h.queries, h.keys, h.values, segments, segments).value(), y.value());

  CHECK_THROWS_WITH_AS(rows(x, x, segments, segments),
                       "attention: rows.c_attn.weight makes queries, keys and values in one product: they are not made "
                       "alone",
                       std::invalid_argument);
  options.memory_channels = 5;
  CHECK_THROWS_WITH_AS(MultiHeadAttention(s / "odd", options, spread),
                       "odd: queries, keys and values of one product have one input, not 6 and 5 channels",
                       std::invalid_argument);
}

TEST_CASE("modules: gated feed-forward multiplies what is activated by a second product") {
  for (const WeightLayout layout : {WeightLayout::out_in, WeightLayout::in_out}) {
    ParameterStore store(Device::from_environment());
    const Scope s(store);
    const FeedForwardOptions options{
        .channels = 4, .inner_channels = 10, .activation = UnaryOp::gelu_tanh, .bias = false, .layout = layout};
    const FeedForward ffn(s / "wi_0", s / "wi_1", s / "wo", options, spread);
    std::vector<std::string> names;
    for (const Parameter& p : store.all()) names.push_back(p.name());
    CHECK(names == std::vector<std::string>{"wi_0.weight", "wi_1.weight", "wo.weight"});
    const Variable x = Variable::leaf(numbers({5, 4}, "x")), plain_x = Variable::leaf(numbers({5, 4}, "x"));
    const std::vector<Variable> w{leaf(ffn.inner.weight), leaf(ffn.factor.weight), leaf(ffn.outer.weight)};
    const auto times = [&](const Variable& a, size_t i) {
      return matmul(a, layout == WeightLayout::out_in ? transpose(w[i]) : w[i]);
    };
    const Variable expected = times(mul(gelu_tanh(times(plain_x, 0)), times(plain_x, 1)), 2);
    const Variable y = ffn(x);
    check_close(y.value(), expected.value());
    walk_back(y);
    walk_back(expected);
    check_close(x.grad(), plain_x.grad());
    for (size_t i = 0; i < 3; ++i) check_close(gradient(store.all()[i]), w[i].grad());

    // Of the three only the gate is trained.
    forget(store);
    ffn.inner.weight.freeze();
    ffn.outer.weight.freeze();
    const uint64_t products = counters().matmuls;
    walk_back(ffn(x.detach()));
    CHECK(counters().matmuls - products == 5);  // three forward, through `wo`, the weight's
    check_close(gradient(ffn.factor.weight), w[1].grad());
  }
}

TEST_CASE("modules: dropout of a gated feed-forward acts on the product of both") {
  ParameterStore store(Device::from_environment());
  const Scope s(store);
  const FeedForwardOptions options{
      .channels = 1, .inner_channels = 64, .activation = UnaryOp::identity, .bias = false, .dropout = 0.5};
  const FeedForward ffn(s / "wi_0", s / "wi_1", s / "wo", options, Init::ones());
  store.mode().training = true;
  store.mode().random = RandomStreams(4);
  const std::vector<float> y = ffn(Tensor::full({8, 1}, 1, DType::f32, store.device())).value().to_host<float>();
  CHECK(store.mode().random.position() == 1);
  for (const float v : y) CHECK(std::fmod(v, 2.0f) == 0);  // each of the 64 terms is 0 or 2
  CHECK(std::count(y.begin(), y.end(), 64.0f) < 8);
}
