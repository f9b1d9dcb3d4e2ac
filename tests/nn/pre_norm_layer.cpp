// SPDX-License-Identifier: Apache-2.0
// Pre-norm layers against a plain composition, under each table of names, whole and of some rows.
#include "nn/pre_norm_layer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "nn/pre_norm_stack.h"
#include "tests/error_of.h"

using namespace thaw;

namespace {

const Init spread = Init::normal(0.5);

PreNormOptions small_options(bool causal = false) {
  return {.channels = 6, .inner_channels = 10, .heads = 2, .eps = 1e-5, .causal = causal};
}

Tensor numbers(const Shape& shape, Device device, const std::string& name) {
  return Tensor::from_host(Init::normal(1).values(shape, 11, name), shape, device);
}

void spread_out(const ParameterStore& store) {
  for (const Parameter& p : store.all())
    p.value().copy_from(numbers(p.value().shape(), store.device(), "of " + p.name()));
}

void check_close(const Tensor& got, const Tensor& expected, double tolerance) {
  REQUIRE(got.shape() == expected.shape());
  const auto a = got.to_host<double>(), b = expected.to_host<double>();
  double worst = 0, largest = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    worst = std::max(worst, std::abs(a[i] - b[i]));
    largest = std::max(largest, std::abs(b[i]));
  }
  CHECK(worst <= tolerance * largest);
}

Tensor normed(const LayerNorm& norm, const Tensor& x) {
  const Tensor centred = sub(x, mean(x, {1}, true));
  const Tensor rstd = unary(UnaryOp::rsqrt, affine(mean(unary(UnaryOp::square, centred), {1}, true), 1, norm.eps));
  return add(mul(mul(centred, rstd), norm.weight.value()), norm.bias.value());
}

Tensor product(const Linear& l, const Tensor& x, UnaryOp activation = UnaryOp::identity) {
  return linear(x, l.weight.value(), l.bias.defined() ? l.bias.value() : Tensor(), activation);
}

std::set<std::string> names_of(const PreNormNames& names) {
  ParameterStore store(Device::open("reference"));
  const PreNormLayer layer(Scope(store) / "layer.0", small_options(), names, spread);
  std::set<std::string> all;
  for (const Parameter& p : store.all()) all.insert(p.name().substr(std::string("layer.0.").size()));
  return all;
}

// With ".weight" and ".bias" behind each.
std::set<std::string> both(const std::vector<std::string>& paths) {
  std::set<std::string> all;
  for (const std::string& path : paths)
    for (const char* ending : {".weight", ".bias"}) all.insert(path + ending);
  return all;
}

}  // namespace

TEST_CASE("pre-norm layer: the names of each family's files") {
  CHECK(names_of(PreNormNames::vit()) ==
        both({"attention.attention.query", "attention.attention.key", "attention.attention.value",
              "attention.output.dense", "intermediate.dense", "output.dense", "layernorm_before", "layernorm_after"}));
  CHECK(names_of(PreNormNames::clip()) ==
        both({"self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj", "mlp.fc1", "mlp.fc2",
              "layer_norm1", "layer_norm2"}));
  std::set<std::string> whisper =
      both({"self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj", "fc1", "fc2",
            "self_attn_layer_norm", "final_layer_norm"});
  whisper.erase("self_attn.k_proj.bias");
  CHECK(names_of(PreNormNames::whisper()) == whisper);
}

TEST_CASE("pre-norm layer: adapters find each product by what it is for") {
  ParameterStore store(Device::open("reference"));
  const PreNormLayer layer(Scope(store), small_options(), PreNormNames::whisper(), spread);
  std::map<std::string, ProductRole> roles;
  for (const auto& product : store.products()) roles[product->path] = product->role;
  CHECK(roles == std::map<std::string, ProductRole>{{"self_attn.q_proj", ProductRole::query},
                                                    {"self_attn.k_proj", ProductRole::key},
                                                    {"self_attn.v_proj", ProductRole::value},
                                                    {"self_attn.out_proj", ProductRole::attention_output},
                                                    {"fc1", ProductRole::inner},
                                                    {"fc2", ProductRole::outer}});
}

TEST_CASE("pre-norm layer: the norm of what comes in, attention, the sum; its norm, two products, the sum") {
  const Device device = Device::from_environment();
  for (const PreNormNames& names : {PreNormNames::vit(), PreNormNames::whisper()}) {
    ParameterStore store(device);
    const PreNormLayer layer(Scope(store) / "layer", small_options(), names, spread);
    spread_out(store);
    const Segments segments({2, 3}, device);
    const Tensor x = numbers({5, 6}, device, "x");
    const Tensor n = normed(layer.attention_norm, x);
    const auto heads = [](const Linear& l, const Tensor& t) {
      return product(l, t).reshape({t.size(0), 2, 3}).permute({1, 0, 2});
    };
    std::vector<Tensor> contexts;
    for (int64_t b = 0; b < 2; ++b) {
      const Tensor own = n.slice(0, segments.begin(b), segments.end(b));
      const Tensor scores = scale(
          matmul(heads(layer.attention.query, own), heads(layer.attention.key, own).transpose()), 1 / std::sqrt(3.0));
      const Tensor mixed = matmul(softmax(scores), heads(layer.attention.value, own)).permute({1, 0, 2});
      contexts.push_back(mixed.reshape({own.size(0), 6}));
    }
    const Tensor a = add(x, product(layer.attention_output, concat(contexts, 0)));
    const Tensor fed = product(layer.feed_forward.outer,
                               product(layer.feed_forward.inner, normed(layer.feed_forward_norm, a), UnaryOp::gelu));
    check_close(layer(x, segments).value(), add(a, fed), 1e-5);
  }
}

TEST_CASE("pre-norm layer: some rows alone are those of all, with the same gradients; causal, only the last ones") {
  const Device device = Device::from_environment();
  const Segments segments({3, 1, 4}, device);
  for (const bool causal : {false, true}) {
    CAPTURE(causal);
    ParameterStore store(device);
    const PreNormStack stack(Scope(store) / "layers", 2, small_options(causal), PreNormNames::clip(), spread);
    spread_out(store);
    const std::vector<int32_t> wanted = causal ? std::vector<int32_t>{2, 3, 6, 7} : std::vector<int32_t>{0, 3, 4, 6};
    const Indices rows(wanted, device);
    const Segments of_each({1, 1, 2}, device);
    const Tensor dy = numbers({4, 6}, device, "dy");
    const auto run = [&](bool whole) {
      const Variable x = Variable::leaf(numbers({8, 6}, device, "x"));
      const Variable below = stack(x, segments, 0, 1);
      const Variable y =
          whole ? take_rows(stack(below, segments, 1, 2), rows) : stack.last_at_rows(below, segments, rows, of_each);
      backward(std::vector{y}, std::vector{dy});
      std::vector<Tensor> all{y.value(), x.grad()};
      for (const Parameter& p : store.all()) {
        all.push_back(p.variable().grad());
        p.variable().clear_grad();
      }
      return all;
    };
    const std::vector<Tensor> alone = run(false), whole = run(true);
    for (size_t i = 0; i < whole.size(); ++i) {
      CAPTURE(i);
      if (i >= 2 && store.all()[i - 2].name().ends_with("k_proj.bias")) continue;  // rounding: in theory it is 0
      check_close(alone[i], whole[i], 2e-5);
    }
    const auto others = [&](std::vector<int32_t> of, const Segments& each) {
      return error_of([&] {
        stack.last_at_rows(numbers({8, 6}, device, "x"), segments, Indices(std::move(of), device), each);
      });
    };
    CHECK(others({0, 3, 4, 6}, of_each) ==
          (causal ? "layers.1: a causal layer gives the last rows alone" : "no error"));
    CHECK(others({2, 3, 6}, of_each) == "layers.1: 3 rows of 3 sequences, of 4 and 3 it was said");
    CHECK(others({2, 3}, Segments({1, 1}, device)) == "layers.1: 2 rows of 3 sequences, of 2 and 2 it was said");
  }
}
