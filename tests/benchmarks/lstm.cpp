// SPDX-License-Identifier: Apache-2.0
// Time of an LSTM, forward alone and with the gradients of input and weights. Sequences have one length, or, ragged,
// evenly spread ones up to it.
//   benchmark_lstm [--device cpu] [--layers 3] [--hidden 384] [--sequences 16] [--length 64] [--ragged 0]
//                  [--layer-norm 0] [--rounds 10]
// lstm_peer.py runs it beside PyTorch's.
#include <cstdio>
#include <exception>

#include "nn/lstm.h"
#include "tests/benchmarks/measure.h"

namespace thaw::bench {
namespace {

void run(int argc, char** argv) {
  const auto number = [&](const char* name, const char* otherwise) {
    return std::stoll(option(argc, argv, name, otherwise));
  };
  const int64_t hidden = number("hidden", "384"), sequences = number("sequences", "16"),
                length = number("length", "64");
  const bool normed = number("layer-norm", "0") != 0;
  const Device device = Device::open(option(argc, argv, "device", "cpu"));
  ParameterStore store(device);
  const LstmOptions plain{.in = hidden, .hidden = hidden, .layers = number("layers", "3")};
  const Lstm lstm(Scope(store), normed ? LstmOptions::of_lu(hidden, hidden, plain.layers) : plain);
  std::vector<int32_t> lengths;
  for (int64_t i = 1; i <= sequences; ++i)
    lengths.push_back(
        static_cast<int32_t>(number("ragged", "0") != 0 ? (length * i + sequences - 1) / sequences : length));
  const Segments segments(lengths, device);
  const Shape shape{segments.total(), hidden};
  const Tensor rows = affine(uniform(shape, {7, 1}, DType::f32, device), 2, -1);
  const Tensor dy = affine(uniform(shape, {7, 2}, DType::f32, device), 2, -1);
  const Variable x = Variable::leaf(rows, "x");

  Timings forward, step;
  for (int64_t round = -1; round < number("rounds", "10"); ++round) {
    Timings warm_up;
    const auto timed = [&](Timings& timings, const auto& f) { (round < 0 ? warm_up : timings).run(f); };
    timed(forward, [&] {
      const NoGrad no_grad;
      lstm(rows, segments);
      device.backend().synchronize();
    });
    timed(step, [&] {
      backward(std::vector{lstm(x, segments)}, std::vector{dy});
      device.backend().synchronize();
    });
    x.clear_grad();
    for (const Parameter& parameter : store.all()) {
      parameter.variable().clear_grad();
      parameter.value().mark_written();  // as by an optimizer: no copy of a weight outlives a step
    }
  }
  const auto print = [](const char* what, const Times& times) {
    fmt::print("{}: min {:.3f} ms, median {:.3f} ms\n", what, 1e3 * times.least, 1e3 * times.middle);
  };
  print("forward", forward.times());
  print("forward and backward", step.times());
}

}  // namespace
}  // namespace thaw::bench

int main(int argc, char** argv) {
  try {
    thaw::bench::run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
