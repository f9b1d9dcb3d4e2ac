// SPDX-License-Identifier: Apache-2.0
// Ways to the same result: instruction sets, libraries, numbers of threads, packed weights.
#include <cstring>

#include "backends/cpu/gemm.h"
#include "backends/cpu/kernels.h"
#include "backends/cpu/threads.h"
#include "tests/backends/cpu/both_devices.h"

using namespace thaw;
using test::normalized_error;
using test::random_tensor;

namespace {

// What a training step computes, small: every family of loops. Products are left out: libraries choose their own order
// of sums.
std::vector<float> all_loops() {
  const Device device = Device::open("cpu");
  const Tensor x = random_tensor({150, 75}, device, 1, -3, 3), w = random_tensor({75}, device, 2),
               b = random_tensor({75}, device, 3);
  const NormResult n = norm(x, x, w, b, {NormKind::layer, 1e-5, {0.1f, {1, 2}}}, true);
  const NormGradients ng = norm_backward(x, n, w, {NormKind::layer, 1e-5, {0.1f, {1, 2}}}, {true, true, true, true});
  const Segments segments({70, 0, 50, 30}, device);
  const Tensor heads = n.y.reshape({150, 3, 25});
  const Attention options{0.2, false, {0.1f, {4, 5}}, {}};
  const AttentionResult a = attention(heads, heads, heads, segments, segments, options, true);
  const AttentionGradients ag =
      attention_backward(heads, heads, heads, heads, a, segments, segments, options, {true, true, true, false});
  std::vector<int32_t> labels;
  for (int32_t t = 0; t < 150; ++t) labels.push_back(t % 75);
  const Indices targets(labels, device);
  const CrossEntropyResult c = cross_entropy(x, targets, {}, true);
  const Tensor table = Tensor::zeros({75, 75}, DType::f32, device);
  scatter_add_rows_(table, x, targets);
  std::vector<Tensor> results{n.y,
                              ng.x,
                              ng.weight,
                              ng.bias,
                              a.out,
                              ag.q,
                              ag.k,
                              ag.v,
                              c.losses,
                              cross_entropy_backward(x.slice(1, 0, 1).squeeze(1), x, c.lse, targets, {}),
                              table,
                              softmax(x),
                              sum_rows(x),
                              sum(x, {1}),
                              unary(UnaryOp::gelu, x),
                              unary_backward(UnaryOp::gelu, x, x),
                              x.transpose().contiguous(),
                              x.to(DType::bf16).to(DType::f32),
                              x.to(DType::f16).to(DType::f32),
                              uniform({1000}, {1, 2}, DType::f32, device),
                              dropout(x, {0.2f, {3, 4}})};
  results.push_back(sum_squares(results));
  std::vector<float> numbers;
  for (const Tensor& result : results) {
    const std::vector<float> host = result.to_host<float>();
    numbers.insert(numbers.end(), host.begin(), host.end());
  }
  return numbers;
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

}  // namespace

TEST_CASE("cpu: every instruction set that runs here computes the same") {
  const cpu::Kernels& chosen = cpu::kernels();
  cpu::use_kernels(*cpu::kernels_for("baseline"));
  const std::vector<float> wanted = all_loops();
  for (const char* isa : {"v3", "v4"}) {
    const cpu::Kernels* table = cpu::kernels_for(isa);
    if (!table) continue;
    cpu::use_kernels(*table);
    CHECK(std::string(table->isa) == isa);
    CHECK(normalized_error(all_loops(), wanted) < 1e-11);
  }
  cpu::use_kernels(chosen);
  CHECK(cpu::kernels_for("v9") == nullptr);
}

TEST_CASE("cpu: the loops give the same bits with any number of threads") {
  const int chosen = cpu::thread_count();
  cpu::set_thread_count(1);
  const std::vector<float> wanted = all_loops();
  for (const int threads : {2, 3, 7}) {
    cpu::set_thread_count(threads);
    CHECK(same_bits(all_loops(), wanted));
  }
  cpu::set_thread_count(chosen);
  CHECK(same_bits(all_loops(), all_loops()));
}

TEST_CASE("cpu: OpenBLAS and oneDNN agree on every kind of product") {
  const Device device = Device::open("cpu");
  const int chosen = cpu::thread_count();
  for (const int threads : {1, 2, 3}) {
    cpu::set_thread_count(threads);
    for (const int64_t batch : {1, 5})
      for (const bool turn_a : {false, true})
        for (const bool turn_b : {false, true})
          for (const bool accumulate : {false, true}) {
            const int64_t m = 67, n = 130, k = 45;
            const Tensor a = random_tensor({batch, m, k}, device, 1), b = random_tensor({batch, k, n}, device, 2),
                         bias = random_tensor({n}, device, 3);
            cpu::Gemm gemm;
            gemm.batch = batch;
            gemm.m = m;
            gemm.n = n;
            gemm.k = k;
            gemm.a = {a.view().as<float>(), turn_a ? 1 : k, turn_a ? m : 1, m * k};
            gemm.b = {b.view().as<float>(), turn_b ? 1 : n, turn_b ? k : 1, k * n};
            gemm.out_row = n;
            gemm.out_batch = m * n;
            gemm.scale = accumulate ? 0.25f : 1;
            gemm.accumulate = accumulate;
            gemm.bias = accumulate ? nullptr : bias.view().as<float>();
            const Tensor first = random_tensor({batch, m, n}, device, 4), second = first.clone();
            gemm.out = first.view().as<float>();
            REQUIRE(cpu::onednn_gemm(gemm));
            gemm.out = second.view().as<float>();
            REQUIRE(cpu::openblas_gemm(gemm));
            CHECK(normalized_error(first.to_host<float>(), second.to_host<float>()) < 1e-12);
          }
  }
  cpu::set_thread_count(chosen);
}

TEST_CASE("cpu: a packed weight follows its block: written, released") {
  const Device device = Device::open("cpu");
  const uint64_t before = cpu::packed_bytes();
  const Tensor x = random_tensor({70, 64}, device, 1);
  {
    const Tensor w = random_tensor({48, 64}, device, 2), other = random_tensor({48, 64}, device, 3);
    const auto product = [&](const Tensor& weight, bool constant) {
      return linear(x, weight, {}, UnaryOp::identity, nullptr, constant).to_host<float>();
    };
    CHECK(normalized_error(product(w, true), product(w, false)) < 1e-12);
    w.copy_from(other);
    CHECK(normalized_error(product(w, true), product(other, false)) < 1e-12);
    w.slice(0, 3, 4).fill_(2);
    CHECK(normalized_error(product(w, true), product(w.clone(), false)) < 1e-12);
  }
  CHECK(cpu::packed_bytes() == before);
}
