// SPDX-License-Identifier: Apache-2.0
// Computing on the cpu device leaves the settings of others as they were.
#include <doctest/doctest.h>
#include <omp.h>

#include <cfenv>
#include <clocale>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "backends/cpu/gemm.h"
#include "tensor/ops.h"

extern "C" {
int openblas_get_num_threads();
void openblas_set_num_threads(int threads);
extern char** environ;
}

using namespace thaw;

namespace {

// Everything that a library could have changed, in words.
std::vector<std::string> settings() {
  std::vector<std::string> all{std::setlocale(LC_ALL, nullptr), "rounding " + std::to_string(std::fegetround()),
                               "OpenMP " + std::to_string(omp_get_max_threads()),
                               "OpenMP dynamic " + std::to_string(omp_get_dynamic()),
                               "OpenBLAS " + std::to_string(openblas_get_num_threads())};
  volatile float denormal = 1e-38f;
  denormal = denormal / 16;
  all.push_back(denormal > 0 ? "denormals" : "no denormals");
  for (char** variable = environ; *variable; ++variable) all.push_back(*variable);
  for (int signal = 1; signal < NSIG; ++signal) {
    struct sigaction action {};
    if (sigaction(signal, nullptr, &action) == 0)
      all.push_back("signal " + std::to_string(signal) + (action.sa_handler == SIG_DFL ? " default" : " handled"));
  }
  return all;
}

void compute() {
  const Device device = Device::open("cpu");
  const Tensor x = Tensor::full({64, 64}, 0.5, DType::f32, device);
  CHECK(matmul(softmax(x), x).to_host<float>()[0] == doctest::Approx(0.5));
  std::vector<float> a(64 * 64, 1), b(64 * 64, 2), out(64 * 64);
  cpu::Gemm product;
  product.m = product.n = product.k = 64;
  product.a = {a.data(), 64, 1, 0};
  product.b = {b.data(), 64, 1, 0};
  product.out = out.data();
  product.out_row = 64;
  cpu::unchecked_openblas_gemm(product);
  CHECK(out[0] == 128);
}

}  // namespace

TEST_CASE("cpu: computing changes no setting of others") {
  const int threads = openblas_get_num_threads();
  openblas_set_num_threads(2);
  std::thread([] {
    omp_set_num_threads(3);
    const std::vector<std::string> before = settings();
    compute();
    CHECK(settings() == before);
  }).join();
  openblas_set_num_threads(threads);
}
