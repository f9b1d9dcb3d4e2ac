// SPDX-License-Identifier: Apache-2.0
// The optimizer steps of the contract and the sum of squares, against plain loops over several steps.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "tensor/ops.h"
#include "tests/array.h"
#include "tests/settings.h"

using namespace thaw;

namespace {

struct Case {
  double momentum;
  bool nesterov;
};

// Two parameters of odd sizes, one decayed and one not.
struct Parameters {
  std::vector<Array> values{random_array({7, 3}, 1), random_array({129}, 2)}, first{Array({7, 3}), Array({129})},
      second = first;
  std::vector<float> decay{0.125f, 0};

  std::vector<Array> gradients(int64_t step) const {
    return {random_array({7, 3}, 10 + static_cast<uint64_t>(step)),
            random_array({129}, 20 + static_cast<uint64_t>(step))};
  }
};

struct OnDevice {
  std::vector<Tensor> param, first, second;

  OnDevice(const Parameters& p, const Setting& s) {
    for (size_t i = 0; i < 2; ++i) {
      param.push_back(to_tensor(p.values[i], s.dtype, s.device));
      first.push_back(to_tensor(p.first[i], s.dtype, s.device));
      second.push_back(to_tensor(p.second[i], s.dtype, s.device));
    }
  }
  std::vector<OptimizerTensor> views(const std::vector<Tensor>& grad, const std::vector<float>& decay) const {
    std::vector<OptimizerTensor> list;
    for (size_t i = 0; i < 2; ++i)
      list.push_back({param[i].view(), grad[i].view(), first[i].view(), second[i].view(), decay[i]});
    return list;
  }
};

}  // namespace

TEST_CASE("optimizer steps: AdamW") {
  for (const Setting& s : settings()) {
    CAPTURE(s.name());
    Parameters p;
    const OnDevice device(p, s);
    AdamWArgs args;
    args.learning_rate = 0.01;
    args.beta2 = 0.98;
    args.eps = 1e-6;
    const Tensor grad_scale = Tensor::full({1}, 0.5, s.dtype, s.device);
    for (args.step = 1; args.step <= 4; ++args.step) {
      const double scale = args.step > 2 ? 0.5 : 1;
      args.grad_scale = args.step > 2 ? &grad_scale.view() : nullptr;
      const std::vector<Array> gradients = p.gradients(args.step);
      const std::vector<Tensor> on_device{to_tensor(gradients[0], s.dtype, s.device),
                                          to_tensor(gradients[1], s.dtype, s.device)};
      const std::vector<OptimizerTensor> views = device.views(on_device, p.decay);
      args.tensors = views;
      s.device.backend().adamw(args);
      for (size_t i = 0; i < 2; ++i)
        for (size_t j = 0; j < p.values[i].values.size(); ++j) {
          double &x = p.values[i].values[j], &m = p.first[i].values[j], &v = p.second[i].values[j];
          const double g = scale * gradients[i].values[j], t = static_cast<double>(args.step);
          x -= args.learning_rate * static_cast<double>(p.decay[i]) * x;
          m += (1 - args.beta1) * (g - m);
          v = args.beta2 * v + (1 - args.beta2) * g * g;
          x -= args.learning_rate / (1 - std::pow(args.beta1, t)) * m /
               (std::sqrt(v) / std::sqrt(1 - std::pow(args.beta2, t)) + args.eps);
        }
      for (size_t i = 0; i < 2; ++i) {
        CHECK(difference(device.param[i], p.values[i]) < s.tolerance(1e-6));
        CHECK(difference(device.first[i], p.first[i]) < s.tolerance(1e-6));
        CHECK(difference(device.second[i], p.second[i]) < s.tolerance(1e-6));
      }
    }
  }
}

TEST_CASE("optimizer steps: nothing is written if the guard is not finite") {
  for (const Setting& s : settings())
    for (const double number : {1.0, std::numeric_limits<double>::infinity(), std::nan("")}) {
      CAPTURE(s.name());
      CAPTURE(number);
      Parameters p;
      const OnDevice device(p, s);
      const std::vector<Array> gradients = p.gradients(1);
      const std::vector<Tensor> on_device{to_tensor(gradients[0], s.dtype, s.device),
                                          to_tensor(gradients[1], s.dtype, s.device)};
      const std::vector<OptimizerTensor> views = device.views(on_device, p.decay);
      const Tensor guard = Tensor::full({3}, number, s.dtype, s.device).slice(0, 1, 2);
      s.device.backend().adamw({views, 0.01, 0.9, 0.999, 1e-8, 1, nullptr, &guard.view()});
      s.device.backend().sgd({views, 0.01, 0.9, false, 1, nullptr, &guard.view()});
      for (size_t i = 0; i < 2; ++i) {
        CHECK((difference(device.param[i], p.values[i]) > 1e-3) == std::isfinite(number));
        CHECK((difference(device.first[i], p.first[i]) > 1e-3) == std::isfinite(number));
        CHECK((difference(device.second[i], p.second[i]) > 0) == std::isfinite(number));
        if (!std::isfinite(number)) CHECK(difference(device.param[i], p.values[i]) < s.tolerance(1e-6));
      }
    }
}

TEST_CASE("optimizer steps: SGD, momentum, Nesterov") {
  for (const Setting& s : settings())
    for (const Case& c : {Case{0, false}, Case{0.9, false}, Case{0.9, true}}) {
      CAPTURE(s.name());
      CAPTURE(c.momentum);
      CAPTURE(c.nesterov);
      Parameters p;
      const OnDevice device(p, s);
      SgdArgs args;
      args.learning_rate = 0.05;
      args.momentum = c.momentum;
      args.nesterov = c.nesterov;
      const Tensor grad_scale = Tensor::full({1}, 0.25, s.dtype, s.device);
      args.grad_scale = &grad_scale.view();
      for (args.step = 1; args.step <= 3; ++args.step) {
        const std::vector<Array> gradients = p.gradients(args.step);
        const std::vector<Tensor> on_device{to_tensor(gradients[0], s.dtype, s.device),
                                            to_tensor(gradients[1], s.dtype, s.device)};
        const std::vector<OptimizerTensor> views = device.views(on_device, p.decay);
        args.tensors = views;
        s.device.backend().sgd(args);
        for (size_t i = 0; i < 2; ++i)
          for (size_t j = 0; j < p.values[i].values.size(); ++j) {
            double &x = p.values[i].values[j], &buffer = p.first[i].values[j];
            const double g = 0.25 * gradients[i].values[j] + static_cast<double>(p.decay[i]) * x;
            buffer = args.step == 1 ? g : c.momentum * buffer + g;
            x -= args.learning_rate * (c.nesterov ? g + c.momentum * buffer : c.momentum != 0 ? buffer : g);
          }
        for (size_t i = 0; i < 2; ++i) CHECK(difference(device.param[i], p.values[i]) < s.tolerance(1e-6));
      }
    }
}

TEST_CASE("optimizer steps: the sum of squares of many tensors") {
  for (const Setting& s : settings()) {
    CAPTURE(s.name());
    const std::vector<Array> arrays{random_array({3, 5}, 1), random_array({1}, 2), random_array({1000, 3}, 3),
                                    Array({0, 4})};
    std::vector<Tensor> tensors;
    double want = 0;
    for (const Array& a : arrays) {
      tensors.push_back(to_tensor(a, s.dtype, s.device));
      for (const double x : a.values) want += x * x;
    }
    CHECK(std::fabs(sum_squares(tensors).item<double>() / want - 1) < s.tolerance(1e-6));
    tensors[0] = tensors[0].transpose();
    CHECK(std::fabs(sum_squares(tensors).item<double>() / want - 1) < s.tolerance(1e-6));
  }
}
